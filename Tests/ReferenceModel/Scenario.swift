public import AccessModel

/// A world, what happened in it then, and what is expected in the end: the form in which a
/// failure is kept. One line a fact; `#` begins a comment.
///
/// ```
/// now 2026-03-01T12:00:00Z
/// user ann inactive admin reader create-on-push          the words behind the name as they apply
/// org acme create-on-push
/// member acme ann owner                                  owner | member
/// team acme ops below dev
/// team-member acme ops ann maintainer                    maintainer | member
/// service-account acme+ci inactive reader until 2026-03-01T12:00:00Z
/// repository acme/web public                             public | private
/// grant acme/ops admin on acme until 2026-03-01T12:00:00Z
/// grant bob read-only on acme/web
/// grant acme+ci read-write on acme/web
/// + team-member acme ops bob member                      came
/// - grant bob read-only on acme/web                      went
/// ~ user ann => user anna                                changed
/// expect ann push acme/web                               may, in the end
/// expect not anonymous pull acme/web
/// ```
public struct Scenario: Sendable {
    public var history: History
    public var expectations: [Expectation] = []

    public struct Expectation: Hashable, Sendable, CustomStringConvertible {
        public var isAllowed: Bool
        public var principal: Principal
        public var action: Action
        public var path: RepositoryPath

        public var description: String {
            "expect \(isAllowed ? "" : "not ")\(principal) \(action.rawValue) \(path)"
        }
    }

    public init(_ history: History, expectations: [Expectation] = []) {
        self.history = history
        self.expectations = expectations
    }

    public init(_ world: World, expectations: [Expectation] = []) {
        self.init(History(start: world, changes: []), expectations: expectations)
    }

    /// The lines that `init(_:)` reads. Full names, addresses and descriptions are not among
    /// them: no decision rests on these.
    public var text: String {
        var world = history.start
        var lines = ["now \(world.now)"] + world.facts.map { Self.line($0, in: world) }
        for change in history.changes {
            let before = world
            world.apply(change)
            switch (change.before, change.after) {
            case (nil, let after?): lines.append("+ " + Self.line(after, in: world))
            case (let gone?, nil): lines.append("- " + Self.line(gone, in: before))
            case (let old?, let new?):
                lines.append("~ \(Self.line(old, in: before)) => \(Self.line(new, in: world))")
            case (nil, nil): break
            }
        }
        return (lines + expectations.map(\.description)).joined(separator: "\n") + "\n"
    }

    private static func line(_ fact: Fact, in world: World) -> String {
        func name(_ id: AccountID) -> String { world.account(id)?.name.rawValue ?? "?" }
        func team(_ id: TeamID) -> String { world.team(id).map { "\(name($0.organization))/\($0.name)" } ?? "?" }
        let words: [String?]
        switch fact {
        case .account(let account):
            words = [
                account.kind == .user ? "user" : "org", account.name.rawValue, account.isActive ? nil : "inactive",
                account.isSystemAdmin ? "admin" : nil, account.isDecisionReader ? "reader" : nil,
                account.createsRepositoriesOnPush ? "create-on-push" : nil,
            ]
        case .organizationMember(let member):
            words = ["member", name(member.organization), name(member.user), member.role.rawValue]
        case .team(let fact):
            let parent = fact.parent.flatMap(world.team)?.name.rawValue
            words = ["team", name(fact.organization), fact.name.rawValue, parent.map { "below \($0)" }]
        case .teamMember(let member):
            let names = team(member.team).split(separator: "/").joined(separator: " ")
            words = ["team-member", names, name(member.user), member.role.rawValue]
        case .serviceAccount(let service):
            words = [
                "service-account", "\(name(service.owner))+\(service.name)", service.isActive ? nil : "inactive",
                service.isDecisionReader ? "reader" : nil, service.expiresAt.map { "until \($0)" },
            ]
        case .repository(let fact):
            words = ["repository", "\(name(fact.namespace))/\(fact.name)", fact.visibility.rawValue]
        case .grant(let grant):
            let subject =
                switch grant.subject {
                case .team(let id): team(id)
                case .user(let id): name(id)
                case .serviceAccount(let id): world.principal(.serviceAccount(id))?.description ?? "?"
                }
            let target =
                switch grant.target {
                case .repository(let id):
                    world.repositories.first { $0.id == id }.flatMap(world.path)?.description ?? "?"
                case .namespace(let id): name(id)
                }
            words = ["grant", subject, grant.level.rawValue, "on", target, grant.expiresAt.map { "until \($0)" }]
        case .role, .collection, .controlGrant, .site, .placement, .controlSettings, .retiredName, .password,
            .accessToken, .directory:
            words = ["# \(fact.kind.rawValue)"]
        }
        return words.compactMap(\.self).joined(separator: " ")
    }
}
