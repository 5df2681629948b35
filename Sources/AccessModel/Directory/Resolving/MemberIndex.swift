/// Finds the users and groups of a snapshot by what a member attribute holds.
struct MemberIndex {
    enum Found: Hashable {
        case user(Int)
        case group(Int)
        case nobody
        /// Several entries answer to it, so that it names none of them for certain.
        case ambiguous
    }

    private let users: [DirectoryUser]
    private let groups: [DirectoryGroup]
    private var byText: [ExactText: Found] = [:]
    private var byLogin: [String: Found] = [:]
    /// Made when a text is not found as written: servers mostly write a DN always the same.
    private lazy var byName: [DistinguishedName: Found] = makeNames()

    init(users: [DirectoryUser], groups: [DirectoryGroup]) {
        self.users = users
        self.groups = groups
        byText.reserveCapacity(users.count + groups.count)
        for (position, user) in users.enumerated() {
            byText[ExactText(user.dn)] = .user(position)
            if let login = user.login { add(login, of: position, to: &byLogin) }
        }
        // Somebody's first login is not another's, whatever that one wrote into the own entry.
        var others: [String: Found] = [:]
        for (position, user) in users.enumerated() where !user.otherLogins.isEmpty {
            for login in user.otherLogins { add(login, of: position, to: &others) }
        }
        byLogin.merge(others) { first, _ in first }
        for (position, group) in groups.enumerated() { byText[ExactText(group.dn)] = .group(position) }
    }

    private func add(_ login: String, of user: Int, to logins: inout [String: Found]) {
        let login = login.lowercasedASCII
        let known = logins[login]
        logins[login] = known == nil || known == .user(user) ? .user(user) : .ambiguous
    }

    mutating func find(_ reference: MemberReference) -> Found {
        switch reference {
        case .login(let login): byLogin[login.lowercasedASCII] ?? .nobody
        case .dn(let dn): find(dn: dn)
        }
    }

    mutating func find(dn: String) -> Found {
        if let found = byText[ExactText(dn)] { return found }
        guard let name = DistinguishedName(dn) else { return .nobody }
        return byName[name] ?? .nobody
    }

    private func makeNames() -> [DistinguishedName: Found] {
        var names: [DistinguishedName: Found] = [:]
        names.reserveCapacity(users.count + groups.count)
        func add(_ dn: String, _ found: Found) {
            guard let name = DistinguishedName(dn) else { return }
            names[name] = names[name] == nil ? found : .ambiguous
        }
        for (position, user) in users.enumerated() { add(user.dn, .user(position)) }
        for (position, group) in groups.enumerated() { add(group.dn, .group(position)) }
        return names
    }
}
