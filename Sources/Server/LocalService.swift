public import AccessControl
import AccessModel
public import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The whole API on a database file, without sockets: commands on the file go through the same
/// handlers and use cases as requests to a server, and so give the same answers. Works beside a
/// running service, which sees what is written.
public struct LocalService: Sendable {
    private let assembly: Assembly
    private let responder: RouterResponder<APIContext>
    private let caller: Caller

    /// Acts as system administrator, logged as `local:` and the Unix user's name; with
    /// `actingAs` with that user's rights.
    public static func open(
        _ settings: Settings, actingAs user: String? = nil, createsDatabase: Bool = false
    ) async throws(ServerError) -> LocalService {
        let logger = Logger(label: "portreeve") { _ in LineLogHandler(format: .text, logLevel: .critical) }
        let assembly = try await Assembly.build(settings, createsDatabase: createsDatabase, logger: logger)
        var actor = Actor.local(NSUserName())
        if let user {
            guard let name = try? AccountName(user.lowercasedASCII),
                let id = assembly.service.transactions.published.current.accountID(named: name)
            else { throw .access(.notFound(kind: "user", name: user)) }
            actor = .user(id)
        }
        return LocalService(
            assembly: assembly, responder: assembly.router().buildResponder(),
            caller: Caller(actor: actor, proof: .file))
    }

    /// Answers a request as the server would.
    /// - Parameter path: percent-encoded, with its query.
    public func respond(
        method: String, path: String, headers: [(String, String)], body: Data?, progress: Progress = Progress()
    ) async throws -> (status: Int, headers: [(String, String)], body: Data) {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        guard body?.count ?? 0 <= 1 << 30 else {
            throw ServerError.access(.invalid(field: "file", value: nil, reason: "it is larger than 1 GiB: split it"))
        }
        let head = HTTPRequest(
            method: .init(method) ?? .get, scheme: "http", authority: "localhost", path: path, headerFields: fields)
        let request = Request(head: head, body: .init(buffer: ByteBuffer(bytes: body ?? Data())))
        let context = APIContext(localCaller: caller, progress: progress, logger: assembly.logger)
        let response = try await responder.respond(to: request, context: context)
        let collector = BodyCollector()
        try await response.body.write(collector)
        return (
            Int(response.status.code), response.headers.map { ($0.name.canonicalName, $0.value) },
            Data(buffer: collector.bytes)
        )
    }

    /// Makes the first administrator and returns the revision.
    public func makeFirstAdministrator(name: String, password: String) async throws(ServerError) -> Int64 {
        do throws(AccessError) {
            let account: AccountName
            do throws(NameError) { account = try AccountName(name) } catch {
                throw AccessError.invalid(field: "name", value: error.value, reason: error.reason)
            }
            let hash = try await assembly.service.authentication.hash(password)
            return try await assembly.service.transactions.perform(
                MakeFirstAdministrator(name: account, passwordHash: hash), as: caller
            ).revision
        } catch {
            throw .access(error)
        }
    }

    public func close() async { await assembly.shutdown() }
}

/// Takes a response's body as it is written.
private final class BodyCollector: ResponseBodyWriter {
    private(set) var bytes = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws { bytes.writeImmutableBuffer(buffer) }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
