import Foundation
import TestSupport
import Testing

/// A disk that refuses to flush, and files that are taken away under a running service.
@Suite(.timeLimit(.minutes(5)))
struct StorageFaultTests {
    @Test func `a change that the disk refused is not certain, and nothing acknowledged is lost`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        let pid = try #require(server.pid)
        try await company.ask(["org", "create", "before"]).required()
        let tracer = try await ServerProcess.start(
            [
                "strace", "-f", "-qq", "-p", String(pid), "-e", "trace=fsync,fdatasync", "-e",
                "inject=fsync,fdatasync:error=EIO", "-o", company.folder.path("strace.log"),
            ], in: try TemporaryFolder("strace"))
        let refused = try await poll(for: .seconds(30), "a flush to be refused") {
            let name = "org\(Int.random(in: 1...1_000_000_000))"
            let answer = try await company.send("POST", "/v1/orgs", as: company.admin, json: #"{"name":"\#(name)"}"#)
            return answer.status == 201 ? nil : answer
        }
        #expect(refused.status == 500 && refused.text.contains("storage-uncertain"), "\(refused.text)")
        #expect(refused.text.contains("look it up"))
        #expect(try await company.send("GET", "/v1/orgs/before", as: company.admin).status == 200)
        try await tracer.stop()
        try await company.ask(["org", "create", "after"]).required()
        try await server.kill()
        try await server.restart()
        for name in ["before", "after"] {
            #expect(try await company.send("GET", "/v1/orgs/\(name)", as: company.admin).status == 200)
        }
        try await company.run(["verify"]).required()
        try await server.remove()
    }

    @Test(arguments: ["", "-wal"])
    func `a database that is taken away is noticed within a second, and nothing more is acknowledged`(
        suffix: String
    ) async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        try await company.ask(["org", "create", "acme"]).required()
        try FileManager.default.removeItem(atPath: company.database + suffix)
        let write = try await company.send("POST", "/v1/orgs", as: company.admin, json: #"{"name":"lost"}"#)
        #expect(write.status == 503 && write.text.contains("storage-replaced"), "\(write.text)")
        let ready = try await company.send("GET", "/readyz")
        #expect(ready.status == 503)
        try await poll(for: .seconds(3), "the log to say so") {
            server.log.contains("the database cannot be used") ? () : nil
        }
        // What is known is answered from memory.
        let check = try await company.send(
            "POST", "/access/v1/evaluation", as: company.admin,
            json: #"{"subject":{"type":"user","id":"admin"},"action":{"name":"pull"},"#
                + #""resource":{"type":"repository","id":"acme/web"}}"#)
        #expect(check.status == 200)
        try await server.kill()
        company.remove()
    }
}
