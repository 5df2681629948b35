/// One thing that a reason rests on: "elton is a member of nerd-dinner/web".
public struct ReasonStep: Hashable, Sendable {
    public let text: String
    /// The fact that says so.
    public let fact: FactKey
    private let property: Property

    fileprivate init(_ text: String, _ fact: FactKey, _ property: Property) {
        self.text = text
        self.fact = fact
        self.property = property
    }

    /// What about the fact it is: others of its members may change without ending it.
    fileprivate enum Property: Hashable, Sendable {
        case exists
        case isSystemAdmin, createsOnPush, isPublic, isOwner
        case level(AccessLevel)
        case parent(TeamID?)
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
        let teams = principals.teams.nodes
        guard path.count == names.count, let first = path.first, let last = path.last else { return [] }
        func name(_ team: Int32) -> String { "\(organization)/\(teams[team].name)" }
        let membership = FactKey(.teamMember, teams[first].id.rawValue, user.first)
        var steps = [ReasonStep("\(principal) is a member of \(name(first))", membership, .exists)]
        for (child, parent) in zip(path, path.dropFirst()) {
            let key = FactKey(.team, teams[child].id.rawValue)
            steps.append(ReasonStep("\(name(child)) is below \(name(parent))", key, .parent(teams[parent].id)))
        }
        let grant = FactKey(.grant, teams[last].id.rawValue, place)
        steps.append(ReasonStep("\(name(last)) has \(level.rawValue) on \(target)", grant, .level(level)))
        return steps
    }

    /// The account of a user.
    private func account(_ principal: Principal) -> FactKey? {
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
