public import AccessModel
import StrictJSON

/// What something is called now, by its identity: for those who may see it. For others it is not there.
public struct FindName: Query {
    public enum Kind: Hashable, Sendable {
        case user, organization, account, team, serviceAccount, repository
    }

    /// The name, and whose it is for what is named with its owner.
    public struct Name: Hashable, Sendable {
        public let owner: AccountName?
        public let name: String
    }

    public let kind: Kind
    public let identity: String

    public init(_ kind: Kind, identity: String) {
        self.kind = kind
        self.identity = identity
    }

    public func answer(in context: ReadContext) throws(AccessError) -> Name {
        guard let name = try find(in: context) else { throw notFound }
        return name
    }

    public var notFound: AccessError { .notFound(kind: kind.word, name: "id:\(identity.cut(to: 120))") }

    private func find(in context: ReadContext) throws(AccessError) -> Name? {
        let reader = context.reader
        switch kind {
        case .user: return try name(of: AccountID(rawValue: identity), .user, context)
        case .organization: return try name(of: AccountID(rawValue: identity), .organization, context)
        case .account: return try name(of: AccountID(rawValue: identity), nil, context)
        case .team:
            guard let team = try reader.team(TeamID(rawValue: identity))?.value,
                context.allows(.readOrganization(team.organization))
            else { return nil }
            return try name(team.name.rawValue, of: team.organization, context)
        case .serviceAccount:
            guard let service = try reader.serviceAccount(ServiceAccountID(rawValue: identity))?.value,
                context.mayKnow(service.id) || context.allows(.manageOrganization(service.owner))
            else { return nil }
            return try name(service.name.rawValue, of: service.owner, context)
        case .repository:
            guard let repository = try reader.repository(RepositoryID(rawValue: identity))?.value,
                context.allows(.viewRepository(repository.id))
            else { return nil }
            return try name(repository.name, of: repository.namespace, context)
        }
    }

    private func name(
        of id: AccountID, _ kind: Account.Kind?, _ context: ReadContext
    ) throws(AccessError) -> Name? {
        guard context.allows(.readNames), let account = try context.reader.account(id)?.value,
            kind == nil || account.kind == kind
        else { return nil }
        return Name(owner: nil, name: account.name.rawValue)
    }

    private func name(_ name: String, of owner: AccountID, _ context: ReadContext) throws(AccessError) -> Name? {
        try context.reader.account(owner).map { Name(owner: $0.value.name, name: name) }
    }
}

extension FindName.Kind {
    fileprivate var word: String {
        switch self {
        case .user: "user"
        case .organization: "organisation"
        case .account: "account"
        case .team: "team"
        case .serviceAccount: "service account"
        case .repository: "repository"
        }
    }
}
