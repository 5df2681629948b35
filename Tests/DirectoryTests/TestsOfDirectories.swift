import AccessControl
import AccessModel
import LDAPDirectory
import TestSupport
import Testing

/// What suites about the test of a directory share.
protocol TestsOfDirectories {}

extension TestsOfDirectories {
    var stepsOnOneConnection: [String] {
        [
            "bind", "server", "users base", "groups base", "users", "groups", "attributes", "rules", "sample user",
            "changes",
        ]
    }

    func test(
        _ settings: DirectorySettings, password: String? = SlapdServer.password, login: String? = nil
    ) async -> [DirectoryCheckupStep] {
        await makeSource().test(settings, password: password, login: login)
    }

    func step(_ name: String, of steps: [DirectoryCheckupStep]) throws -> DirectoryCheckupStep {
        try #require(steps.first { $0.step == name }, "\(steps.map(\.step))")
    }

    /// A unit of slapd with people and with the group `ops` of the first two.
    func unit(
        _ name: String, people: Int = 3, on server: SlapdServer
    ) async throws -> (base: String, settings: DirectorySettings) {
        let base = try await TestServers.crowd(people, unit: name, on: server)
        try await server.apply(
            LDIF.entry(
                "cn=ops,\(base)",
                [
                    ("objectClass", "groupOfNames"), ("cn", "ops"), ("member", "uid=\(name)-1,\(base)"),
                    ("member", "uid=\(name)-2,\(base)"),
                ]))
        return (base, .slapd(server, base: base))
    }

    static func team(_ name: String) throws -> DirectorySettings.Feed {
        .team(organization: try AccountName("nd"), team: try TeamName(name))
    }

    /// Whatever has something against it says what to change, and whatever passed does not.
    func expectAdvice(_ steps: [DirectoryCheckupStep]) {
        for step in steps {
            let needsAdvice = step.outcome == .failed || step.outcome == .warning
            #expect((step.advice != nil) == needsAdvice, "\(step)")
            #expect(!step.saw.isEmpty)
            #expect(step.saw.hasPrefix("not tried: ") == (step.outcome == .skipped), "\(step)")
        }
    }
}
