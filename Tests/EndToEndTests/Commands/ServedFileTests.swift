import Foundation
import Glibc
import TestSupport
import Testing

/// Commands on the database file of a running service, and what keeps a service from starting.
@Suite(.timeLimit(.minutes(5)))
struct ServedFileTests {
    @Test func `the service sees within a second what a command writes to its file`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        try await company.run(["import", Checkout.path("Sample-Data/nerd-dinner.jsonl")]).required()
        try await company.makeUsers("elton")
        for (command, expected) in [("add", true), ("remove", false), ("add", true)] {
            try await company.run(["team", command, "nerd-dinner/ops", "elton"]).required()
            try await poll(for: .seconds(1), "the service to see it") {
                try await mayPush(at: company) == expected ? () : nil
            }
            let onFile = try await company.run(["check", "elton", "push", "nerd-dinner/nerd-dinner-web"])
            let atService = try await company.ask(["check", "elton", "push", "nerd-dinner/nerd-dinner-web"])
            #expect(onFile.status == (expected ? 0 : 1))
            #expect(atService.status == onFile.status && atService.output == onFile.output)
        }
        try await server.remove()
    }

    @Test func `a command sees on the file what was written to the service`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        try await company.ask(["org", "create", "acme"]).required()
        #expect(try await company.run(["org", "show", "acme"]).required().output.contains("acme"))
        try await company.run(["verify"]).required()
        try await company.ask(["verify"]).required()
        let exports = (try await company.run(["export"]).required(), try await company.ask(["export"]).required())
        #expect(exports.0.output == exports.1.output)
        try await server.remove()
    }

    @Test func `a password that is wrong at a service is refused and says what to do`() async throws {
        let server = try await PortreeveProcess.start()
        let outcome = try await server.installation.ask(["user", "list"], password: "a wrong password")
        #expect(outcome.status == 4, "\(outcome)")
        #expect(outcome.errors.contains("--login"), "\(outcome)")
        #expect(outcome.output.isEmpty)
        try await server.remove()
    }

    @Test func `a second service on the same file is refused`() async throws {
        let server = try await PortreeveProcess.start()
        let port = try Loopback.freePort()
        let outcome = try await server.installation.run(["serve", "--listen", "127.0.0.1:\(port)"])
        #expect(outcome.status == 3, "\(outcome)")
        #expect(outcome.errors.contains("another"), "\(outcome)")
        // Neither a kill nor an orderly end leaves anything that would keep the next one from starting.
        try await server.kill()
        try await server.restart()
        try await server.stop()
        try await server.restart()
        try await server.remove()
    }

    @Test func `a port that is in use is named`() async throws {
        let company = try PortreeveInstallation()
        defer { company.remove() }
        let other = try Loopback.listener("127.0.0.1", port: company.port)
        defer { close(other) }
        let outcome = try await company.run(["serve"])
        #expect(outcome.status == 3, "\(outcome)")
        #expect(outcome.errors.contains("port \(company.port) of 127.0.0.1 is in use"), "\(outcome)")
    }

    @Test func `the settings for the first administrator never touch an account that is there`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        try await server.stop()
        let outcome = try await company.run(
            ["serve", "--check-config"], environment: ["PORTREEVE_BOOTSTRAP_ADMIN_PASSWORD": "another-Secret-1"])
        #expect(outcome.status == 0, "\(outcome)")
        let process = try await ServerProcess.start(
            company.words(["serve"], ["PORTREEVE_BOOTSTRAP_ADMIN_PASSWORD": "another-Secret-1"]), in: company.folder)
        try await process.waitUntilReady { Loopback.accepts("127.0.0.1", port: company.port) }
        #expect(try await company.send("GET", "/v1/users/me", as: company.admin).status == 200)
        #expect(try await company.send("GET", "/v1/users/me", as: .basic("admin", "another-Secret-1")).status == 401)
        try await process.stop()
        company.remove()
    }

    struct BadSetting: Sendable, CustomTestStringConvertible {
        var arguments: [String] = []
        var file: String?
        var says: String
        var status: Int32 = 2
        var testDescription: String { file ?? arguments.joined(separator: " ") }
    }

    @Test(arguments: [
        BadSetting(file: "databse: x.db", says: "databse"),
        BadSetting(file: "bootstrap: {admin: {nmae: x}}", says: "bootstrap.admin.nmae"),
        BadSetting(file: "listen: [", says: "YAML"),
        BadSetting(arguments: ["--config", "missing.yaml"], says: "missing.yaml"),
        BadSetting(arguments: ["--listen", "8080"], says: "8080"),
        BadSetting(arguments: ["--listen", "127.0.0.1:99999"], says: "99999"),
        BadSetting(arguments: ["--listen", "0.0.0.0:8080"], says: "tls.certificate"),
        BadSetting(arguments: ["--lisen", "127.0.0.1:8080"], says: "--lisen"),
        BadSetting(arguments: ["--tls.certificate", "x.pem"], says: "tls.key"),
        BadSetting(
            arguments: ["--tls.certificate", "missing.pem", "--tls.key", "missing.key"],
            says: "there is no file missing.pem"),
        BadSetting(arguments: ["--registry.token-lifetime", "forever"], says: "forever"),
        BadSetting(arguments: ["--public-url", "registry.example.com"], says: "public-url"),
        BadSetting(arguments: ["--public-url", "https://example.com/?a=b"], says: "public-url"),
        BadSetting(arguments: ["--public-url", "https://example.com/#a"], says: "public-url"),
        BadSetting(arguments: ["--public-url", "https://ann:secret@example.com"], says: "public-url"),
        BadSetting(arguments: ["--public-url", "https://"], says: "public-url"),
        BadSetting(arguments: ["--public-url", "https://example.com//a"], says: "public-url"),
        BadSetting(arguments: ["--proxy.trusted", "10.0.0.0/99"], says: "10.0.0.0/99"),
        BadSetting(arguments: ["--log.level", "loud"], says: "loud"),
        BadSetting(arguments: ["--log.format", "xml"], says: "xml"),
        BadSetting(arguments: ["--database", "no/such/folder/x.db"], says: "no/such/folder", status: 3),
    ])
    func `a setting that cannot be used is named and nothing starts`(bad: BadSetting) async throws {
        let company = try PortreeveInstallation()
        defer { company.remove() }
        var arguments = bad.arguments
        if let file = bad.file { arguments += ["--config", try company.folder.write(file, to: "portreeve.yaml")] }
        let words = company.words(["serve"] + arguments).filter {
            // What the file or the command line says must not be covered by the environment.
            bad.file == nil || !$0.hasPrefix("PORTREEVE_LISTEN=")
        }
        let outcome = try await Program.run(words, in: company.folder.root)
        #expect(outcome.status == bad.status, "\(outcome)")
        #expect(outcome.errors.contains(bad.says), "\(outcome)")
        #expect(outcome.output.isEmpty)
    }

    @Test func `a folder that cannot be written is named`() async throws {
        let company = try PortreeveInstallation()
        defer { company.remove() }
        try await company.run(["migrate"]).required()
        try await Command.run(["chmod", "-R", "a+rX,a-w", company.folder.root])
        // Root may write everywhere, and so becomes somebody who may not.
        let nobody = getuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] : []
        for command in [["serve"], ["org", "create", "acme"], ["migrate"]] {
            let outcome = try await Program.run(nobody + company.words(command), in: "/")
            #expect(outcome.status == 3, "\(outcome)")
            #expect(outcome.errors.contains(company.folder.root), "\(outcome)")
        }
        try await Command.run(["chmod", "-R", "u+w", company.folder.root])
        try await company.run(["verify"]).required()
    }

    private func mayPush(at company: PortreeveInstallation) async throws -> Bool {
        struct Answer: Decodable { var decision: Bool }
        let question = """
            {"subject":{"type":"user","id":"elton"},"action":{"name":"push"},\
            "resource":{"type":"repository","id":"nerd-dinner/nerd-dinner-web"}}
            """
        return try await company.send("POST", "/access/v1/evaluation", as: company.admin, json: question)
            .decode(Answer.self).decision
    }
}
