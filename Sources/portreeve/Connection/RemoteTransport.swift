import AsyncHTTPClient
import Foundation

/// The API over HTTP.
struct RemoteTransport: APITransport {
    private let address: ServerAddress
    private let authorization: String?
    private let client: HTTPClient
    private let limit: Int

    var basePath: String { address.basePath }

    /// - Parameters:
    ///   - authorization: the value of the header of that name.
    ///   - authorities: a PEM file of authorities to trust beside those of the system.
    ///   - verifiesCertificate: false only for a question without secrets to this machine.
    ///   - limit: bytes of an answer.
    init(
        _ address: ServerAddress, authorization: String?, authorities: String?, verifiesCertificate: Bool = true,
        limit: Int = .max
    ) throws {
        self.limit = limit
        self.address = address
        self.authorization = authorization
        var configuration = HTTPClient.Configuration(
            certificateVerification: verifiesCertificate ? .fullVerification : .none)
        // A credential is for the service it was given for, and not for where that points.
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        // A refused connection is told at once, not tried again until the time is over.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let authorities {
            guard FileManager.default.isReadableFile(atPath: authorities) else {
                throw CommandFailure.input("the file of authorities \"\(authorities)\" cannot be read")
            }
            configuration.tlsConfiguration?.additionalTrustRoots = [.file(authorities)]
        }
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func send(_ request: APIRequest) async throws -> APIResponse {
        var outgoing = HTTPClientRequest(url: address.origin + address.basePath + request.path)
        outgoing.method = .init(rawValue: request.method)
        outgoing.headers.add(name: "Accept", value: "application/json, application/x-ndjson;q=0.9, */*;q=0.5")
        outgoing.headers.add(name: "User-Agent", value: "portreeve/\(Portreeve.version)")
        for (name, value) in request.headers { outgoing.headers.replaceOrAdd(name: name, value: value) }
        if let authorization { outgoing.headers.add(name: "Authorization", value: authorization) }
        if let body = request.body {
            outgoing.headers.add(name: "Content-Type", value: request.contentType)
            outgoing.body = .stream(
                BodyChunks(body: body, report: request.reportsBytes), length: .known(Int64(body.count)))
        }
        do {
            let response = try await client.execute(outgoing, timeout: .seconds(request.timeout))
            var body = Data()
            for try await chunk in response.body {
                guard body.count + chunk.readableBytes <= limit else {
                    throw CommandFailure.unreachable("the answer of \(address.origin) has no end: check the address")
                }
                body.append(contentsOf: chunk.readableBytesView)
            }
            let headers = response.headers.map { ($0.name.lowercased(), $0.value) }
            return APIResponse(
                status: Int(response.status.code),
                headers: Dictionary(headers, uniquingKeysWith: { $0 + ", " + $1 }), body: body)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure.unreachable("the service at \(address.origin) cannot be reached: \(Self.words(error))")
        }
    }

    func close() async {
        do {
            try await client.shutdown()
        } catch {
            Terminal.warn("the connection was not closed properly: \(error)")
        }
    }

    private static func words(_ error: any Error) -> String {
        switch error as? HTTPClientError {
        case .connectTimeout?: "there was no answer within ten seconds"
        case .deadlineExceeded?: "it did not answer in time"
        case .remoteConnectionClosed?: "it closed the connection"
        default: ConnectionErrorText.words("\(error)")
        }
    }
}

/// A body in pieces, so that its progress can be told.
private struct BodyChunks: AsyncSequence, Sendable {
    typealias Element = HTTPClientResponse.Body.Element

    let body: Data
    let report: (@Sendable (Int, Int) -> Void)?

    func makeAsyncIterator() -> Iterator { Iterator(chunks: self) }

    struct Iterator: AsyncIteratorProtocol {
        let chunks: BodyChunks
        var sent = 0

        mutating func next() async -> Element? {
            chunks.report?(sent, chunks.body.count)
            guard sent < chunks.body.count else { return nil }
            let end = Swift.min(sent + 262_144, chunks.body.count)
            let piece = chunks.body.dropFirst(sent).prefix(end - sent)
            sent = end
            return Element(bytes: piece)
        }
    }
}
