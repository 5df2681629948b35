import AccessModel
import Testing

/// Organisations and teams that patterns make of the names of groups.
struct PatternPlanTests {
    static let acme = AccountID(rawValue: "org-acme")
    static let acmeOps = TeamID(rawValue: "team-acme/ops")

    /// `acme/ops` with anna and bert, made by a pattern.
    static func made() throws -> SyncWorld {
        var world = try SyncWorld(patterns: ["registry-{org}-{team}"])
        world.run(before)
        return world
    }

    static let before = Company.snapshot(["anna", "bert"], [Company.named("registry-acme-ops", ["anna", "bert"])])

    @Test func `a first run makes the organisation and the team with the reason, then their members`() throws {
        var world = try SyncWorld(patterns: ["registry-{org}-{team}"])
        let plan = world.plan(Self.before)
        #expect(
            plan.changes.map(\.summary) == [
                "create anna", "create bert", "make acme", "make acme/ops", "join acme as member: anna",
                "join acme as member: bert", "join acme/ops: anna", "join acme/ops: bert",
            ])
        let reasons = plan.changes.filter { $0.person == nil }.map(\.reason)
        #expect(reasons == Array(repeating: "for the group \(Company.groupDN("registry-acme-ops"))", count: 2))
        #expect(plan.notes.isEmpty)
        world.apply(plan.changes)
        #expect(world.plan(Self.before) == SyncPlan(directory: Company.name, changes: [], notes: []))
        #expect(world.state.managedOrganizations == [Self.acme] && world.state.teams.last?.managedBy == Company.name)
    }

    @Test func `a second group adds its team to the organisation that the directory made`() throws {
        let world = try Self.made()
        let after = Company.snapshot(
            ["anna", "bert"], Self.before.groups + [Company.named("registry-acme-web", ["anna"])])
        #expect(world.summaries(after) == ["make acme/web", "join acme/web: anna"])
    }

    @Test func `two groups of one name in different places feed one team`() throws {
        var world = try SyncWorld(patterns: ["registry-{org}-{team}"])
        let elsewhere = Company.group("CN=Registry-Acme-Ops,OU=Other,DC=corp,DC=example,DC=com", [Company.dn("bert")])
        let groups = [Company.named("registry-acme-ops", ["anna"]), elsewhere]
        let summaries = world.run(Company.snapshot(["anna", "bert"], groups))
        #expect(summaries.filter { $0.hasPrefix("make") } == ["make acme", "make acme/ops"])
        #expect(summaries.filter { $0.hasPrefix("join acme/ops") }.count == 2)
    }

    @Test func `who leaves the group leaves the team and the organisation`() throws {
        let world = try Self.made()
        let after = Company.snapshot(["anna", "bert"], [Company.named("registry-acme-ops", ["bert"])])
        #expect(world.summaries(after) == ["leave acme/ops: anna", "leave acme: anna"])
    }

    @Test func `an organisation that a person made is left alone and noted`() throws {
        for group in ["registry-nerd-dinner", "registry-nerd-dinner-ops"] {
            let world = try SyncWorld(patterns: group.hasSuffix("ops") ? ["registry-{org}-ops"] : ["registry-{org}"])
            let plan = world.plan(Company.snapshot(["anna"], [Company.named(group, ["anna"])]))
            #expect(plan.changes.map(\.summary) == ["create anna"])
            #expect(plan.notes.map(\.kind) == [.missingTarget] && plan.notes[0].subject == "nerd-dinner")
        }
    }

    @Test(arguments: [nil, "other"])
    func `a team that a person or another directory made is left alone and noted`(_ maker: String?) throws {
        var world = try Self.made()
        let web = TeamID(rawValue: "team-by-hand")
        world.state.teams.append(
            Team(id: web, organization: Self.acme, name: try TeamName("web"), managedBy: maker))
        let after = Company.snapshot(
            ["anna", "bert"], Self.before.groups + [Company.named("registry-acme-web", ["anna"])])
        let plan = world.plan(after)
        #expect(plan.isEmpty)
        #expect(plan.notes.map(\.kind) == [.missingTarget] && plan.notes[0].subject == "acme/web")
    }

    @Test func `a rule feeds what a pattern leaves alone`() throws {
        var world = try SyncWorld(rules: [Company.feedsOps()], patterns: ["{org}.{team}"])
        let groups = [Company.named("nerd-dinner.ops", ["bert"]), Company.group(Company.opsDN, [Company.dn("anna")])]
        world.run(Company.snapshot(["anna", "bert"], groups))
        #expect(world.members(Company.ops) == ["new-id-anna"])
    }

    @Test(arguments: [DirectoryState.NameHolder.localUser, .directory("other"), .retired])
    func `a name that a user holds is refused and noted`(_ holder: DirectoryState.NameHolder) throws {
        var world = try SyncWorld(patterns: ["registry-{org}-{team}"])
        world.state.takenNames[try AccountName("acme")] = holder
        let plan = world.plan(Self.before)
        #expect(plan.changes.map(\.summary) == ["create anna", "create bert"])
        #expect(plan.notes.map(\.kind) == [.refusedGroup] && plan.notes[0].text.contains("\(holder)"))
    }

    @Test func `a name that the same plan gives to a person is refused to an organisation`() throws {
        var world = try SyncWorld(patterns: ["registry-{org}"])
        let snapshot = Company.snapshot(["acme"], [Company.named("registry-acme", ["acme"])])
        let first = world.plan(snapshot)
        #expect(first.changes.map(\.summary) == ["create acme"] && first.notes.map(\.kind) == [.refusedGroup])
        world.apply(first.changes)
        #expect(world.plan(snapshot) == SyncPlan(directory: Company.name, changes: [], notes: first.notes))
    }

    @Test func `a group that vanished freezes its team and the departures from its organisation`() throws {
        var world = try Self.made()
        let both = Company.snapshot(
            ["anna", "bert"],
            [Company.named("registry-acme-ops", ["anna"]), Company.named("registry-acme-web", ["bert"])])
        world.run(both)
        var after = both
        after.groups.removeFirst()
        after.groups[0].members = []
        let plan = world.plan(after)
        #expect(
            plan.changes.map(\.summary) == ["leave acme/web: bert"], "acme may be bert's by the group that vanished")
        #expect(plan.notes.map(\.kind) == [.missingGroup] && plan.notes[0].subject == "acme/ops")
        #expect(world.summaries(Company.snapshot(["anna", "bert"])).isEmpty, "the last group of all")
    }

    @Test func `an organisation whose own group vanished loses nobody, and says so`() throws {
        var world = try SyncWorld(patterns: ["registry-{org}"])
        world.run(Company.snapshot(["anna"], [Company.named("registry-acme", ["anna"])]))
        let plan = world.plan(Company.snapshot(["anna"]))
        #expect(plan.changes.map(\.summary) == [])
        #expect(plan.notes.map(\.kind) == [.missingGroup] && plan.notes.first?.subject == "acme")
        let emptied = world.summaries(Company.snapshot(["anna"], [Company.named("registry-acme")]))
        #expect(emptied == ["leave acme: anna"], "an emptied group is no missing group")
    }

    @Test func `owners whose group vanished stay owners`() throws {
        var world = try SyncWorld(patterns: ["{org}.{team}"], owners: "{org}-leads")
        let team = Company.named("acme.ops", ["anna", "bert"])
        world.run(Company.snapshot(["anna", "bert", "cleo"], [team, Company.named("acme-leads", ["anna", "cleo"])]))
        #expect(world.summaries(Company.snapshot(["anna", "bert", "cleo"], [team])) == [])
        let emptied = world.summaries(Company.snapshot(["anna", "bert", "cleo"], [team, Company.named("acme-leads")]))
        #expect(emptied == ["no owner of acme: anna", "leave acme: cleo"])
    }

    @Test func `a pattern taken out gives up the memberships and deletes nothing`() throws {
        var world = try Self.made()
        world.settings.patterns = []
        #expect(
            world.run(Self.before) == [
                "leave acme/ops: anna", "leave acme/ops: bert", "leave acme: anna", "leave acme: bert",
            ])
        #expect(world.state.managedOrganizations == [Self.acme] && world.members(Self.acmeOps).isEmpty)
        #expect(world.plan(Self.before).isEmpty)
    }

    @Test(arguments: [["{org}-{team}", "registry-{org}"], ["registry-{org}", "{org}-{team}"]])
    func `the first pattern that fits has the group`(_ patterns: [String]) throws {
        let world = try SyncWorld(patterns: patterns)
        let made = world.summaries(Company.snapshot([], [Company.named("registry-acme")]))
        #expect(made == (patterns[0] == "{org}-{team}" ? ["make registry", "make registry/acme"] : ["make acme"]))
    }

    @Test func `a refusal by the first pattern is not passed on to the second`() throws {
        let world = try SyncWorld(patterns: ["registry-{org}-{team}", "{org}-web-ops"])
        let plan = world.plan(Company.snapshot([], [Company.named("registry-acme-web-ops")]))
        #expect(plan.isEmpty && plan.notes.map(\.kind) == [.refusedGroup])
    }

    @Test func `an incomplete search for groups adds and removes nothing`() throws {
        let world = try Self.made()
        var half = Company.snapshot(["anna", "bert"], [Company.named("registry-blue-web", ["anna"])])
        half.groupsReading = Company.broken
        #expect(
            world.summaries(half) == [
                "make blue", "make blue/web", "join blue as member: anna", "join blue/web: anna",
            ])
        half.groups = [Company.named("registry-acme-ops", ["anna"])]
        let plan = world.plan(half)
        #expect(plan.isEmpty && plan.notes.map(\.kind) == [.incompleteReading])
        half.groupsReading = .complete
        half.groups[0].membersReading = Company.broken
        #expect(world.plan(half).isEmpty)
    }

    @Test func `an ambiguous group is noted, and its team stays as it is`() throws {
        let world = try Self.made()
        let after = Company.snapshot(["anna", "bert"], [Company.named("registry-acme-web-ops", ["anna"])])
        let plan = world.plan(after)
        #expect(plan.isEmpty)
        #expect(plan.notes.map(\.kind) == [.missingGroup, .missingGroup, .refusedGroup])
        #expect(plan.notes.map(\.subject).prefix(2) == ["acme", "acme/ops"])
        #expect(plan.notes.last?.subject == Company.groupDN("registry-acme-web-ops"))
        let text = plan.notes.last?.text ?? ""
        #expect(text.contains("acme/web-ops") && text.contains("acme-web/ops"))
    }

    @Test func `one pattern feeds the owners of an organisation and another its teams`() throws {
        var world = try SyncWorld(patterns: ["{org}-{team}"], owners: "{org}-leads")
        let people = ["anna", "bert"]
        let ops = Company.named("acme-ops", ["anna", "bert"])
        #expect(
            world.run(Company.snapshot(people, [ops, Company.named("acme-leads", ["anna"])])) == [
                "create anna", "create bert", "make acme", "make acme/ops", "join acme as owner: anna",
                "join acme as member: bert", "join acme/ops: anna", "join acme/ops: bert",
            ])
        #expect(
            world.summaries(Company.snapshot(people, [ops, Company.named("acme-leads", ["bert"])])) == [
                "own acme: bert", "no owner of acme: anna",
            ])
    }
}
