// Where things stand in the graph, by identity and by name; nil for what is not there.

extension AccessGraph {
    func index(of id: AccountID) -> Int32? {
        accountsByID.find(NameHash.hash(id.rawValue)) { accounts[$0].id == id }
    }

    func index(of id: TeamID) -> Int32? {
        teamsByID.find(NameHash.hash(id.rawValue)) { teams[$0].id == id }
    }

    func index(of id: ServiceAccountID) -> Int32? {
        serviceAccountsByID.find(NameHash.hash(id.rawValue)) { serviceAccounts[$0].id == id }
    }

    func index(of id: RepositoryID) -> Int32? {
        repositoriesByID.find(NameHash.hash(id.rawValue)) { repositories[$0].id == id }
    }

    func index(named name: AccountName) -> Int32? {
        accountsByName.find(NameHash.hash(name.rawValue)) { accounts[$0].name == name }
    }

    func index(at path: RepositoryPath) -> Int32? {
        guard let namespace = index(named: path.namespace) else { return nil }
        return repositoriesByName.find(NameHash.hash(path.name, in: namespace)) {
            repositories[$0].namespace == namespace && repositories[$0].name == path.name
        }
    }

    func index(ofServiceAccount name: TeamName, of owner: AccountName) -> Int32? {
        guard let owner = index(named: owner) else { return nil }
        return serviceAccountsByName.find(NameHash.hash(name.rawValue, in: owner)) {
            serviceAccounts[$0].owner == owner && serviceAccounts[$0].name == name
        }
    }
}
