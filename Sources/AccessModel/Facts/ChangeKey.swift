/// Something that a fact names, under which its changes are found again: every identity in it, and a few more.
public struct ChangeKey: Hashable, Sendable {
    public let rawValue: String

    private init(_ rawValue: String) { self.rawValue = rawValue }

    /// An account, team, repository, service account or token.
    public static func identity<Entity>(_ id: Identifier<Entity>) -> Self { Self(id.rawValue) }
    static func identity(_ id: String) -> Self { Self(id) }

    /// The account of a name, whichever had it.
    public static func account(named name: AccountName) -> Self { Self("@" + name.rawValue) }

    /// The repository of a name in a namespace, whichever had it.
    public static func repository(named name: String, in namespace: AccountID) -> Self {
        Self(namespace.rawValue + "/" + name)
    }

    public static let systemAdministrators = Self("=admin")
    public static let publicRepositories = Self("=public")
    /// Every account, service account or repository.
    public static let everything = Self("=all")
}

extension GrantSubject {
    public var key: ChangeKey { .identity(id) }
}

extension GrantTarget {
    public var key: ChangeKey { .identity(id) }
}

extension Fact {
    /// Everything that it is found under. Identities of different kinds differ.
    public var keys: [ChangeKey] {
        switch self {
        case .account(let account):
            return [.identity(account.id), .account(named: account.name), .everything]
                + (account.isSystemAdmin ? [.systemAdministrators] : [])
        case .organizationMember(let member): return [.identity(member.organization), .identity(member.user)]
        case .team(let team): return [.identity(team.id), .identity(team.organization)]
        case .teamMember(let member): return [.identity(member.team), .identity(member.user)]
        case .serviceAccount(let service): return [.identity(service.id), .identity(service.owner), .everything]
        case .repository(let repository):
            return [
                .identity(repository.id), .identity(repository.namespace), .everything,
                .repository(named: repository.name, in: repository.namespace),
            ] + (repository.visibility == .public ? [.publicRepositories] : [])
        case .grant(let grant): return [.identity(grant.subject.id), .identity(grant.target.id)]
        case .retiredName(let retired): return [.account(named: retired.name)]
        case .password(let password): return [.identity(password.account)]
        case .accessToken(let token): return [.identity(token.id), .identity(token.holder.id)]
        case .directory(let directory): return [.identity("directory " + directory.name)]
        }
    }
}

extension FactKey {
    /// The key under which there are the fewest other facts of its kind.
    public var changeKey: ChangeKey {
        switch kind {
        case .retiredName: .identity("@" + first)
        case .directory: .identity("directory " + first)
        default: .identity(second.isEmpty ? first : second)
        }
    }
}

extension Change {
    /// Everything that the fact is found under, before or after.
    public var keys: Set<ChangeKey> { Set((before?.keys ?? []) + (after?.keys ?? [])) }
}
