extension SyncPlanner {
    // MARK: Who is fed

    /// The feeds with those of their members who have an account or get one. For use once all
    /// people are known; enters the bystanders.
    mutating func findMembers() {
        for account in state.others where subjectByAccount[account.id] == nil { enter(Subject(bystander: account)) }
        let isNeeded = directory.feeds.contains { !$0.elsewhere.isEmpty }
        let known = isNeeded ? bystandersByName() : [:]
        let loginless = directory.feeds.contains { !$0.unknownLogins.isEmpty } ? peopleWithoutLogin() : [:]
        feeds = directory.feeds.map { feed in
            let own =
                feed.members.compactMap { subjectByExternalID[$0] }
                + feed.unknownLogins.sorted().compactMap { loginless[$0] }
            let found = feed.elsewhere.map { (name: $0, subject: DistinguishedName($0).flatMap { known[$0] }) }
            let unknown = found.filter { $0.subject == nil }.map(\.name)
            let sids = unknown.compactMap { DistinguishedName($0)?.foreignSID }
            noteUnknown(sids, of: feed, "from another forest, or built-in, that no directory here knows")
            noteUnknown(
                unknown.filter { DistinguishedName($0)?.foreignSID == nil }, of: feed, "outside of what is read")
            // Who administers the service is told by the person's own directory.
            let others = feed.rule.feeds == .systemAdmin ? [] : found.compactMap(\.subject)
            return Feed(resolved: feed, members: own + others, hasUnknownMembers: !unknown.isEmpty)
        }
    }

    private mutating func noteUnknown(_ members: [String], of feed: ResolvedFeed, _ what: String) {
        guard !members.isEmpty else { return }
        let count = members.count == 1 ? "1 member" : "\(members.count) members"
        let shown = members.prefix(5).joined(separator: "; ") + (members.count > 5 ? "; …" : "")
        note(.unresolvedMembers, feed.group, "\(count) \(what): \(shown)")
    }

    /// People whose logins are kept here and shown by nobody any more: a group that names its members by login means
    /// them.
    private func peopleWithoutLogin() -> [String: Int] {
        let people = subjects.indices.filter { subjects[$0].person?.hasLogin == false }
        return Dictionary(
            people.map { (subjects[$0].reference.login.rawValue, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A name that somebody left behind is that of whoever has it now; one that two have stands for neither.
    private func bystandersByName() -> [DistinguishedName: Int] {
        let named = subjects.indices.compactMap { subject -> (name: DistinguishedName, subject: Int)? in
            guard subjects[subject].isBystander, let link = subjects[subject].account?.directory, link.goneSince == nil
            else { return nil }
            return DistinguishedName(link.dn).map { ($0, subject) }
        }
        return Dictionary(grouping: named, by: \.name).compactMapValues { $0.count == 1 ? $0[0].subject : nil }
    }

    // MARK: What is fed

    /// Finds the organisations and teams, makes those that patterns call for, and leaves out
    /// the feeds of patterns that call for what somebody else made.
    mutating func planTargets() {
        organizations = state.organizations.map { SyncOrganization(id: $0.value, name: $0.key) }
        let places = Dictionary(organizations.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        teams = state.teams.compactMap { team in
            places[team.organization].map { SyncTeam(id: team.id, name: team.name, organization: $0) }
        }
        var byName = Dictionary(organizations.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        var made = Set(
            state.teams.filter { $0.managedBy == state.directory }.compactMap { team in
                places[team.organization].map { TeamKey(organization: $0.name, name: team.name) }
            })
        var known = Set(teams.map { TeamKey(organization: $0.organization.name, name: $0.name) })
        feeds = feeds.filter { feed in
            guard feed.resolved.makesTarget, let name = feed.target.organization else { return true }
            guard let place = organization(name, for: feed, &byName) else { return false }
            guard case .team(_, let team) = feed.target else { return true }
            let key = TeamKey(organization: name, name: team)
            if known.insert(key).inserted {
                let new = SyncTeam(id: nil, name: team, organization: place)
                add(.createTeam, .createTeam(new), to: nil, because: "for the group \(feed.group)")
                teams.append(new)
                made.insert(key)
            }
            guard made.contains(key) else {
                note(
                    .missingTarget, "\(name)/\(team)",
                    "this directory did not make the team, so the pattern that fits \(feed.group) leaves it alone: write a rule"
                )
                return false
            }
            return true
        }
        organizations.sort { $0.name < $1.name }
        teams.sort { ($0.organization.name, $0.name) < ($1.organization.name, $1.name) }
    }

    /// The organisation that a pattern calls for, made if there is none; nil if it is not the directory's.
    private mutating func organization(
        _ name: AccountName, for feed: Feed, _ byName: inout [AccountName: SyncOrganization]
    ) -> SyncOrganization? {
        if let known = byName[name] {
            if known.id.map(state.managedOrganizations.contains) ?? true { return known }
            note(
                .missingTarget, name.rawValue,
                "this directory did not make the organisation, so the pattern that fits \(feed.group) leaves it alone: write a rule"
            )
            return nil
        }
        if let obstacle = names.obstacle(to: name, for: feed.group) {
            note(.refusedGroup, feed.group, "makes no organisation: \(obstacle)")
            return nil
        }
        names.give(name, to: feed.group)
        let new = SyncOrganization(id: nil, name: name)
        add(.createOrganization, .createOrganization(new), to: nil, because: "for the group \(feed.group)")
        organizations.append(new)
        byName[name] = new
        return new
    }
}

/// A team by the names that a rule gives it.
struct TeamKey: Hashable {
    var organization: AccountName
    var name: TeamName
}

extension DirectorySettings.Feed {
    /// The organisation that somebody fed by this rule is a member of.
    var organization: AccountName? {
        switch self {
        case .team(let name, _), .organization(let name, _): name
        case .systemAdmin: nil
        }
    }
}
