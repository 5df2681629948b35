import AccessControl
import AccessModel
import LDAPClient

// One person, from the entry to what the rules would give them.
extension DirectoryCheckup {
    private static let step = "sample user"

    mutating func showSample(_ connection: inout LDAPConnection) throws(LDAPError) {
        guard let login else {
            guard let user = anybody else { return skip(Self.step, because: "nobody usable was read") }
            return try show(user, isAskedFor: false, &connection)
        }
        let found = try people(login, by: settings.users.filter, &connection)
        if found.count == 1 { return try show(found[0], isAskedFor: true, &connection) }
        if found.count > 1 {
            return report(
                Self.step, .failed, saw: "several entries have this login: \(Self.listed(found.map(\.dn), atMost: 3))",
                advice: "give each person a login of their own, or leave the other entries out by \"users.filter\"")
        }
        let others = try people(login, by: "(objectClass=*)", &connection)
        let saw = "nobody whom the search for users selects has \(settings.attributes.login) \"\(login)\""
        guard let other = others.first else {
            return report(
                Self.step, .failed, saw: saw,
                advice: "check the spelling, that the entry is below \(settings.users.base), and that the bind account "
                    + "sees it")
        }
        report(
            Self.step, .failed, saw: "\(saw); \(other.dn) has it, and the filter leaves it out",
            advice: "change \"users.filter\" if this person is meant to have an account")
    }

    /// Preferably somebody who may log in.
    private var anybody: DirectoryUser? {
        let users = (users?.entries ?? []).compactMap { try? mapper.user($0) }
        let people = ResolvedDirectory(DirectorySnapshot(users: users, groups: []), settings: settings, now: now).people
        let usable = people.filter { if case .success = $0.name { true } else { false } }
        let chosen = usable.first(where: \.isActive) ?? usable.first
        return users.first { $0.externalID == chosen?.externalID }
    }

    private func people(
        _ login: String, by filter: String, _ connection: inout LDAPConnection
    ) throws(LDAPError) -> [DirectoryUser] {
        let value = LDAPFilter.escape(login)
        var names = "(\(settings.attributes.login)=\(value))"
        if login.contains("@"), !settings.attributes.principalName.isEmpty {
            names = "(|\(names)(\(settings.attributes.principalName)=\(value)))"
        }
        var search = settings.users
        search.filter = filter
        let sample = try EntrySample(
            search, passing: names, attributes: mapper.userAttributes, settings, &connection, cancellation)
        return sample.entries.compactMap { try? mapper.user($0) }
    }

    // MARK: - One person

    private mutating func show(
        _ user: DirectoryUser, isAskedFor: Bool, _ connection: inout LDAPConnection
    ) throws(LDAPError) {
        let groups = try groups(naming: user, &connection)
        let directory = ResolvedDirectory(
            DirectorySnapshot(users: [user], groups: groups), settings: settings, now: now)
        guard let person = directory.people.first else { return }
        var saw = [user.dn, "identity \(user.externalID)"]
        var advice: [String] = []
        switch person.name {
        case .success(let name): saw.append("login \(user.login ?? "") becomes the account \(name)")
        case .failure(let refusal):
            saw.append("gets no account: \(refusal.reason)")
            advice.append("change the login")
        }
        if let reason = person.inactiveReason {
            saw.append("inactive: \(reason)")
            advice.append("nothing, if this is meant: whoever is inactive in the directory cannot log in here")
        } else {
            saw.append(user.expiresAt.map { "active until \($0)" } ?? "active, without an end")
        }
        if let name = user.principalName { saw.append("principal name \(name)") }
        let primary = if case .id(let id)? = user.primaryGroup { id } else { String?.none }
        let direct = groups.filter { $0.primaryID == nil || $0.primaryID != primary }.map(\.dn)
        saw.append(direct.isEmpty ? "no group names them" : "named by \(Self.listed(direct, atMost: 10))")
        if let primary {
            let group = groups.first { $0.primaryID == primary }?.dn
            saw.append("primary group \(group ?? "\(primary), which the search for groups does not find")")
        }
        if person.isActive { saw.append(gifts(directory, user)) }
        let isRefused = if case .failure = person.name { true } else { false }
        report(
            Self.step, isRefused ? .failed : advice.isEmpty || !isAskedFor ? .passed : .warning,
            saw: saw.joined(separator: "; "),
            advice: isAskedFor && !advice.isEmpty ? advice.joined(separator: "; ") : nil)
    }

    private func gifts(_ directory: ResolvedDirectory, _ user: DirectoryUser) -> String {
        var feeds: [String] = []
        for feed in directory.feeds where feed.members.contains(user.externalID) {
            let text = feed.rule.feeds.description
            if !feeds.contains(text) { feeds.append(text) }
        }
        guard !feeds.isEmpty else { return "the rules give them nothing by these groups alone" }
        return "by these groups alone the rules give them \(Self.listed(feeds, atMost: 10))"
    }

    /// The groups that name somebody themselves, and their primary group, each with them as the only member.
    private func groups(
        naming user: DirectoryUser, _ connection: inout LDAPConnection
    ) throws(LDAPError) -> [DirectoryGroup] {
        let logins = [user.login].compactMap(\.self) + user.otherLogins
        let named = Set(mapper.memberAttributes.map { $0.lowercased() }).sorted().flatMap { attribute in
            (attribute == "memberuid" ? logins : [user.dn]).map { "(\(attribute)=\(LDAPFilter.escape($0)))" }
        }
        var filter = "(|\(named.joined()))"
        let primary = if case .id(let id)? = user.primaryGroup { id } else { String?.none }
        if let primary { filter = "(|\(filter)\(mapper.dialect.filter(primaryGroup: primary)))" }
        let sample = try EntrySample(
            settings.groups, passing: filter, attributes: [mapper.dialect.identity] + mapper.dialect.groupAttributes,
            settings, &connection, cancellation)
        return sample.entries.compactMap { entry in
            guard var group = try? mapper.group(entry) else { return nil }
            group.membersReading = .complete
            if group.primaryID == nil || group.primaryID != primary { group.members = [.dn(user.dn)] }
            return group
        }
    }
}
