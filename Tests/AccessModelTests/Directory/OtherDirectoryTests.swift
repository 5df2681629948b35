import AccessModel
import Testing

/// Members of groups who are people of another directory.
struct OtherDirectoryTests {
    static let dn = "CN=Doe\\, Otto,OU=Staff,DC=other,DC=example,DC=com"

    static func snapshot(_ ops: [String], owners: [String] = [], admins: [String] = []) -> DirectorySnapshot {
        Company.snapshot(
            ["anna"],
            [
                Company.group(Company.opsDN, ops), Company.group(Company.ownersDN, owners),
                Company.group(Company.adminsDN, admins),
            ])
    }

    static func world(isActive: Bool = true) throws -> SyncWorld {
        var world = try SyncWorld(rules: [
            Company.feedsOps(), Company.feedsOwners(), .init(group: Company.adminsDN, feeds: .systemAdmin),
        ])
        try world.addOther("otto", directory: "other", dn: dn, isActive: isActive)
        world.run(snapshot([]))
        return world
    }

    static let joins = ["join nerd-dinner as member: otto", "join nerd-dinner/ops: otto"]
    static let leaves = ["leave nerd-dinner/ops: otto", "leave nerd-dinner: otto"]

    @Test(arguments: [dn, dn.uppercased(), "cn = doe\\2c  otto , ou=staff,dc=other,dc=example,dc=com"])
    func `somebody whom another directory knows by that name is a member, and leaves with it`(_ name: String) throws {
        var world = try Self.world()
        let first = world.plan(Self.snapshot([name]))
        #expect(first.changes.map(\.summary) == Self.joins && first.notes.isEmpty)
        #expect(first.changes.last?.reason == "in \(Company.opsDN), which feeds nerd-dinner/ops")
        world.apply(first.changes)
        #expect(world.state.teamMembers.map(\.managedBy) == [Company.name])
        #expect(world.plan(Self.snapshot([name])).isEmpty)
        #expect(world.run(Self.snapshot([])) == Self.leaves)
        #expect(world.plan(Self.snapshot([])).isEmpty)
    }

    @Test(arguments: ["CN=Somebody,DC=other,DC=example,DC=com", "CN=otto,OU=People,DC=corp,DC=example,DC=com"])
    func `a name that no other directory knows joins nothing and is noted`(_ name: String) throws {
        var world = try Self.world()
        world.state.others[0].directory?.dn = Self.dn
        let plan = world.plan(Self.snapshot([name]))
        #expect(plan.isEmpty && plan.notes.map(\.kind) == [.unresolvedMembers] && plan.notes[0].text.contains(name))
    }

    @Test func `a local user is nobody's member by a name`() throws {
        var world = try Self.world()
        world.state.others[0].directory = nil
        #expect(world.plan(Self.snapshot([Self.dn])).isEmpty)
    }

    @Test func `while a group has a member whom nobody knows, only this directory's people leave it`() throws {
        var world = try Self.world()
        world.run(Self.snapshot([Self.dn, Company.dn("anna")], owners: [Self.dn]))
        let unknown = "CN=moved,DC=other,DC=example,DC=com"
        #expect(
            world.summaries(Self.snapshot([unknown], owners: [])) == [
                "leave nerd-dinner/ops: anna", "leave nerd-dinner: anna",
            ])
        #expect(
            world.summaries(Self.snapshot([], owners: [])) == [
                "leave nerd-dinner/ops: anna", "leave nerd-dinner/ops: otto", "leave nerd-dinner: anna",
                "leave nerd-dinner: otto",
            ])
    }

    @Test func `who administers the service is told by the person's own directory`() throws {
        var world = try Self.world()
        #expect(world.plan(Self.snapshot([], admins: [Self.dn])).isEmpty)
        world.state.others[0].isSystemAdmin = true
        #expect(world.plan(Self.snapshot([])).isEmpty, "nor is the right taken away")
    }

    @Test func `an account of another directory is never created, renamed, deactivated or deleted`() throws {
        var world = try Self.world()
        world.settings.deletesLeaversAfterDays = 1
        world.run(Self.snapshot([Self.dn]))
        world.state.others[0].directory?.goneSince = world.now
        world.pass(days: 10)
        #expect(world.plan(Self.snapshot([Self.dn])).isEmpty)
        #expect(world.run(Self.snapshot([])) == Self.leaves)
    }

    @Test func `somebody inactive is not added, and leaves the team for that reason`() throws {
        #expect(try Self.world(isActive: false).plan(Self.snapshot([Self.dn], owners: [Self.dn])).isEmpty)
        var world = try Self.world()
        world.run(Self.snapshot([Self.dn]))
        world.state.others[0].isActive = false
        let plan = world.plan(Self.snapshot([Self.dn]))
        #expect(plan.changes.map(\.summary) == ["leave nerd-dinner/ops: otto"])
        #expect(plan.changes.first?.reason.contains("inactive") == true)
        world.apply(plan.changes)
        world.state.others[0].isActive = true
        #expect(world.summaries(Self.snapshot([Self.dn])) == ["join nerd-dinner/ops: otto"])
    }

    @Test func `an incomplete reading adds them and removes nobody`() throws {
        var world = try Self.world()
        var half = Self.snapshot([Self.dn])
        half.groupsReading = Company.broken
        #expect(world.run(half) == Self.joins)
        half.groups[0].members = []
        #expect(world.plan(half).isEmpty)
    }

    @Test func `they become owners by a rule, and members where only the role is taken`() throws {
        var world = try Self.world()
        world.run(Self.snapshot([Self.dn], owners: [Company.dn("anna")]))
        #expect(
            world.run(Self.snapshot([Self.dn], owners: [Company.dn("anna"), Self.dn])) == ["own nerd-dinner: otto"])
        #expect(world.run(Self.snapshot([Self.dn], owners: [Company.dn("anna")])) == ["no owner of nerd-dinner: otto"])
    }

    @Test(arguments: [false, true])
    func `a name that a leaver left behind is the new person's`(_ isReversed: Bool) throws {
        var world = try Self.world()
        try world.addOther("otto2", directory: "other", dn: Self.dn.lowercased())
        world.state.others[0].isActive = false
        world.state.others[0].directory?.goneSince = world.now
        if isReversed { world.state.others.reverse() }
        #expect(
            world.summaries(Self.snapshot([Self.dn])) == [
                "join nerd-dinner as member: otto2", "join nerd-dinner/ops: otto2",
            ])
    }

    @Test(arguments: [false, true])
    func `a name that two accounts have stands for neither`(_ isReversed: Bool) throws {
        var world = try Self.world()
        try world.addOther("otto2", directory: "third", dn: Self.dn)
        if isReversed { world.state.others.reverse() }
        let plan = world.plan(Self.snapshot([Self.dn]))
        #expect(plan.changes.map(\.summary) == [])
        #expect(plan.notes.map(\.kind) == [.unresolvedMembers])
    }
}
