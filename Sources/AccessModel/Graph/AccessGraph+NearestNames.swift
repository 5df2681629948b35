import StrictJSON

// The name that somebody may have meant by one that there is not.

extension AccessGraph {
    /// - Parameter kind: nil for both.
    public func nearestAccount(to name: String, _ kind: Account.Kind? = nil) -> String? {
        let accounts = principals.accounts
        return accounts.indices.lazy.filter { index in
            accounts.has(.exists, index) && (kind.map { ($0 == .user) == accounts.has(.isUser, index) } ?? true)
        }.map { accounts.names[$0].rawValue }.nearest(to: name)
    }

    /// Of an organisation's teams.
    public func nearestTeam(to name: String, of organization: AccountName) -> String? {
        guard let index = principals.accounts.find(organization),
            let place = principals.accounts.place(ofOrganization: index)
        else { return nil }
        let teams = principals.accounts.organizations[place].teams
        return teams.lazy.map { principals.teams.nodes[$0].name.rawValue }.nearest(to: name)
    }

    /// Of a namespace's repositories.
    public func nearestRepository(to path: RepositoryPath) -> String? {
        guard let index = principals.accounts.find(path.namespace) else { return nil }
        return registry.namespaces[index].repositories.lazy.map { registry.repositories.names[$0] }
            .nearest(to: path.name).map { "\(path.namespace)/\($0)" }
    }
}
