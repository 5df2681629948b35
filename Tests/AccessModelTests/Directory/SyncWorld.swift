import AccessModel
import Testing

/// A directory's settings and what its synchronisations made of the company so far.
struct SyncWorld {
    var settings: DirectorySettings
    var state: DirectoryState
    var now = Company.now

    init(rules: [DirectorySettings.Rule] = [], patterns: [String] = [], owners: String? = nil) throws {
        settings = Company.settings(rules)
        settings.patterns = try owners.map { [try GroupPattern($0, role: .owner)] } ?? []
        settings.patterns += try patterns.map { try GroupPattern($0) }
        state = try Company.emptyState()
    }

    func plan(_ snapshot: DirectorySnapshot) -> SyncPlan { Company.plan(snapshot, settings, state, at: now) }

    func summaries(_ snapshot: DirectorySnapshot) -> [String] { plan(snapshot).changes.map(\.summary) }

    /// Plans and applies at once, without a brake.
    @discardableResult mutating func run(_ snapshot: DirectorySnapshot) -> [String] {
        let changes = plan(snapshot).changes
        apply(changes)
        return changes.map(\.summary)
    }

    /// Applies what the brake lets pass.
    @discardableResult mutating func runBraked(
        _ snapshot: DirectorySnapshot, _ limits: DirectorySettings.Brake = .init(maxPercent: 100)
    ) -> BrakedPlan {
        let braked = Brake.apply(plan(snapshot), limits: limits, state: state)
        apply(braked.apply)
        return braked
    }

    /// As a store does: the names of new organisations are taken, those of deleted accounts are
    /// retired, and owners of other directories count.
    mutating func apply(_ changes: [SyncChange]) {
        for change in changes where change.removal == .deleteUser {
            let account = state.accounts.first { $0.account.id == change.person?.accountID }?.account
            if let name = account?.name { state.takenNames[name] = .retired }
        }
        state.apply(changes, at: now)
        for name in state.organizations.keys { state.takenNames[name] = .organization }
        let others = Set(state.others.filter(\.isActive).map(\.id))
        for member in state.organizationMembers where member.role == .owner && others.contains(member.user) {
            state.activeOwners[member.organization, default: []].insert(member.user)
        }
    }

    mutating func pass(days: Int64, seconds: Int64 = 0) { now = now + .seconds(days * 86_400 + seconds) }

    /// A user whom this directory does not keep: local, or of `directory` with that DN.
    @discardableResult mutating func addOther(
        _ name: String, directory: String? = nil, dn: String = "", isActive: Bool = true
    ) throws -> AccountID {
        let link = directory.map { DirectoryLink(directory: $0, externalID: "\($0)-\(name)", dn: dn) }
        let id = AccountID(rawValue: "other-\(name)")
        state.others.append(
            Account(id: id, kind: .user, name: try AccountName(name), isActive: isActive, directory: link))
        state.takenNames[try AccountName(name)] = directory.map { .directory($0) } ?? .localUser
        return id
    }

    func id(_ login: String) throws -> AccountID { try #require(state.account("id-\(login)")).id }

    /// `ops`, `web` or one that a pattern made: who is in it, in order.
    func members(_ team: TeamID) -> [String] {
        state.teamMembers.filter { $0.team == team }.map { $0.user.rawValue }.sorted()
    }
}

extension Company {
    static func groupDN(_ name: String) -> String { "CN=\(name),OU=Groups,DC=corp,DC=example,DC=com" }

    /// A group by its common name, with people by login.
    static func named(
        _ name: String, _ logins: [String] = [], also dns: [String] = [], reading: Completeness = .complete
    ) -> DirectoryGroup {
        group(groupDN(name), logins.map(dn) + dns, reading: reading)
    }

    static func snapshot(_ logins: [String], _ groups: [DirectoryGroup] = []) -> DirectorySnapshot {
        DirectorySnapshot(users: logins.map { person($0) }, groups: groups)
    }

    static let broken = Completeness.incomplete(reason: "the connection was lost on page 2")
}
