import AccessModel

extension DirectoryState {
    /// What the rows say that a plan for this directory is made against.
    init(of directory: Directory, from reader: any StoreReader) throws(AccessError) {
        self.init(directory: directory.name)
        let others = try reader.directories().count > 1
        let active = try readUsers(
            from: reader, withLocal: directory.settings.localMembers == .remove, withOthers: others)
        try readPlaces(from: reader)
        try readMemberships(from: reader, active: active)
    }

    /// - Returns: all users who are active.
    private mutating func readUsers(
        from reader: any StoreReader, withLocal: Bool, withOthers: Bool
    ) throws(AccessError) -> Set<AccountID> {
        var active: Set<AccountID> = []
        for user in try reader.accounts(.user, .all).map(\.value) {
            if user.isActive { active.insert(user.id) }
            if user.isSystemAdmin && user.isActive { activeSystemAdmins.insert(user.id) }
            if user.directory?.directory == directory {
                accounts.append(LinkedAccount(account: user))
                continue
            }
            if user.directory == nil ? withLocal : withOthers { others.append(user) }
            let holder = user.directory.map { NameHolder.directory($0.directory) } ?? .localUser
            takenNames[user.name] = holder
            if let login = user.login { takenNames[login] = holder }
        }
        let owners = try reader.repositoryOwners().union(try reader.privateCollectionOwners())
        for index in accounts.indices { accounts[index].ownsRepositories = owners.contains(accounts[index].account.id) }
        for retired in try reader.retiredNames(.all) { takenNames[retired.name] = .retired }
        for word in AccountName.wordsOfPaths { takenNames[AccountName(trusted: word)] = .api }
        return active
    }

    private mutating func readPlaces(from reader: any StoreReader) throws(AccessError) {
        for organization in try reader.accounts(.organization, .all).map(\.value) {
            takenNames[organization.name] = .organization
            organizations[organization.name] = organization.id
            if organization.managedBy == directory { managedOrganizations.insert(organization.id) }
        }
        for id in organizations.values.sorted() { teams += try reader.teams(of: id, .all).map(\.value) }
    }

    private mutating func readMemberships(
        from reader: any StoreReader, active: Set<AccountID>
    ) throws(AccessError) {
        let concerned = Set(accounts.map(\.account.id) + others.map(\.id))
        for member in try reader.organizationMembers() {
            if member.role == .owner, active.contains(member.user) {
                activeOwners[member.organization, default: []].insert(member.user)
            }
            if concerned.contains(member.user) { organizationMembers.append(member) }
        }
        teamMembers = try reader.teamMembers().filter { concerned.contains($0.user) }
    }
}
