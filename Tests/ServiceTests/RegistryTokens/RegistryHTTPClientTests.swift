import AccessControl
import Hummingbird
import NIOCore
import RegistryHTTPClient
import Testing

/// What a registry may answer about what it holds, over a connection.
@Suite(.timeLimit(.minutes(1))) struct RegistryHTTPClientTests {
    /// Asks a server that answers every path under `/v2/` with `body`.
    private func ask<Answer: Sendable>(
        _ body: String, status: HTTPResponse.Status = .ok,
        _ question: @escaping @Sendable (RegistryHTTPClient) async throws -> Answer
    ) async throws -> Result<Answer, RegistryClientError> {
        let router = Router()
        router.get("v2/**") { _, _ in
            Response(
                status: status, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: body)))
        }
        let (ports, started) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                started.yield(channel.localAddress?.port ?? 0)
                started.finish()
            })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var port = 0
            for await number in ports { port = number }
            let client = RegistryHTTPClient(url: "http://127.0.0.1:\(port)", authorities: nil)
            let result: Result<Answer, RegistryClientError>
            do {
                result = .success(try await question(client))
            } catch let error as RegistryClientError {
                result = .failure(error)
            }
            try await client.shutdown()
            group.cancelAll()
            return result
        }
    }

    @Test(
        arguments: [
            (#"{"repositories":["a/b","c"]}"#, ["a/b", "c"]), (#"{"repositories":[]}"#, []),
            (#"{"repositories":null}"#, []),
            (#"{"more":1,"repositories":["a"]}"#, ["a"]),
        ] as [(String, [String])])
    func `a catalogue is what is listed`(body: String, names: [String]) async throws {
        #expect(try await ask(body) { try await $0.repositories("token") }.get() == names)
    }

    @Test(arguments: [
        (#"{"status":"ok"}"#, 200), ("{}", 200), (#"{"errors":[{"code":"X"}]}"#, 200), (#"{"repositories":5}"#, 200),
        ("[]", 200), ("null", 200), ("<html>", 200), (#"{"repositories":[]}"#, 404), (#"{"repositories":[]}"#, 500),
    ])
    func `what is no catalogue is not an empty one`(body: String, status: Int) async throws {
        let answer = try await ask(body, status: .init(code: status)) { try await $0.repositories("token") }
        #expect(throws: RegistryClientError.self) { try answer.get() }
    }

    @Test func `a repository may have no tags, and an answer without a list is none`() async throws {
        for (body, status) in [(#"{"name":"a","tags":null}"#, 200), (#"{"errors":[]}"#, 404)] {
            let answer = try await ask(body, status: .init(code: status)) { try await $0.tags(of: "a", "token") }
            #expect(try answer.get() == [])
        }
        let other = try await ask("{}") { try await $0.tags(of: "a", "token") }
        #expect(throws: RegistryClientError.self) { try other.get() }
    }
}
