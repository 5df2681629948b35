import AccessModel
import Testing

struct GroupPatternTests {
    typealias Role = OrganizationMember.Role

    @Test(arguments: [
        ("", nil, "{org} once"),
        ("registry", nil, "{org} once"),
        ("registry-{team}", nil, "{org} once"),
        ("{org}-{org}", nil, "{org} once"),
        ("{org}-{team}-{team}", nil, "{team} at most once"),
        ("registry-{org}-{group}", nil, "{group} means nothing"),
        ("registry-{org}-{}", nil, "{} means nothing"),
        ("registry-{org}{team}", nil, "nothing between"),
        ("{team}{org}-registry", nil, "nothing between"),
        ("{org}", nil, "every group"),
        ("CN={org}", nil, "every group"),
        ("{org}{team}", nil, "every group"),
        ("registry-{org}-{team}", Role.member, "leave out the role"),
        ("registry-{org}-{team}", Role.owner, "leave out the role"),
        ("registry-{org", nil, "brace"),
        ("registry-{org}-{team", nil, "brace"),
        ("registry-{org}-}", nil, "brace"),
        ("registry-}-{org}", nil, "brace"),
        ("registry-{{org}", nil, "{"),
    ])
    func `what cannot be a pattern is refused with the reason`(_ text: String, _ role: Role?, _ reason: String) {
        do throws(GroupPattern.Failure) {
            let pattern = try GroupPattern(text, role: role)
            Issue.record("\(pattern) was accepted")
        } catch {
            #expect(error.reason.contains(reason))
        }
    }

    /// `acme/ops`, nil for no match, `refused`.
    static func match(_ pattern: String, _ name: String, role: Role? = nil) throws -> String? {
        switch try GroupPattern(pattern, role: role).match(name) {
        case .none: nil
        case .feed(let feed): feed.description
        case .refused: "refused"
        }
    }

    @Test(arguments: [
        ("registry-{org}-{team}", "registry-acme-ops", "acme/ops"),
        ("registry-{org}-{team}", "REGISTRY-Acme-OPS", "acme/ops"),
        ("Registry-{ORG}-{Team}", "registry-acme-ops", "acme/ops"),
        ("CN=registry-{org}-{team}", "registry-acme-ops", "acme/ops"),
        ("cn=registry-{org}-{team}", "registry-acme-ops", "acme/ops"),
        ("{team} of {org}", "Web.Ops of acme", "acme/web.ops"),
        ("{org}-{team}-members", "acme-ops-members", "acme/ops"),
        ("{org}-{team}", "a-b--c", "a/b--c"),
        ("registry-{org}", "registry-acme-ops", "the members of acme-ops"),
        // What merely contains the pattern.
        ("registry-{org}-{team}", "old registry-acme-ops", nil),
        ("registry-{org}-{team}", "cn=registry-acme-ops", nil),
        ("registry-{org}-{team}", "registry-acme", nil),
        ("registry-{org}-{team}", "registry-acme-", nil),
        ("registry-{org}", "registry-", nil),
        ("registry-{org}", "registry", nil),
        ("registry-{org}", "", nil),
        ("{org}-registry", "acme-registry-2", nil),
        ("{org}-registry", "-registry", nil),
        // Names that nobody can have.
        ("registry-{org}-{team}", "registry-a--b", "refused"),
        ("registry-{org}-{team}", "registry-acme-ops team", "refused"),
        ("registry-{org}-{team}", "registry-anonymous-ops", "refused"),
        ("registry-{org}", "registry-m\u{FC}nchen", "refused"),
        ("registry-{org}", "registry-" + String(repeating: "x", count: 101), "refused"),
        // Two readings, and several of which one is possible.
        ("registry-{org}-{team}", "registry-acme-web-ops", "refused"),
        ("registry-{org}-{team}", "registry-everyone-web-ops", "everyone-web/ops"),
    ])
    func `a group's name is read as the pattern says`(_ pattern: String, _ name: String, _ expected: String?) throws {
        #expect(try Self.match(pattern, name) == expected)
    }

    @Test(arguments: [
        (Role?.none, "the members of acme"), (.member, "the members of acme"), (.owner, "the owners of acme"),
    ])
    func `a pattern without a team gives its role in the organisation`(_ role: Role?, _ expected: String) throws {
        #expect(try Self.match("{org}-leads", "acme-leads", role: role) == expected)
        #expect(try !GroupPattern("{org}-leads", role: role).feedsTeams)
        #expect(try GroupPattern("{org}-{team}").feedsTeams)
    }

    @Test func `a name that splits in two ways is refused with both readings`() throws {
        guard case .refused(let reason) = try GroupPattern("{org}-{team}").match("acme-web-ops") else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("acme/web-ops") && reason.contains("acme-web/ops"))
    }

    @Test(arguments: UInt64(0)..<200)
    func `a name made from a pattern is read back as exactly that pair`(_ seed: UInt64) throws {
        var random = SyncPropertyTests.Random(state: seed)
        let (organization, team) = (Self.word(&random), Self.word(&random))
        let (first, separator, last) = (
            ["", "registry-", "G-"].randomElement(using: &random) ?? "",
            ["-", "--", "-of-", " "].randomElement(using: &random) ?? "",
            ["", "-rw", " group"].randomElement(using: &random) ?? ""
        )
        let isTeamFirst = random.chance(50)
        func fill(_ organization: String, _ team: String) -> String {
            first + (isTeamFirst ? team + separator + organization : organization + separator + team) + last
        }
        let name = fill(organization, team)
        let spelled = random.chance(50) ? name.uppercased() : name
        #expect(
            try GroupPattern(fill("{org}", "{team}")).match(spelled)
                == .feed(.team(organization: try AccountName(organization), team: try TeamName(team))))
        #expect(
            try GroupPattern("\(first)x-{org}", role: .owner).match("\(first)x-\(organization)")
                == .feed(.organization(try AccountName(organization), role: .owner)))
    }

    /// A name of one to three parts with anything between them but the separators of the test.
    private static func word(_ random: inout SyncPropertyTests.Random) -> String {
        (0...Int.random(in: 0...2, using: &random)).map { part in
            let joiner = part == 0 ? "" : [".", "_", "__"].randomElement(using: &random) ?? ""
            let length = Int.random(in: 1...4, using: &random)
            return joiner + String((0..<length).compactMap { _ in "abyz019".randomElement(using: &random) })
        }.joined()
    }
}
