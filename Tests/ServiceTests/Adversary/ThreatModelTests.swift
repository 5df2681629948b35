import Foundation
import Testing

/// SECURITY.md names the tests that hold what it says.
@Suite struct ThreatModelTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")

    /// The names of all suites by their files, and of those in folders of attacks.
    private static func suites() throws -> (all: Set<String>, attacks: Set<String>) {
        let tests = root.appending(path: "Tests").standardizedFileURL
        let files = try FileManager.default.subpathsOfDirectory(atPath: tests.path).filter {
            $0.hasSuffix("Tests.swift")
        }
        func names(_ files: [String]) -> Set<String> {
            Set(files.map { URL(filePath: $0).deletingPathExtension().lastPathComponent })
        }
        return (names(files), names(files.filter { $0.contains("/Adversary/") }))
    }

    @Test func `every test that it names is there, and every attack is named`() throws {
        let text = try String(contentsOf: Self.root.appending(path: "SECURITY.md"), encoding: .utf8)
        let named = Set(text.matches(of: /`([A-Za-z]+Tests)`/).map { String($0.output.1) })
        let (all, attacks) = try Self.suites()
        #expect(named.subtracting(all).sorted() == [], "named, and not there")
        #expect(attacks.subtracting(named).subtracting(["ThreatModelTests"]).sorted() == [], "there, and not named")
    }
}
