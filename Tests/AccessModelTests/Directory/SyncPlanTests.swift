import AccessModel
import Foundation
import Testing

struct SyncPlanTests {
    static let broken = Completeness.incomplete(reason: "size limit")

    static func snapshot(_ users: [DirectoryUser], ops: [String] = [], owners: [String] = []) -> DirectorySnapshot {
        DirectorySnapshot(
            users: users,
            groups: [
                Company.group(Company.opsDN, ops.map(Company.dn)),
                Company.group(Company.ownersDN, owners.map(Company.dn)),
            ])
    }

    let two = [Company.person("anna"), Company.person("bert")]

    @Test func `a first run creates people, joins organisations and teams, each with its reason`() throws {
        let plan = Company.plan(
            Self.snapshot(two, ops: ["anna"], owners: ["bert"]), [try Company.feedsOps(), try Company.feedsOwners()],
            try Company.emptyState())
        #expect(
            plan.changes.map(\.summary) == [
                "create anna", "create bert", "join nerd-dinner as member: anna", "join nerd-dinner as owner: bert",
                "join nerd-dinner/ops: anna",
            ])
        #expect(plan.changes[4].reason == "in \(Company.opsDN), which feeds nerd-dinner/ops")
    }

    @Test(arguments: ["identity", "DN"]) func `whoever has a key that fits into no index gets no account, and is named`(
        _ field: String
    ) throws {
        let path: WritableKeyPath<DirectoryUser, String> = field == "DN" ? \.dn : \.externalID
        for (length, isRefused) in [(2_000, false), (2_001, true)] {
            var bert = two[1]
            bert[keyPath: path] = String(repeating: "b", count: length)
            let plan = Company.plan(Self.snapshot([two[0], bert]), [], try Company.emptyState())
            #expect(plan.changes.map(\.summary) == (isRefused ? ["create anna"] : ["create anna", "create bert"]))
            let refusals = plan.notes.filter { $0.kind == .refusedPerson }
            #expect(
                refusals.map(\.text) == (isRefused ? ["gets no account: its \(field) is longer than 2000 bytes"] : []))
        }
    }

    @Test func `a principal name that grows too long is taken away, and the person stays`() throws {
        let state = try Company.synchronised(Self.snapshot(two), [])
        var bert = two[1]
        bert.principalName = String(repeating: "b", count: 2_001)
        let plan = Company.plan(Self.snapshot([two[0], bert]), [], state)
        #expect(plan.changes.isEmpty)
        #expect(
            plan.notes.map(\.text) == [
                "the account bert keeps its login bert: its principal name is longer than 2000 bytes"
            ])
    }

    @Test func `who leaves the group leaves the team and the organisation that only it gave`() throws {
        let rules = [try Company.feedsOps()]
        let state = try Company.synchronised(Self.snapshot(two, ops: ["anna", "bert"]), rules)
        let plan = Company.plan(Self.snapshot(two, ops: ["bert"]), rules, state)
        #expect(plan.changes.map(\.summary) == ["leave nerd-dinner/ops: anna", "leave nerd-dinner: anna"])
        #expect(plan.changes[0].reason == "no longer in \(Company.opsDN), which feeds nerd-dinner/ops")
    }

    @Test func `another rule or a local team keeps the organisation`() throws {
        let rules = [try Company.feedsOps(), try Company.feedsOwners()]
        var state = try Company.synchronised(Self.snapshot(two, ops: ["anna", "bert"], owners: ["anna"]), rules)
        let bert = try #require(state.account("id-bert"))
        state.teamMembers.append(.init(team: Company.web, user: bert.id, role: .maintainer))
        let plan = Company.plan(Self.snapshot(two, owners: ["anna"]), rules, state)
        #expect(plan.changes.map(\.summary) == ["leave nerd-dinner/ops: anna", "leave nerd-dinner/ops: bert"])
        #expect(plan.notes.map(\.kind) == [.localMembership])
    }

    @Test func `a local user in a synced team stays, and a local membership is never taken over`() throws {
        let rules = [try Company.feedsOps(), try Company.feedsOwners()]
        var state = try Company.synchronised(Self.snapshot(two), rules)
        let anna = try #require(state.account("id-anna"))
        let local = AccountID(rawValue: "local")
        state.organizationMembers = [.init(organization: Company.nerdDinner, user: anna.id, role: .member)]
        state.teamMembers = [
            .init(team: Company.ops, user: anna.id, role: .member),
            .init(team: Company.ops, user: local, role: .member),
        ]
        #expect(Company.plan(Self.snapshot(two), rules, state).isEmpty)
        let plan = Company.plan(Self.snapshot(two, ops: ["anna"], owners: ["anna"]), rules, state)
        #expect(plan.isEmpty && plan.notes.map(\.kind) == [.localMembership])
    }

    @Test(arguments: ["disabled", "expired on 2026-03-01"])
    func `an inactive person is deactivated and in no fed team, and enabling restores it`(_ reason: String) throws {
        let rules = [try Company.feedsOps()]
        let before = Self.snapshot(two, ops: ["anna", "bert"])
        var state = try Company.synchronised(before, rules)
        var after = before
        after.users[0].inactiveReason = reason
        let plan = Company.plan(after, rules, state)
        #expect(plan.changes.map(\.summary) == ["leave nerd-dinner/ops: anna", "deactivate anna"])
        #expect(plan.changes.allSatisfy { $0.reason == "inactive in the directory: \(reason)" })
        state.apply(plan.changes)
        #expect(Company.plan(after, rules, state).isEmpty)
        #expect(
            Company.plan(before, rules, state).changes.map(\.summary) == [
                "reactivate anna", "join nerd-dinner/ops: anna",
            ])
    }

    @Test func `somebody inactive is created inactive and joins nothing`() throws {
        let plan = Company.plan(
            Self.snapshot([Company.person("anna", inactive: "disabled")], ops: ["anna"], owners: ["anna"]),
            [try Company.feedsOps(), try Company.feedsOwners()], try Company.emptyState())
        #expect(plan.changes.map(\.summary) == ["create inactive anna"])
    }

    @Test func `who is gone is deactivated, leaves the teams, and stays in the organisation for what rests there`()
        throws
    {
        let rules = [try Company.feedsOps()]
        let state = try Company.synchronised(Self.snapshot(two, ops: ["anna", "bert"]), rules)
        let plan = Company.plan(Self.snapshot([two[1]], ops: ["bert"]), rules, state)
        #expect(plan.changes.map(\.summary) == ["leave nerd-dinner/ops: anna", "deactivate anna"])
        #expect(plan.changes.allSatisfy { $0.reason == "no longer in the directory" })
    }

    @Test(arguments: [false, true])
    func `a rename keeps the account, and the namespace of one with repositories`(_ ownsRepositories: Bool) throws {
        let rules = [try Company.feedsOps()]
        var state = try Company.synchronised(Self.snapshot(two, ops: ["anna"]), rules)
        for index in state.accounts.indices { state.accounts[index].ownsRepositories = ownsRepositories }
        let plan = Company.plan(
            Self.snapshot([Company.person("anna.s", id: "id-anna"), two[1]], ops: ["anna.s"]), rules, state)
        #expect(
            plan.changes.map(\.summary) == [
                ownsRepositories ? "login anna.s for anna" : "name anna.s for anna", "update anna",
            ])
    }

    @Test func `a move to another place changes the DN alone`() throws {
        let rules = [try Company.feedsOps()]
        let before = Self.snapshot(two, ops: ["anna"])
        let state = try Company.synchronised(before, rules)
        var after = before
        after.users[0].dn = "CN=anna,OU=Sales,DC=corp,DC=example,DC=com"
        after.groups[0].members = [.dn(after.users[0].dn.lowercased())]
        #expect(Company.plan(after, rules, state).changes.map(\.summary) == ["update anna"])
    }

    @Test func `names that free one another are passed on in one plan, and a swap is refused`() throws {
        let state = try Company.synchronised(Self.snapshot(two), [])
        let chain = [
            Company.person("bert", id: "id-anna"), Company.person("cleo", id: "id-bert"),
            Company.person("anna", id: "3"),
        ]
        let plan = Company.plan(Self.snapshot(chain), [], state)
        #expect(plan.changes.prefix(3).map(\.summary) == ["name cleo for bert", "name bert for anna", "create anna"])
        var after = state
        after.apply(plan.changes)
        #expect(Company.plan(Self.snapshot(chain), [], after).isEmpty)

        let swap = [Company.person("bert", id: "id-anna"), Company.person("anna", id: "id-bert")]
        let refused = Company.plan(Self.snapshot(swap), [], state)
        #expect(refused.changes.map(\.summary) == ["update anna", "update bert"])
        #expect(refused.notes.map(\.kind) == [.refusedPerson, .refusedPerson])
    }

    @Test func `a name made anew with a new identity is refused and reported, never linked`() throws {
        let state = try Company.synchronised(Self.snapshot(two), [])
        let plan = Company.plan(Self.snapshot([Company.person("anna", id: "new"), two[1]]), [], state)
        #expect(plan.changes.map(\.summary) == ["deactivate anna"])
        #expect(plan.notes.count == 1 && plan.notes[0].text.contains("held by the account of another entry"))
    }

    @Test(arguments: [DirectoryState.NameHolder.localUser, .organization, .directory("other"), .retired])
    func `a name that something else holds is refused and reported`(_ holder: DirectoryState.NameHolder) throws {
        var state = try Company.emptyState()
        state.takenNames[try AccountName("anna")] = holder
        let plan = Company.plan(Self.snapshot(two, ops: ["anna"]), [try Company.feedsOps()], state)
        #expect(plan.changes.map(\.summary) == ["create bert"])
        #expect(plan.notes.map(\.kind) == [.refusedPerson] && plan.notes[0].text.contains("\(holder)"))
    }

    @Test func `of two people with one login, the one with an account keeps it`() throws {
        let rules = [try Company.feedsOps()]
        let before = Self.snapshot(two, ops: ["anna"])
        let state = try Company.synchronised(before, rules)
        var after = before
        var second = Company.person("anna", id: "second")
        second.dn = "CN=anna,OU=Sales,DC=corp,DC=example,DC=com"
        after.users.append(second)
        let plan = Company.plan(after, rules, state)
        #expect(plan.isEmpty)
        #expect(plan.notes.map(\.kind) == [.refusedPerson, .refusedPerson])
    }

    @Test func `an incomplete search for users removes nobody and still adds`() throws {
        let rules = [try Company.feedsOps()]
        let state = try Company.synchronised(Self.snapshot(two, ops: ["anna", "bert"]), rules)
        var half = Self.snapshot([Company.person("cleo")], ops: ["cleo"])
        half.usersReading = Self.broken
        let plan = Company.plan(half, rules, state)
        #expect(
            plan.changes.map(\.summary) == [
                "create cleo", "join nerd-dinner as member: cleo", "join nerd-dinner/ops: cleo",
            ])
        #expect(plan.notes.map(\.kind) == [.incompleteReading], "what freezes all is told once")
    }

    @Test func `a missing, incomplete or unread group takes nothing from its team`() throws {
        let rules = [try Company.feedsOps()]
        let state = try Company.synchronised(Self.snapshot(two, ops: ["anna", "bert"]), rules)
        var missing = Self.snapshot(two)
        missing.groups.removeFirst()
        var partial = Self.snapshot(two, ops: ["anna"])
        partial.groups[0].membersReading = Self.broken
        var unread = Self.snapshot(two, ops: ["anna"])
        unread.groupsReading = Self.broken
        for (snapshot, kind) in [
            (missing, SyncNote.Kind.frozenFeed), (partial, .frozenFeed), (unread, .incompleteReading),
        ] {
            let plan = Company.plan(snapshot, rules, state)
            #expect(plan.isEmpty)
            #expect(plan.notes.map(\.kind) == [kind])
        }
        #expect(
            Company.plan(Self.snapshot(two), rules, state).changes.count == 4, "an emptied group is no missing group")
    }

    @Test func `one frozen rule of two freezes the team and the organisation`() throws {
        let second = "CN=More Ops,OU=Groups,DC=corp,DC=example,DC=com"
        let rules = [try Company.feedsOps(), try Company.feedsOps(second)]
        var before = Self.snapshot(two, ops: ["anna", "bert"])
        before.groups.append(Company.group(second, []))
        let state = try Company.synchronised(before, rules)
        #expect(Company.plan(Self.snapshot(two, ops: ["anna"]), rules, state).isEmpty)
    }

    @Test func `a rule taken out gives up what it gave`() throws {
        let state = try Company.synchronised(Self.snapshot(two, ops: ["anna"]), [try Company.feedsOps()])
        let plan = Company.plan(Self.snapshot(two, ops: ["anna"]), [], state)
        #expect(plan.changes.map(\.summary) == ["leave nerd-dinner/ops: anna", "leave nerd-dinner: anna"])
        #expect(plan.changes[0].reason == "no rule feeds nerd-dinner/ops any more")
    }

    @Test func `a team or organisation that does not exist is noted and costs nobody anything`() throws {
        let rules = [try Company.feedsOps()]
        var state = try Company.synchronised(Self.snapshot(two, ops: ["anna"]), rules)
        state.teams.removeAll { $0.id == Company.ops }
        state.teamMembers = []
        let plan = Company.plan(Self.snapshot(two, ops: ["anna"]), rules, state)
        #expect(plan.isEmpty && plan.notes.map(\.kind) == [.missingTarget])
        state.organizations = [:]
        #expect(Company.plan(Self.snapshot(two, ops: ["anna"]), rules, state).notes.map(\.subject) == ["nerd-dinner"])
    }

    @Test func `owners and administrators follow their groups both ways`() throws {
        let rules = [
            try Company.feedsOps(), try Company.feedsOwners(), .init(group: Company.adminsDN, feeds: .systemAdmin),
        ]
        var before = Self.snapshot(two, ops: ["anna", "bert"], owners: ["anna"])
        before.groups.append(Company.group(Company.adminsDN, [Company.dn("anna")]))
        let state = try Company.synchronised(before, rules)
        var after = Self.snapshot(two, ops: ["anna", "bert"], owners: ["bert"])
        after.groups.append(Company.group(Company.adminsDN, [Company.dn("bert")]))
        #expect(
            Company.plan(after, rules, state).changes.map(\.summary) == [
                "own nerd-dinner: bert", "administrate: bert", "no administrator: anna",
                "no owner of nerd-dinner: anna",
            ])
    }

    @Test func `without a rule for administrators that right is left alone`() throws {
        var state = try Company.synchronised(Self.snapshot(two), [])
        state.accounts[0].account.isSystemAdmin = true
        #expect(Company.plan(Self.snapshot(two), [], state).isEmpty)
    }

    @Test func `a plan survives JSON and has one canonical text`() throws {
        let rules = [try Company.feedsOps(), try Company.feedsOwners()]
        let state = try Company.synchronised(Self.snapshot(two, ops: ["anna", "bert"]), rules)
        var users = two
        users[0].fullName = "tab\tline\nback\\slash"
        for plan in [
            Company.plan(Self.snapshot(two, ops: ["anna"], owners: ["bert"]), rules, try Company.emptyState()),
            Company.plan(Self.snapshot(users, ops: ["bert"], owners: ["bert"]), rules, state),
            Company.plan(Self.snapshot([]), rules, state),
        ] {
            #expect(!plan.isEmpty)
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            let json = try encoder.encode(plan)
            let again = try JSONDecoder().decode(SyncPlan.self, from: json)
            #expect(again == plan && again.canonicalText == plan.canonicalText)
            #expect(try encoder.encode(again) == json)
            #expect(plan.canonicalText.split(separator: "\n").count == plan.changes.count + 1)
        }
    }
}
