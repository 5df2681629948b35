import AccessModel
import Testing

/// Members that a person added to teams that the directory feeds.
struct LocalMemberTests {
    static let people = ["anna", "bert", "cleo"]

    static func snapshot(ops: [String], also: [String] = []) -> DirectorySnapshot {
        Company.snapshot(people, [Company.group(Company.opsDN, ops.map(Company.dn) + also)])
    }

    /// Anna is in `ops` by the directory; by hand are bert in `ops`, cleo in `ops` and `web`, a
    /// local user in both; cleo and the local user are members of the organisation by hand.
    static func world(_ setting: DirectorySettings.LocalMembers) throws -> SyncWorld {
        var world = try SyncWorld(rules: [Company.feedsOps()])
        world.settings.localMembers = setting
        world.run(snapshot(ops: ["anna"]))
        let local = try world.addOther("local")
        let (bert, cleo) = (try world.id("bert"), try world.id("cleo"))
        world.state.organizationMembers += [bert, cleo, local].map {
            .init(organization: Company.nerdDinner, user: $0, role: .member)
        }
        world.state.teamMembers += [
            .init(team: Company.ops, user: bert, role: .member),
            .init(team: Company.ops, user: cleo, role: .maintainer),
            .init(team: Company.web, user: cleo, role: .member),
            .init(team: Company.ops, user: local, role: .member),
            .init(team: Company.web, user: local, role: .maintainer),
        ]
        return world
    }

    @Test func `whom no group names leaves the fed team and nothing else`() throws {
        var world = try Self.world(.remove)
        let organization = world.state.organizationMembers
        let plan = world.plan(Self.snapshot(ops: ["anna", "cleo"]))
        #expect(plan.changes.map(\.summary) == ["leave nerd-dinner/ops: bert", "leave nerd-dinner/ops: local"])
        #expect(plan.changes.allSatisfy { $0.reason.contains("keeps no members that a person added") })
        #expect(plan.changes.map(\.person?.externalID) == ["id-bert", nil])
        world.apply(plan.changes)
        #expect(world.members(Company.ops) == ["new-id-anna", "new-id-cleo"])
        #expect(world.members(Company.web) == ["new-id-cleo", "other-local"], "no group feeds that team")
        #expect(world.state.organizationMembers == organization)
        #expect(world.plan(Self.snapshot(ops: ["anna", "cleo"])).isEmpty)
    }

    @Test func `whom a group names stays as the member that a person made`() throws {
        var world = try Self.world(.remove)
        world.run(Self.snapshot(ops: Self.people))
        let cleo = try world.id("cleo")
        #expect(world.state.teamMembers.contains(.init(team: Company.ops, user: cleo, role: .maintainer)))
    }

    @Test func `where local members are kept nobody leaves`() throws {
        #expect(try Self.world(.keep).plan(Self.snapshot(ops: ["anna"])).isEmpty)
        let emptied = try Self.world(.keep).summaries(Self.snapshot(ops: []))
        #expect(emptied == ["leave nerd-dinner/ops: anna", "leave nerd-dinner: anna"])
    }

    @Test func `from an incomplete reading nobody leaves`() throws {
        let world = try Self.world(.remove)
        var users = Self.snapshot(ops: [])
        users.usersReading = Company.broken
        var groups = Self.snapshot(ops: [])
        groups.groupsReading = Company.broken
        var members = Self.snapshot(ops: [])
        members.groups[0].membersReading = Company.broken
        for half in [users, groups, members, Company.snapshot(Self.people)] { #expect(world.plan(half).isEmpty) }
        #expect(world.summaries(Self.snapshot(ops: [])).count == 5)
    }

    @Test func `a membership that another directory made stays`() throws {
        var world = try Self.world(.remove)
        for index in world.state.teamMembers.indices where world.state.teamMembers[index].managedBy == nil {
            world.state.teamMembers[index].managedBy = "other"
        }
        #expect(world.plan(Self.snapshot(ops: ["anna"])).isEmpty)
    }

    @Test func `a local user leaves though a group has members whom nobody knows`() throws {
        let world = try Self.world(.remove)
        let after = Self.snapshot(ops: Self.people, also: ["CN=x,DC=elsewhere"])
        #expect(world.summaries(after) == ["leave nerd-dinner/ops: local"])
    }

    @Test func `who leaves a team by hand and one by a group leaves the organisation in the same plan`() throws {
        let groups = { (web: [String]) in
            [Company.group(Company.opsDN, []), Company.named("web", web)]
        }
        let web = DirectorySettings.Feed.team(organization: try AccountName("nerd-dinner"), team: try TeamName("web"))
        var world = try SyncWorld(rules: [Company.feedsOps(), .init(group: Company.groupDN("web"), feeds: web)])
        world.settings.localMembers = .remove
        world.run(Company.snapshot(["anna"], groups(["anna"])))
        world.state.teamMembers.append(.init(team: Company.ops, user: try world.id("anna"), role: .member))
        let after = Company.snapshot(["anna"], groups([]))
        #expect(
            world.run(after) == [
                "leave nerd-dinner/ops: anna", "leave nerd-dinner/web: anna", "leave nerd-dinner: anna",
            ])
        #expect(world.summaries(after) == [])
    }

    @Test func `somebody disabled leaves for that reason`() throws {
        let world = try Self.world(.remove)
        var after = Self.snapshot(ops: Self.people)
        after.users[1].inactiveReason = "disabled"
        let plan = world.plan(after)
        #expect(
            plan.changes.map(\.summary) == [
                "leave nerd-dinner/ops: bert", "leave nerd-dinner/ops: local", "deactivate bert",
            ])
        #expect(plan.changes.first?.reason == "inactive in the directory: disabled")
    }
}
