import Foundation
import Server
import TestSupport
import Testing

@testable import portreeve

/// Every setting is in the file, in the environment, on the command line and in the runbook.
@Suite struct SettingsTests {
    static let keys = Server.Settings.keys.keys.sorted()

    @Test(arguments: keys)
    func `a setting has an option of its name`(key: String) throws {
        let isFlag = key == "allow-cleartext"
        let options = try SettingOptions.parse(["--\(key)"] + (isFlag ? [] : ["a value"]))
        #expect(options.overrides == [key: isFlag ? "true" : "a value"])
    }

    @Test(arguments: keys)
    func `a setting is read from the environment and from the file`(key: String) throws {
        let folder = try TemporaryFolder("settings")
        defer { folder.remove() }
        let file = folder.path("settings.yaml")
        // Not a value of any of them that looks at it: which says that it arrived.
        try "\(key): \"\\x01\"".write(toFile: file, atomically: true, encoding: .utf8)
        let variable = Server.Settings.variable(for: key)
        for (file, environment) in [(file, [:]), (nil, [variable: "\u{1}"])] as [(String?, [String: String])] {
            do {
                let loaded = try Server.Settings.load(file: file, overrides: [:], environment: environment)
                #expect(loaded.warnings == [])
            } catch {
                #expect("\(error)".contains(key) && !"\(error)".contains("no such setting"), "\(error)")
            }
        }
    }

    @Test(arguments: ["listen: [", "metrics.token: again", "listen: \"a", "a: b: c", "\t- x"])
    func `a file that is not YAML is refused without what is in it`(line: String) throws {
        let folder = try TemporaryFolder("settings")
        defer { folder.remove() }
        let file = folder.path("settings.yaml")
        try "metrics.token: TOPSECRET\n\(line)\n".write(toFile: file, atomically: true, encoding: .utf8)
        let error = #expect(throws: Server.ServerError.self) {
            try Server.Settings.load(file: file, overrides: [:], environment: [:])
        }
        let words = error.map { "\($0)" } ?? ""
        #expect(words.contains("line ") && !words.contains("TOPSECRET") && words.count < 300, "\(words)")
    }

    @Test(arguments: ["off", "\"off\"", "'off'", "no"])
    func `requests are not logged where YAML reads off as false`(value: String) throws {
        let folder = try TemporaryFolder("settings")
        defer { folder.remove() }
        let file = folder.path("settings.yaml")
        try "log.requests: \(value)\n".write(toFile: file, atomically: true, encoding: .utf8)
        let loaded = try Server.Settings.load(file: file, overrides: [:], environment: [:])
        #expect(loaded.settings.logRequests == .off)
    }

    @Test func `the settings file of the package has every setting`() throws {
        let lines = try String(contentsOfFile: Checkout.path("Packaging/portreeve.yaml"), encoding: .utf8)
            .split(separator: "\n")
        let found = lines.compactMap { line -> String? in
            let text = line.first == "#" ? line.dropFirst() : line
            guard let colon = text.firstIndex(of: ":"), text.first != " " else { return nil }
            return String(text[..<colon])
        }
        #expect(Self.keys.filter { key in found.count { $0 == key } != 1 } == [])
    }

    @Test func `no two settings have one variable, and none is the commands' own`() {
        let variables = Self.keys.map(Server.Settings.variable(for:))
        #expect(Set(variables).count == variables.count)
        #expect(Set(variables).isDisjoint(with: ClientVariable.allCases.map(\.rawValue)))
    }

    @Test func `the runbook has every setting and every variable`() throws {
        let text = try String(contentsOfFile: Checkout.path("Documentation/runbook.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        for key in Self.keys {
            let plain =
                key.hasSuffix("-file") && Self.keys.contains(String(key.dropLast(5))) ? String(key.dropLast(5)) : key
            let isThere = rows.contains { row in
                row.contains("`\(key)`") || key != plain && row.contains("`\(plain)`") && row.contains("…-file")
            }
            #expect(isThere, "add \(key) to the table of Documentation/runbook.md")
        }
        for variable in ClientVariable.allCases {
            #expect(text.contains("`\(variable.rawValue)`"), "add \(variable.rawValue) to Documentation/runbook.md")
        }
    }

    @Test(arguments: [
        "listen: 127.0.0.1:1\nlisten: 127.0.0.1:2", "tls.key: a\ntls:\n  key: b", "tls:\n  key: a\n  key: b",
        "colour: red", "tls:\n  colour: red", "- listen",
    ])
    func `a file with a setting twice, or one that is not there, is refused`(text: String) throws {
        let folder = try TemporaryFolder("settings")
        defer { folder.remove() }
        let file = folder.path("settings.yaml")
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(throws: Server.ServerError.self) {
            try Server.Settings.load(file: file, overrides: [:], environment: [:])
        }
    }

    @Test(arguments: [
        ("allow_cleartext: true", "is allow-cleartext meant?"), ("tls:\n  crtificate: a", "is tls.certificate meant?"),
        ("tls.cert: a", "is tls.certificate meant?"),
        ("registry: foo", "there are registry.ca-file, registry.events-secret"), ("- listen", "not a list of settings"),
        ("colour: red", "there is no such setting (in"),
        ("database: postgresql://portreeve@db.example.com/portreeve", "does not serve a database of a server"),
        ("database: POSTGRES://127.0.0.1/portreeve", "name a SQLite file"),
    ])
    func `a mistyped setting is told by what it may be`(text: String, words: String) throws {
        let folder = try TemporaryFolder("settings")
        defer { folder.remove() }
        let file = folder.path("settings.yaml")
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let error = #expect(throws: Server.ServerError.self) {
            try Server.Settings.load(file: file, overrides: [:], environment: [:])
        }
        #expect(error.map { "\($0)".contains(words) } == true, "\(error.map { "\($0)" } ?? "")")
    }
}
