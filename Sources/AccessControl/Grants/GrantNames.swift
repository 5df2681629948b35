public import AccessModel

/// A grant's subject by name, as people write it.
public enum SubjectName: Hashable, Sendable {
    case team(organization: AccountName, name: TeamName)
    case user(AccountName)
    case serviceAccount(owner: AccountName, name: TeamName)
}

/// A grant's target by name.
public enum TargetName: Hashable, Sendable {
    case repository(RepositoryPath)
    case namespace(AccountName)
}

/// A grant with names instead of identities.
public struct GrantView: Hashable, Sendable {
    public let subject: SubjectName
    public let target: TargetName
    public let level: AccessLevel
    public let expiresAt: Timestamp?

    public init(subject: SubjectName, target: TargetName, level: AccessLevel, expiresAt: Timestamp?) {
        self.subject = subject
        self.target = target
        self.level = level
        self.expiresAt = expiresAt
    }
}

extension SubjectName: CustomStringConvertible {
    public var description: String {
        switch self {
        case .team(let organization, let name): "team \(organization)/\(name)"
        case .user(let name): "user \(name)"
        case .serviceAccount(let owner, let name): "service account \(owner)+\(name)"
        }
    }
}

extension TargetName: CustomStringConvertible {
    public var description: String {
        switch self {
        case .repository(let path): path.description
        case .namespace(let name): name.rawValue
        }
    }
}

extension LookupContext {
    /// The identity behind a name, for somebody who may see the target.
    func target(_ name: TargetName) throws(AccessError) -> (target: GrantTarget, namespace: Account) {
        switch name {
        case .repository(let path):
            guard let id = graph.repositoryID(at: path), allows(.viewRepository(id)) else {
                throw .notFound(kind: "repository", name: path.description)
            }
            return (.repository(id), try account(path.namespace).value)
        case .namespace(let name):
            let namespace = try account(name).value
            return (.namespace(namespace.id), namespace)
        }
    }

    func subject(_ name: SubjectName) throws(AccessError) -> GrantSubject {
        switch name {
        case .team(let organization, let name):
            return .team(try team(name, in: try self.organization(organization).value).value.id)
        case .user(let name):
            return .user(try userID(name))
        case .serviceAccount(let owner, let name):
            guard let id = graph.identity(ofServiceAccount: .serviceAccount(owner: owner, name: name)) else {
                throw .notFound(kind: "service account", name: "\(owner)+\(name)")
            }
            return .serviceAccount(id)
        }
    }

    func view(_ grant: Grant, on target: TargetName) throws(AccessError) -> GrantView? {
        guard let subject = try name(of: grant.subject) else { return nil }
        return GrantView(subject: subject, target: target, level: grant.level, expiresAt: grant.expiresAt)
    }

    func name(of subject: GrantSubject) throws(AccessError) -> SubjectName? {
        switch subject {
        case .team(let id):
            guard let team = try rows.team(id)?.value, let organization = try rows.account(team.organization)?.value
            else { return nil }
            return .team(organization: organization.name, name: team.name)
        case .user(let id):
            return try rows.account(id).map { .user($0.value.name) }
        case .serviceAccount(let id):
            guard let service = try rows.serviceAccount(id)?.value, let owner = try rows.account(service.owner)?.value
            else { return nil }
            return .serviceAccount(owner: owner.name, name: service.name)
        }
    }
}
