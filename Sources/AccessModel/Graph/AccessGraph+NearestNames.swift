import StrictJSON

// The name that somebody may have meant by one that there is not. Of so many it is looked for among some: whoever asks may
// be anybody.

private let effort = 1_000

extension AccessGraph {
    /// - Parameter kind: nil for both.
    public func nearestAccount(to name: String, _ kind: Account.Kind? = nil) -> String? {
        let accounts = principals.accounts
        let first = name.utf8.first
        return accounts.indices.lazy.filter { index in
            // The first letter is seldom wrong.
            accounts.has(.exists, index) && accounts.names[index].rawValue.utf8.first == first
                && (kind.map { ($0 == .user) == accounts.has(.isUser, index) } ?? true)
        }.map { accounts.names[$0].rawValue }.nearest(to: name, effort: effort)
    }

    /// Of an organisation's teams.
    public func nearestTeam(to name: String, of organization: AccountName) -> String? {
        guard let index = principals.accounts.find(organization),
            let place = principals.accounts.place(ofOrganization: index)
        else { return nil }
        let teams = principals.accounts.organizations[place].teams
        return teams.lazy.map { principals.teams.nodes[$0].name.rawValue }.nearest(to: name, effort: effort)
    }

    /// Of a namespace's repositories.
    public func nearestRepository(to path: RepositoryPath) -> String? {
        guard let index = principals.accounts.find(path.namespace) else { return nil }
        return registry.namespaces[index].repositories.lazy.map { registry.repositories.names[$0] }
            .nearest(to: path.name, effort: effort).map { "\(path.namespace)/\($0)" }
    }
}
