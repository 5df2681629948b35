import AccessModel
import Foundation
import ReferenceModel
import TestSupport
import Testing

/// Every lie at every stage, read in every way: what a second look can show takes nothing from anybody, what none can
/// show is bounded by the brake, and the next true answer gives everything back.
@Suite(.timeLimit(.minutes(10)))
struct LieTableTests {
    private static let people = (0..<24).map { "p\($0)" }

    /// Two dozen people, in groups that patterns make into an organisation and a team, one of them nested, with roles,
    /// grants and tokens of their own.
    static func run(
        _ feed: Lie.Feed, noBrake: Bool, _ body: (DirectoryWorld) async throws -> Void
    ) async throws {
        try await DirectoryWorld.run({ settings in
            settings["rules"] = [["pattern": "registry-{org}-{team}"], ["pattern": "registry-{org}"]]
            if noBrake {
                settings["brake"] = [
                    "max_percent": 100, "max_team_percent": 100, "max_org_percent": 100, "max_additions_percent": 100,
                    "max_removals": 1_000,
                ]
            }
        }) { world async throws in
            world.windows.settings.grantsDirSync = feed != .updateNumbers
            if feed == .updateNumbers { world.windows.settings.supportedControls.removeAll { $0.hasSuffix("841") } }
            let dns = try people.map { try world.windows.addUser($0, [("mail", ["\($0)@example.com"])]) }
            let nested = try world.windows.addGroup("nested", members: Array(dns[4..<10]))
            _ = try world.windows.addGroup("registry-acme-ops", members: Array(dns[0..<4]) + [nested])
            let acme = try world.windows.addGroup("registry-acme", members: Array(dns[8..<20]))
            let number = try world.windows.sid(acme).split(separator: "-").last ?? ""
            try world.windows.replace(dns[22], "primaryGroupID", [String(number)])
            try world.windows.replace(dns[23], "userAccountControl", ["514"])
            #expect(try await world.sync().state == "applied")
            try await world.service.load([
                .repository("acme/site"), .grant("p3", "acme/site", .readWrite), .serviceAccount("p5+ci"),
                .grant("p20", "acme/site", .readOnly), .teamMember("acme/ops", "p19"),
            ])
            _ = try await world.service.newToken(for: "p3")
            let role = try await world.service.send(
                "PUT", "/v1/orgs/acme/teams/ops/members/p3", ["role": "maintainer"], as: "root")
            #expect(role.status == 200)
            // Something that has changed, for feeds to tell.
            _ = try await world.sync(reading: "full")
            try world.windows.replace(dns[3], "description", ["changed"])
            try world.windows.replace(nested, "description", ["changed"])
            try await body(world)
        }
    }

    /// What is in one export and not in the other.
    static func lost(_ before: String, _ after: String) -> [String] {
        let kept = Set(after.split(separator: "\n"))
        return before.split(separator: "\n").filter { !kept.contains($0) }.map(String.init)
    }

    @Test(arguments: Lie.all, Lie.Feed.allCases)
    func `what a second look can show takes nothing from anybody, brake or none`(
        _ lie: Lie, _ feed: Lie.Feed
    ) async throws {
        for stage in [Lie.Stage.searches, .once] {
            try await Self.run(feed, noBrake: true) { world async throws in
                let before = try await world.everything()
                world.windows.onSearch = lie.script(stage)
                let run = try await world.sync(reading: feed == .full ? "full" : nil)
                let after = try await world.everything()
                #expect(Self.lost(before, after) == [], "\(stage): \(run)")
                world.windows.onSearch = nil
                #expect(try await world.sync(reading: "full")["complete"] == true, "\(stage)")
                #expect(try await world.everything() == before, "\(stage)")
            }
        }
    }

    @Test(arguments: Lie.all, Lie.Feed.allCases)
    func `what no look can show is bounded by the brake, and the next true answer gives it back`(
        _ lie: Lie, _ feed: Lie.Feed
    ) async throws {
        try await Self.run(feed, noBrake: false) { world async throws in
            let before = try await world.everything()
            world.windows.onSearch = lie.script(.everything)
            let run = try await world.sync(reading: feed == .full ? "full" : nil)
            let after = try await world.everything()
            // Fewer than five from one team or organisation, or of all.
            #expect(Self.lost(before, after).count <= 6, "\(run)")
            world.windows.onSearch = nil
            #expect(try await world.sync(reading: "full")["complete"] == true)
            #expect(try await world.everything() == before)
        }
    }

    /// Whatever the server says with success: what is taken is what the truth takes.
    @Test(arguments: UInt64(0)..<20, Lie.Feed.allCases)
    func `any answers with success take only what is proven absent`(_ seed: UInt64, _ feed: Lie.Feed) async throws {
        try await Self.run(feed, noBrake: true) { world async throws in
            var random = SplitMix64(seed: seed)
            for _ in 0..<3 {
                try Self.change(world.windows, &random)
                let before = try await world.everything()
                let lie = Lie.random(seed: UInt64.random(in: 0 ..< .max, using: &random))
                world.windows.onSearch = lie.script(random.chance(percent: 50) ? .searches : .once)
                let run = try await world.sync(reading: feed == .full ? "full" : nil)
                let after = try await world.everything()
                world.windows.onSearch = nil
                #expect(try await world.sync(reading: "full")["complete"] == true)
                let truth = try await world.everything()
                let (lost, lostInTruth) = (Self.lost(before, after), Self.lost(before, truth))
                let wrong = Set(lost.map(Self.withoutProfile)).subtracting(lostInTruth.map(Self.withoutProfile))
                    .subtracting(after.split(separator: "\n").map { Self.withoutProfile(String($0)) })
                #expect(wrong == [], "\(run)")
            }
        }
    }

    /// A line of an export without what a person is called: a name that one entry does not show any more is cleared.
    private static func withoutProfile(_ line: String) -> String {
        line.replacing(/"(email|full_name)":("[^"]*"|null),/, with: "")
    }

    /// Something that happens in a directory.
    private static func change(_ windows: WindowsDirectory, _ random: inout SplitMix64) throws {
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let name = people.randomElement(using: &random) ?? ""
            let dn = "CN=\(name),\(WindowsDirectory.users)"
            let group = ["registry-acme", "registry-acme-ops", "nested"].randomElement(using: &random) ?? ""
            let groupDN = "CN=\(group),\(WindowsDirectory.users)"
            switch Int.random(in: 0...4, using: &random) {
            case 0: try windows.replace(dn, "userAccountControl", [random.chance(percent: 50) ? "514" : "512"])
            case 1, 2:
                let isMember = try windows.texts(of: "member", at: groupDN).contains(dn)
                if isMember {
                    try windows.removeMember(dn, from: groupDN)
                } else {
                    try windows.addMember(dn, to: groupDN)
                }
            case 3: try windows.replace(dn, "description", ["\(UInt64.random(in: 0...9, using: &random))"])
            default: try windows.replace(groupDN, "description", ["\(UInt64.random(in: 0...9, using: &random))"])
            }
        }
    }
}
