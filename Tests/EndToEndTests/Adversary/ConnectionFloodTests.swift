import Foundation
import TestSupport
import Testing

/// Connections that say nothing, or too little, against a real server with few descriptors.
@Suite(.timeLimit(.minutes(5)))
struct ConnectionFloodTests {
    @Test func `connections beyond all limits that say nothing keep nobody out`() async throws {
        let limit = 600
        let server = try await PortreeveProcess.start(fileLimit: limit)
        let company = server.installation
        var silent: [RawConnection] = []
        for number in 0..<limit + 100 {
            silent.append(try RawConnection(port: company.port, from: "127.2.\(number / 50).\(number % 50 + 1)"))
        }
        // A client's connection from before them makes room first. It may be about to send something just then, which
        // clients repeat if it is safe to (RFC 9110, 9.2.2).
        try await poll(for: .seconds(30), "an answer") {
            do { return try await company.send("GET", "/healthz").status == 200 ? () : nil } catch { return nil }
        }
        // Everybody else works on, also where every request comes over a connection of its own.
        for number in 1...40 {
            let name = "org\(number)"
            let made = try await company.send("POST", "/v1/orgs", as: company.admin, json: #"{"name":"\#(name)"}"#)
            #expect(made.status == 201, "\(made.text)")
            let raw = try RawConnection(port: company.port)
            try raw.send("GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(raw.receive().hasPrefix("HTTP/1.1 200"))
        }
        let ended = silent.count { $0.hasEnded }
        #expect(ended >= limit + 100 - (limit - 128), "no more are open than there is room for")
        #expect(ended < limit, "and no more were closed than had to be")
        #expect(server.log.contains("connections were closed to make room"), "\(server.log)")
        silent = []
        try await server.remove()
    }

    @Test func `one address has its share, and others have theirs`() async throws {
        let server = try await PortreeveProcess.start(fileLimit: 1_024)
        let company = server.installation
        let greedy = try (0..<400).map { _ in try RawConnection(port: company.port, from: "127.3.0.1") }
        let other = try RawConnection(port: company.port, from: "127.3.0.2")
        try await poll(for: .seconds(30), "the connections beyond the share to end") {
            greedy.count { $0.hasEnded } == 400 - 256 ? () : nil
        }
        #expect(!other.hasEnded)
        try other.send("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(other.receive().hasPrefix("HTTP/1.1 200"))
        try await server.remove()
    }

    @Test(
        arguments: [
            ("no host", "GET /healthz HTTP/1.1\r\n\r\n", 400),
            ("two hosts", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("HTTP/1.0", "GET /healthz HTTP/1.0\r\n\r\n", 200),
            (
                "chunks that are none",
                "POST /token HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n", 400
            ),
            (
                "a chunk that ends elsewhere",
                "POST /registry/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer s\r\nTransfer-Encoding: chunked\r\n"
                    + "\r\n3\r\nabcZZZZ\r\n", 400
            ),
            (
                "two lengths",
                "POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400
            ),
            ("a length that is none", "POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\nabc", 400),
            ("a host that is none", "GET /healthz HTTP/1.1\r\nHost: a b/c\r\n\r\n", 400),
            ("another version", "GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n", 505),
            (
                "too many headers",
                "GET /healthz HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 200_000))\r\n\r\n", 431
            ),
            (
                "a coding that is not known",
                "POST /token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501
            ),
            ("no request", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n", 400),
            (
                "much after a refusal",
                "POST /v1/import HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n"
                    + "Content-Length: 400000000\r\n\r\n" + String(repeating: "x", count: 100_000), 401
            ),
        ])
    func `a request that is none gets its answer, and the connection ends`(
        what: String, request: String, status: Int
    ) async throws {
        let server = try await PortreeveProcess.start(
            try PortreeveInstallation(settings: ["PORTREEVE_REGISTRY_EVENTS_SECRET": "s"]))
        let raw = try RawConnection(port: server.installation.port)
        try raw.send(request)
        let answer = raw.receive()
        #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(what): \(answer)")
        #expect(answer.lowercased().contains("\r\ndate: "), "\(what): \(answer)")
        #expect(
            status == 200 || answer.contains("application/problem+json") || answer.contains("\"errors\""),
            "\(what): \(answer)")
        try await poll(for: .seconds(10), "the connection to end") { raw.hasEnded ? () : nil }
        try await server.remove()
    }
}
