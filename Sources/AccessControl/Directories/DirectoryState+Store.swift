import AccessModel

extension DirectoryState {
    /// What the rows say that a plan for this directory is made against.
    init(of directory: Directory, from reader: any StoreReader) throws(AccessError) {
        self.init(directory: directory.name)
        try readAccounts(from: reader)
        try readTargets(of: directory.settings.rules, from: reader)
        try readMemberships(from: reader)
    }

    private mutating func readAccounts(from reader: any StoreReader) throws(AccessError) {
        for user in try reader.accounts(.user, .all).map(\.value) {
            if user.isSystemAdmin && user.isActive { activeSystemAdmins.insert(user.id) }
            if user.directory?.directory == directory {
                let ownsRepositories = try !reader.repositories(in: user.id, Page(limit: 1)).isEmpty
                accounts.append(LinkedAccount(account: user, ownsRepositories: ownsRepositories))
                continue
            }
            let holder = user.directory.map { NameHolder.directory($0.directory) } ?? .localUser
            takenNames[user.name] = holder
            if let login = user.login { takenNames[login] = holder }
        }
        for organization in try reader.accounts(.organization, .all).map(\.value) {
            takenNames[organization.name] = .organization
            organizations[organization.name] = organization.id
        }
        for retired in try reader.retiredNames(.all) { takenNames[retired.name] = .retired }
    }

    private mutating func readTargets(of rules: [DirectorySettings.Rule], from reader: any StoreReader)
        throws(AccessError)
    {
        for id in organizations.values.sorted() {
            teams += try reader.teams(of: id, .all).map(\.value)
        }
    }

    private mutating func readMemberships(from reader: any StoreReader) throws(AccessError) {
        let linked = Set(accounts.map(\.account.id))
        for id in organizations.values.sorted() {
            for member in try reader.members(of: id, .all) {
                if member.membership.role == .owner && member.isActive {
                    activeOwners[id, default: []].insert(member.membership.user)
                }
                if linked.contains(member.membership.user) { organizationMembers.append(member.membership) }
            }
        }
        for team in teams {
            for member in try reader.members(of: team.id, .all) where linked.contains(member.membership.user) {
                teamMembers.append(member.membership)
            }
        }
    }
}
