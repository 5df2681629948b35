import AccessModel
import TestSupport
import Testing

/// What people have who are gone from a directory rests until a later reading agrees.
@Suite(.timeLimit(.minutes(5)))
struct RestingTests {
    private static let anna = "CN=anna,\(WindowsDirectory.users)"

    /// Anna maintains nerd-dinner/ops, which her group feeds, is a member of nerd-dinner/web by hand, has direct
    /// grants, a repository, a token and a robot with a token.
    private struct Company {
        let world: DirectoryWorld
        let token: String
        let robot: String

        static func run(_ body: (Company) async throws -> Void) async throws {
            try await DirectoryWorld.run({ $0["brake"] = DirectoryWorld.noBrake }) { world async throws in
                try world.addPeople(["anna", "bert"])
                #expect(try await world.sync().state == "applied")
                try await world.service.load([
                    .teamMember("nerd-dinner/web", "anna"), .repository("nerd-dinner/site"), .repository("anna/notes"),
                    .grant("anna", "nerd-dinner/site", .readWrite), .serviceAccount("anna+ci"),
                    .grant("bert", "anna/notes", .readOnly),
                ])
                let service = world.service
                let role = try await service.send(
                    "PUT", "/v1/orgs/nerd-dinner/teams/ops/members/anna", ["role": "maintainer"], as: "root")
                #expect(role.status == 200, "\(role.text)")
                let token = try await service.newToken(for: "anna", named: "laptop")
                let robot = try await service.post(
                    "/v1/users/anna/service-accounts/ci/tokens", ["name": "t"],
                    as: .basic(login: "anna", secret: "anna's password"))
                #expect(robot.status == 201, "\(robot.text)")
                try await body(
                    Company(
                        world: world, token: token, robot: robot.json["secret"]?.string ?? ""))
            }
        }

        /// Anna's entry is not to be seen, and the server says that all is well.
        func hide(_ isHidden: Bool = true) {
            guard isHidden else { return world.windows.onSearch = nil }
            world.windows.onSearch = { _ in .entries { entries in entries.removeAll { $0.dn == anna } } }
        }

        /// What her token and the robot's are answered.
        func statuses() async throws -> [Int] {
            var statuses: [Int] = []
            for secret in [token, robot] {
                statuses.append(try await world.service.get("/v1/users/me", as: .bearer(secret)).status)
            }
            return statuses
        }

        /// The lines of the export about Anna, but for her account.
        func holdings() async throws -> [String] {
            try await world.everything().split(separator: "\n").map(String.init)
                .filter { $0.contains("anna") && !$0.contains(#""kind":"user""#) }
        }
    }

    @Test func `who comes back before has everything again, tokens and roles included`() async throws {
        try await Company.run { company async throws in
            let before = try await company.world.everything()
            let alive = try await company.statuses()
            #expect(!alive.contains(401))
            company.hide()
            let run = try await company.world.sync(reading: "full")
            #expect(run.planned == ["remove-from-team anna", "deactivate anna"], "\(run)")
            #expect(try await company.statuses() == [401, 401])
            #expect(
                try await company.world.service.get("/v1/users/anna", as: "root").json["directory"]?["resting"] == true)

            company.world.service.clock.advance(by: .seconds(6 * 3_600 - 10))
            #expect(try await company.world.sync(reading: "full").planned == [])
            company.hide(false)
            let back = try await company.world.sync(reading: "full")
            #expect(back.planned == ["mark-back anna", "reactivate anna", "add-to-team anna"], "\(back)")
            #expect(try await company.world.everything() == before)
            #expect(try await company.statuses() == alive)
        }
    }

    @Test func `a later reading that agrees takes all but the repositories, also where nothing else has changed`()
        async throws
    {
        try await Company.run { company async throws in
            company.hide()
            #expect(try await company.world.sync(reading: "full").state == "applied")
            #expect(try await company.world.sync(reading: "full").planned == [])
            company.world.service.clock.advance(by: .seconds(6 * 3_600))
            let run = try await company.world.sync()
            #expect(run.planned == ["deprovision anna"], "\(run)")
            let left = try await company.holdings()
            #expect(left.count == 2 && left.allSatisfy { $0.contains("notes") }, "\(left)")
            #expect(try await company.world.sync().planned == [])

            company.hide(false)
            let back = try await company.world.sync(reading: "full")
            #expect(back.planned.contains("reactivate anna"))
            #expect(try await company.statuses() == [401, 401])
            let role = try await company.world.service.get("/v1/orgs/nerd-dinner/teams/ops/members", as: "root")
            #expect(role.items.first { $0["user"] == "anna" }?["role"] == "member", "\(role.text)")
        }
    }

    @Test func `who is back and disabled loses the tokens, and who is disabled keeps the role`() async throws {
        try await Company.run { company async throws in
            company.hide()
            _ = try await company.world.sync(reading: "full")
            company.hide(false)
            try company.world.windows.replace(Self.anna, "userAccountControl", ["514"])
            #expect(
                try await company.world.sync(reading: "full").planned == ["mark-back anna", "deactivate anna"])
            try company.world.windows.replace(Self.anna, "userAccountControl", ["512"])
            #expect(
                try await company.world.sync(reading: "full").planned == ["reactivate anna", "add-to-team anna"])
            #expect(try await company.statuses()[0] == 401)
            let members = try await company.world.service.get("/v1/orgs/nerd-dinner/teams/ops/members", as: "root")
            #expect(members.items.first { $0["user"] == "anna" }?["role"] == "maintainer", "\(members.text)")
        }
    }

    @Test func `who leaves the group and joins again is no maintainer any more`() async throws {
        try await Company.run { company async throws in
            let group = "CN=ops,\(WindowsDirectory.users)"
            try company.world.windows.removeMember(Self.anna, from: group)
            _ = try await company.world.sync(reading: "full")
            try company.world.windows.replace(Self.anna, "userAccountControl", ["514"])
            _ = try await company.world.sync(reading: "full")
            try company.world.windows.addMember(Self.anna, to: group)
            try company.world.windows.replace(Self.anna, "userAccountControl", ["512"])
            #expect(try await company.world.sync(reading: "full").planned.contains("reactivate anna"))
            let members = try await company.world.service.get("/v1/orgs/nerd-dinner/teams/ops/members", as: "root")
            #expect(members.items.first { $0["user"] == "anna" }?["role"] == "member", "\(members.text)")
        }
    }

    @Test func `an administrator who locks out who is gone takes the tokens`() async throws {
        try await Company.run { company async throws in
            company.hide()
            _ = try await company.world.sync(reading: "full")
            let path = "/v1/users/anna"
            #expect(try await company.world.service.send("PATCH", path, ["active": false], as: "root").status == 200)
            company.hide(false)
            #expect(try await company.world.sync(reading: "full").planned.contains("reactivate anna"))
            #expect(try await company.statuses()[0] == 401)
            #expect(try await company.holdings().contains { $0.contains("maintainer") })
        }
    }

    @Test func `unlinked, nothing waits for a directory, and the tokens are gone`() async throws {
        try await Company.run { company async throws in
            company.hide()
            _ = try await company.world.sync(reading: "full")
            let root = Credential("root")
            #expect(try await company.world.service.send("DELETE", "/v1/users/anna/directory", as: root).status == 200)
            #expect(
                try await company.world.service.send("PATCH", "/v1/users/anna", ["active": true], as: root).status
                    == 200)
            #expect(try await company.statuses()[0] == 401)
        }
    }
}
