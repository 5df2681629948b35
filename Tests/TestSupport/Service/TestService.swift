package import AccessControl
package import AccessModel
package import Foundation
package import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
package import Server
import Synchronization

/// The whole service on a file of its own, without sockets: requests pass the same router,
/// middleware and authentication as those from the network.
package final class TestService: Sendable {
    package let clock: TestClock
    package let assembly: Assembly
    package var service: AccessService { assembly.service }
    /// For files of the test's own; removed with the service.
    package let folder: TemporaryFolder
    private let responder: RouterResponder<APIContext>
    private let channels = Mutex<[String: NIOAsyncTestingChannel]>([:])
    private let tokens = Mutex<[String: String]>([:])
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private init(_ settings: [String: String], clock: TestClock, folder: TemporaryFolder) async throws {
        self.clock = clock
        self.folder = folder
        var overrides = settings
        overrides["database"] = folder.path("portreeve.db")
        overrides["backup.directory"] = overrides["backup.directory"] ?? folder.root
        let (settings, _) = try Settings.load(file: nil, overrides: overrides, environment: [:])
        assembly = try await Assembly.build(settings, createsDatabase: true, clock: clock.wall, logger: logger)
        responder = assembly.router(certificateEnd: { 2_000_000_000 }).buildResponder()
    }

    /// Runs `body` with a new service that holds what the lines say, and removes it afterwards.
    package static func run<Result>(
        _ lines: [SeedLine] = [], settings: [String: String] = [:], clock: TestClock = TestClock(),
        _ body: (TestService) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryFolder("service")
        defer { folder.remove() }
        let service = try await TestService(settings, clock: clock, folder: folder)
        do {
            try await service.load(lines)
            let result = try await body(service)
            await service.assembly.shutdown()
            return result
        } catch {
            await service.assembly.shutdown()
            throw error
        }
    }

    /// Runs `body` with the service as it is after a restart.
    package func restarted(_ body: (TestService) async throws -> Void) async throws {
        let other = try await TestService([:], clock: clock, folder: folder)
        do {
            try await body(other)
            await other.assembly.shutdown()
        } catch {
            await other.assembly.shutdown()
            throw error
        }
    }

    /// Imports lines as the service itself, which may everything.
    package func load(_ lines: [SeedLine]) async throws {
        guard !lines.isEmpty else { return }
        _ = try await service.transactions.perform(ImportLines(text: Data(try lines.text.utf8)), as: .service)
    }

    package func setPassword(of user: String, to password: String) async throws {
        _ = try await service.authentication.setPassword(
            of: AccountName(user), to: password, old: nil, as: .service, address: "test")
    }

    /// The secret of a new token.
    package func newToken(
        for user: String, named name: String = "test", expiresAt: Timestamp? = nil,
        may: [TokenRight<AccountName>] = []
    ) async throws -> String {
        try await service.authentication.createToken(
            of: .user(AccountName(user)), TokenTerms(name: name, expiresAt: expiresAt, may: may), as: .service
        ).value.secret
    }

    /// Every route there is.
    package var routes: RouteTable { RouteTable(of: assembly.router()) }

    /// Finds routes that overlap.
    package func validateRoutes() throws { try assembly.router().validate() }

    // MARK: Requests

    /// Sends a request.
    /// - Parameters:
    ///   - path: percent-encoded, with its query.
    ///   - body: sent with `Content-Type: application/json` unless a header says otherwise.
    ///   - address: where the request seems to come from.
    package func send(
        _ method: String, _ path: String, _ body: JSONValue? = nil, as credential: Credential = .anonymous,
        headers: [String: String] = [:], from address: String = "192.0.2.1"
    ) async throws -> TestAnswer {
        let bytes = try body.map { Data(try $0.text.utf8) }
        var headers = headers
        if body != nil && headers["Content-Type"] == nil { headers["Content-Type"] = "application/json" }
        return try await send(method, path, bytes: bytes ?? Data(), as: credential, headers: headers, from: address)
    }

    /// Sends a request with any bytes as its body.
    package func send(
        _ method: String, _ path: String, bytes: Data, as credential: Credential = .anonymous,
        headers: [String: String] = [:], from address: String = "192.0.2.1"
    ) async throws -> TestAnswer {
        var fields = HTTPFields()
        for (name, value) in headers {
            guard let name = HTTPField.Name(name) else { throw TestServiceError("\"\(name)\" is no header") }
            fields[name] = value
        }
        if let header = try await authorization(credential) { fields[.authorization] = header }
        guard let method = HTTPRequest.Method(method) else { throw TestServiceError("\"\(method)\" is no method") }
        let head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path, headerFields: fields)
        let request = Request(head: head, body: .init(buffer: ByteBuffer(bytes: bytes)))
        let source = ApplicationRequestContextSource(channel: try channel(from: address), logger: logger)
        let response = try await responder.respond(to: request, context: APIContext(source: source))
        let collector = BodyCollector()
        try await response.body.write(collector)
        let answer = TestAnswer(
            status: Int(response.status.code), headers: response.headers,
            body: Data(collector.bytes.readableBytesView))
        try APIDocument.shared.compare(answer, to: method.rawValue, path, sent: bytes)
        return answer
    }

    private func authorization(_ credential: Credential) async throws -> String? {
        switch credential {
        case .anonymous:
            return nil
        case .header(let value):
            return value
        case .bearer(let secret):
            return "Bearer \(secret)"
        case .basic(let login, let secret):
            return "Basic \(Data("\(login):\(secret)".utf8).base64EncodedString())"
        case .user(let name):
            if let known = tokens.withLock({ $0[name] }) { return "Bearer \(known)" }
            let secret = try await newToken(for: name)
            tokens.withLock { $0[name] = secret }
            return "Bearer \(secret)"
        }
    }

    private func channel(from address: String) throws -> NIOAsyncTestingChannel {
        try channels.withLock { channels in
            if let known = channels[address] { return known }
            let channel = NIOAsyncTestingChannel()
            channel.remoteAddress = try SocketAddress(ipAddress: address, port: 50_000)
            channels[address] = channel
            return channel
        }
    }

    // MARK: Short forms

    package func get(
        _ path: String, as credential: Credential = .anonymous, headers: [String: String] = [:]
    ) async throws -> TestAnswer {
        try await send("GET", path, as: credential, headers: headers)
    }

    package func post(
        _ path: String, _ body: JSONValue, as credential: Credential = .anonymous, headers: [String: String] = [:]
    ) async throws -> TestAnswer {
        try await send("POST", path, body, as: credential, headers: headers)
    }

    package func put(
        _ path: String, _ body: JSONValue, as credential: Credential = .anonymous, headers: [String: String] = [:]
    ) async throws -> TestAnswer {
        try await send("PUT", path, body, as: credential, headers: headers)
    }

    package func patch(
        _ path: String, _ body: JSONValue, as credential: Credential = .anonymous, headers: [String: String] = [:]
    ) async throws -> TestAnswer {
        try await send("PATCH", path, body, as: credential, headers: headers)
    }

    package func delete(
        _ path: String, as credential: Credential = .anonymous, headers: [String: String] = [:]
    ) async throws -> TestAnswer {
        try await send("DELETE", path, as: credential, headers: headers)
    }
}

package struct TestServiceError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// Takes a response's body as it is written.
private final class BodyCollector: ResponseBodyWriter {
    private(set) var bytes = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws { bytes.writeImmutableBuffer(buffer) }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
