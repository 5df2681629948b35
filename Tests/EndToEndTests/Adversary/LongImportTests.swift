import Foundation
import TestSupport
import Testing

/// What others can do while a large import holds the database, and what is left of one whose client has gone.
@Suite(.timeLimit(.minutes(5)))
struct LongImportTests {
    @Test func `others are answered while an import runs, and it leaves nothing when its client does`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        try await company.makeUsers("ann")
        let lines = (1...200_000).map { #"{"kind":"user","name":"user-\#($0)","full_name":"User number \#($0)"}"# }
            .joined(separator: "\n")
        let before = try await company.ask(["export"]).required().output
        let importer = try RawConnection(port: company.port)
        try importer.send(
            "POST /v1/import HTTP/1.1\r\nHost: a\r\nAuthorization: \(company.admin.header)\r\n"
                + "Content-Type: application/x-ndjson\r\nContent-Length: \(lines.utf8.count)\r\n\r\n" + lines)

        let begin = ContinuousClock.now
        let refused = try await poll(for: .seconds(60), "a write to meet the import") {
            let name = "org\(Int.random(in: 1...1_000_000_000))"
            let answer = try await company.send("POST", "/v1/orgs", as: company.admin, json: #"{"name":"\#(name)"}"#)
            return answer.status == 201 ? nil : answer
        }
        #expect(refused.status == 503 && refused.text.contains("storage-busy"), "\(refused.text)")
        #expect(refused.headers["retry-after"] == "5")
        #expect(!importer.hasEnded, "the import still runs")

        // docker login asks for a refresh token, and does without.
        let start = ContinuousClock.now
        let login = try await company.send(
            "GET", "/token?service=\(PortreeveInstallation.registryService)&offline_token=true&client_id=docker",
            as: .basic("ann", PortreeveInstallation.password(of: "ann")))
        #expect(login.status == 200 && login.text.contains("\"token\""), "\(login.text)")
        #expect(!login.text.contains("refresh_token"))
        #expect(ContinuousClock.now - start < .seconds(4), "a login does not wait for the import")
        #expect(try await company.send("GET", "/v1/orgs", as: company.admin).status == 200)

        importer.end()
        let made = try await poll(for: .seconds(20), "the database to be free") {
            let answer = try await company.send("POST", "/v1/orgs", as: company.admin, json: #"{"name":"free"}"#)
            return answer.status == 201 ? ContinuousClock.now : nil
        }
        #expect(made - begin < .seconds(120))
        let after = try await company.ask(["export"]).required().output
        #expect(!after.contains("user-1\""), "nothing is left of it")
        #expect(after.split(separator: "\n").count < before.split(separator: "\n").count + 100)
        let relogin = try await company.send(
            "GET", "/token?service=\(PortreeveInstallation.registryService)&offline_token=true&client_id=docker",
            as: .basic("ann", PortreeveInstallation.password(of: "ann")))
        #expect(relogin.text.contains("refresh_token"))
        try await company.run(["verify"]).required()
        try await server.remove()
    }
}
