import Foundation
import TestSupport
import Testing

/// Files that commands write, and secrets that others on the machine could read.
@Suite(.timeLimit(.minutes(5)))
struct FileTests {
    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `an export is for its owner only, also in the place of a file that was for all`() async throws {
        let company = try PortreeveInstallation()
        defer { company.remove() }
        try await company.run(["init", "--admin", "root", "--password-file", "-"], input: "a password\n").required()
        let file = company.folder.path("company.jsonl")
        for _ in 0..<2 {
            try await company.run(["export", file]).required()
            #expect(try mode(file) == 0o600)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text == (try await company.run(["export"]).required().output))
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        }
        // What is no file is written to, and a link is followed.
        let toOutput = try await company.run(["export", "/dev/stdout"]).required()
        #expect(toOutput.output.contains(#""kind":"user","name":"root""#) || toOutput.output.contains("root"))
        let link = company.folder.path("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
        try await company.run(["export", link]).required()
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file)
        #expect(try mode(file) == 0o600)
        let nowhere = try await company.run(["export", company.folder.path("none/company.jsonl")])
        #expect(nowhere.status == 2 && nowhere.errors.contains("cannot be written: No such file"), "\(nowhere.errors)")
        let left = try FileManager.default.contentsOfDirectory(atPath: company.folder.root)
        #expect(!left.contains { $0.hasSuffix(".new") })
    }

    @Test func `a backup over HTTP needs its folder, and one on the machine goes anywhere`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        let refused = try await company.ask(["backup", "copy.db"])
        #expect(refused.status != 0 && refused.errors.contains("set backup.directory"), "\(refused.errors)")
        let copy = company.folder.path("copy.db")
        try await company.run(["backup", copy]).required()
        #expect(try mode(copy) == 0o600)
        try await server.remove()
    }

    @Test func `a decision reader is made by command, shown, and no longer its owner's to manage`() async throws {
        let company = try PortreeveInstallation()
        defer { company.remove() }
        try await company.run(["init", "--admin", "root", "--password-file", "-"], input: "a password\n").required()
        try await company.makeUsers("olga")
        try await company.run(["org", "create", "acme"]).required()
        try await company.run(["org", "member", "add", "acme", "olga", "--role", "owner"]).required()
        try await company.run(["service-account", "create", "acme+reg", "--decision-reader"]).required()
        try await company.run(["service-account", "create", "acme+ci"]).required()
        for (name, isReader) in [("acme+reg", "yes"), ("acme+ci", "no")] {
            let shown = try await company.run(["service-account", "show", name]).required().output
            let line = shown.split(separator: "\n").first {
                $0.hasPrefix("DECISION READER") || $0.contains("Decision reader")
            }
            #expect(line?.lowercased().contains(isReader) == true, "\(shown)")
        }
        try await company.run(["service-account", "update", "acme+ci", "--decision-reader"]).required()
        for arguments in [
            ["token", "create", "acme+ci", "mine"], ["service-account", "update", "acme+reg", "--no-active"],
        ] {
            let refused = try await company.run(arguments + ["--as", "olga"])
            #expect(
                refused.status == 4 && refused.errors.contains("only system administrators manage it"), "\(refused)")
        }
        try await company.run(["service-account", "update", "acme+ci", "--no-decision-reader"]).required()
        let made = try await company.run(["service-account", "update", "acme+ci", "--no-active", "--as", "olga"])
        #expect(made.status == 0, "\(made)")
    }

    @Test func `a secret on the command line works, and is warned of`() async throws {
        let company = try PortreeveInstallation()
        defer { company.remove() }
        let direct = try await company.run(["serve", "--check-config", "--registry.events-secret", "a secret"])
        #expect(direct.status == 0 && direct.errors.contains("--registry.events-secret-file"), "\(direct.errors)")
        let fromInput = try await company.run(
            ["serve", "--check-config", "--registry.events-secret-file", "-"], input: "a secret\n")
        #expect(fromInput.status == 0 && fromInput.errors.isEmpty, "\(fromInput.errors)")
    }
}
