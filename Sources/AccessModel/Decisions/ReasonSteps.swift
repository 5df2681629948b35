/// One thing that a reason rests on: "elton is a member of nerd-dinner/web".
public struct ReasonStep: Hashable, Sendable {
    public let text: String
    /// The fact that says so.
    public let fact: FactKey
    private let property: Property

    init(_ text: String, _ fact: FactKey, _ property: Property) {
        self.text = text
        self.fact = fact
        self.property = property
    }

    /// What about the fact it is: others of its members may change without ending it.
    enum Property: Hashable, Sendable {
        case exists
        case isSystemAdmin, createsOnPush, isPublic, isOwner
        case level(AccessLevel)
        case parent(TeamID?)
        // Of the control plane.
        case isLive
        case hasOperation(ControlOperation)
        case isIn(CollectionID)
        case isDefaultRole(RoleID)
    }

    /// Whether a state of the fact said so until `time`.
    public func holds(in fact: Fact, until time: Timestamp) -> Bool {
        switch (property, fact) {
        case (.exists, _): true
        case (.isSystemAdmin, .account(let account)): account.isSystemAdmin
        case (.createsOnPush, .account(let account)): account.createsRepositoriesOnPush
        case (.isPublic, .repository(let repository)): repository.visibility == .public
        case (.isOwner, .organizationMember(let member)): member.role == .owner
        // What had ended by then gave nothing any more.
        case (.level(let level), .grant(let grant)): grant.level == level && (grant.expiresAt.map { time < $0 } ?? true)
        case (.parent(let parent), .team(let team)): team.parent == parent
        case (.isLive, .controlGrant(let grant)): grant.expiresAt.map { time < $0 } ?? true
        case (.hasOperation(let operation), .role(let role)): role.has(operation)
        case (.isIn(let parent), .collection(let collection)): collection.parent == parent
        case (.isDefaultRole(let role), .controlSettings(let settings)): settings.defaultRole == role
        default: false
        }
    }
}

extension AccessGraph {
    /// The path of a reason that `explain` gave, from the principal to the repository.
    public func steps(of reason: Reason, for principal: Principal, on path: RepositoryPath) -> [ReasonStep] {
        switch reason.source {
        case .systemAdministrator:
            return [account(principal).map { ReasonStep("\(principal) is a system administrator", $0, .isSystemAdmin) }]
                .compactMap(\.self)
        case .namespaceOwner:
            return [account(principal).map { ReasonStep("the namespace \(path.namespace) is their own", $0, .exists) }]
                .compactMap(\.self)
        case .organizationOwner(let name):
            guard let organization = accountID(named: name), let user = account(principal) else { return [] }
            let key = FactKey(.organizationMember, organization.rawValue, user.first)
            return [ReasonStep("\(principal) is an owner of \(name)", key, .isOwner)]
        case .team(let organization, let teams, let target):
            return steps(from: principal, through: teams, of: organization, to: target, reason.level)
        case .direct(let target):
            guard let subject = id(of: principal), let place = id(of: target) else { return [] }
            let key = FactKey(.grant, subject, place)
            return [ReasonStep("\(principal) has \(reason.level.rawValue) on \(target)", key, .level(reason.level))]
        case .publicRepository:
            guard let id = repositoryID(at: path) else { return [] }
            return [ReasonStep("\(path) is public", FactKey(.repository, id.rawValue), .isPublic)]
        case .createOnPush(let namespace):
            guard let id = accountID(named: namespace) else { return [] }
            let key = FactKey(.account, id.rawValue)
            return [ReasonStep("\(namespace) makes repositories on push", key, .createsOnPush)]
        }
    }

    private func steps(
        from principal: Principal, through names: [TeamName], of organization: AccountName, to target: Reason.Target,
        _ level: AccessLevel
    ) -> [ReasonStep] {
        guard let user = account(principal), let place = id(of: target),
            let namespace = principals.accounts.find(organization)
        else { return [] }
        let path = names.compactMap { principals.index(ofTeam: $0, in: namespace) }
        guard path.count == names.count, let last = path.last, let name = names.last else { return [] }
        let grant = FactKey(.grant, principals.teams.nodes[last].id.rawValue, place)
        return teamSteps(from: principal, user, through: path, of: organization) + [
            ReasonStep("\(organization)/\(name) has \(level.rawValue) on \(target)", grant, .level(level))
        ]
    }

    /// That a user is in a team, and how that is below others.
    func teamSteps(
        from principal: Principal, _ user: FactKey, through path: [Int32], of organization: AccountName
    ) -> [ReasonStep] {
        let teams = principals.teams.nodes
        guard let first = path.first else { return [] }
        func name(_ team: Int32) -> String { "\(organization)/\(teams[team].name)" }
        let membership = FactKey(.teamMember, teams[first].id.rawValue, user.first)
        var steps = [ReasonStep("\(principal) is a member of \(name(first))", membership, .exists)]
        for (child, parent) in zip(path, path.dropFirst()) {
            let key = FactKey(.team, teams[child].id.rawValue)
            steps.append(ReasonStep("\(name(child)) is below \(name(parent))", key, .parent(teams[parent].id)))
        }
        return steps
    }

    /// The account of a user.
    func account(_ principal: Principal) -> FactKey? {
        guard case .user(let name) = principal else { return nil }
        return accountID(named: name).map { FactKey(.account, $0.rawValue) }
    }

    private func id(of principal: Principal) -> String? {
        switch principals.index(of: principal) {
        case .user(let user)?: principals.accounts.ids[user].rawValue
        case .serviceAccount(let service)?: principals.serviceAccounts[service].id.rawValue
        case .anonymous?, nil: nil
        }
    }

    private func id(of target: Reason.Target) -> String? {
        switch target {
        case .repository(let path): repositoryID(at: path)?.rawValue
        case .namespace(let name): accountID(named: name)?.rawValue
        }
    }
}
