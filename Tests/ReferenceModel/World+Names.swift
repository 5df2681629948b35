public import AccessModel

extension World {
    /// Anonymous, every user and every service account, active or not, in order.
    public var principals: [Principal] {
        let users = accounts.filter { $0.kind == .user }.map { Principal.user($0.name) }
        return ([.anonymous] + users + serviceAccounts.compactMap { principal(.serviceAccount($0.id)) }).sorted()
    }

    /// Every repository's path, in order.
    public var paths: [RepositoryPath] { repositories.compactMap(path).sorted() }

    /// Paths where nothing is: in every namespace, and in one that does not exist.
    public var missingPaths: [RepositoryPath] {
        let namespaces = accounts.map(\.name) + [AccountName(trusted: "nowhere")]
        let paths = namespaces.flatMap { namespace in
            ["missing", "web/missing"].map { RepositoryPath(trustedNamespace: namespace, name: $0) }
        }
        return paths.filter { repository(at: $0) == nil }
    }

    /// Principals that do not exist: nobody's name, an organisation taken for a user, and
    /// service accounts nobody made.
    public var strangers: [Principal] {
        let names = accounts.map(\.name) + [AccountName(trusted: "nobody")]
        let organizations = accounts.filter { $0.kind == .organization }.map { Principal.user($0.name) }
        let robots = names.map { Principal.serviceAccount(owner: $0, name: TeamName(trusted: "nobody")) }
        return [.user(AccountName(trusted: "nobody"))] + organizations + robots
    }

    public func account(_ id: AccountID) -> Account? { accounts.first { $0.id == id } }
    public func account(named name: AccountName) -> Account? { accounts.first { $0.name == name } }
    public func team(_ id: TeamID) -> Team? { teams.first { $0.id == id } }

    public func path(of repository: Repository) -> RepositoryPath? {
        account(repository.namespace).map { RepositoryPath(trustedNamespace: $0.name, name: repository.name) }
    }

    public func repository(at path: RepositoryPath) -> Repository? {
        let namespace = account(named: path.namespace)?.id
        return repositories.first { $0.namespace == namespace && $0.name == path.name }
    }

    /// The name of a user or service account as an actor; nil for other actors and unknown ones.
    public func principal(_ actor: Actor) -> Principal? {
        switch actor {
        case .anonymous: return .anonymous
        case .user(let id): return account(id).map { .user($0.name) }
        case .serviceAccount(let id):
            guard let service = serviceAccounts.first(where: { $0.id == id }), let owner = account(service.owner) else {
                return nil
            }
            return .serviceAccount(owner: owner.name, name: service.name)
        case .local, .directory, .service: return nil
        }
    }
}
