extension SyncPlanner {
    // MARK: Organisations

    mutating func planOrganizations() {
        var feedsOf: [AccountID: [Feed]] = [:]
        var isFrozen: Set<AccountID> = []
        let teams = Set(state.teams.map { TeamKey(organization: $0.organization, name: $0.name) })
        for feed in feeds {
            guard let name = feed.target.organization else { continue }
            guard let id = state.organizations[name] else {
                note(.missingTarget, name.rawValue, "the organisation that \(feed.group) should feed does not exist")
                continue
            }
            if case .team(_, let team) = feed.target, !teams.contains(TeamKey(organization: id, name: team)) {
                // Nobody may lose an organisation because somebody renamed one of its teams.
                isFrozen.insert(id)
                note(.missingTarget, "\(name)/\(team)", "the team that \(feed.group) should feed does not exist")
                continue
            }
            feedsOf[id, default: []].append(feed)
        }
        let members = Dictionary(grouping: state.organizationMembers, by: \.organization)
        let teamsElsewhere = keptTeamMemberships()
        for organization in organizations where feedsOf[organization.id] != nil || members[organization.id] != nil {
            plan(
                organization, feedsOf[organization.id] ?? [], members[organization.id] ?? [],
                isFrozen: isFrozen.contains(organization.id), keptBy: teamsElsewhere[organization.id] ?? [])
        }
    }

    private mutating func plan(
        _ organization: SyncOrganization, _ feeds: [Feed], _ members: [OrganizationMember], isFrozen: Bool,
        keptBy teams: Set<Int>
    ) {
        let current = bySubject(members, \.user)
        var entitled: [Int: (role: OrganizationMember.Role, group: String)] = [:]
        for feed in feeds {
            for subject in feed.members
            where entitled[subject].map({ $0.role == .member && feed.target.role == .owner }) ?? true {
                entitled[subject] = (feed.target.role, feed.group)
            }
        }
        let joiners = entitled.filter { subject, wanted in
            let has = current[subject]?.role
            return subjects[subject].isActive && (has == nil || (has == .member && wanted.role == .owner))
        }
        for subject in ordered(joiners.keys) {
            guard let (role, group) = joiners[subject] else { continue }
            let reason = "in \(group), which feeds \(organization)"
            if let member = current[subject] {
                if member.managedBy == state.directory {
                    add(.promoteOwner, .promoteToOwner(organization), to: subject, because: reason)
                } else {
                    let login = subjects[subject].reference.login
                    note(
                        .localMembership, "\(organization)",
                        "\(login) is \(reason) as an owner, and stays the member that a person made of them")
                }
            } else {
                add(.joinOrganization, .addToOrganization(organization, role: role), to: subject, because: reason)
            }
        }
        guard !isFrozen, let proof = CompleteReading(of: feeds.map(\.resolved), in: directory) else { return }
        let leavers = current.filter { subject, member in
            let isTooMuch = entitled[subject].map { $0.role == .member && member.role == .owner } ?? true
            return isTooMuch && member.managedBy == state.directory
        }
        for subject in ordered(leavers.keys) {
            if entitled[subject] != nil {
                let owners = feeds.filter { $0.target.role == .owner }
                let reason = reasonToLeave(subject, owners, "the owners of \(organization)")
                remove(.demoteOwner, .demoteFromOwner(organization), from: subject, because: reason, proof: proof)
            } else if teams.contains(subject) {
                note(
                    .localMembership, "\(organization)",
                    "\(subjects[subject].reference.login) stays for a team membership that a person made")
            } else {
                let reason = reasonToLeave(subject, feeds, "\(organization)")
                remove(
                    .leaveOrganization, .removeFromOrganization(organization), from: subject, because: reason,
                    proof: proof)
            }
        }
    }

    /// For each organisation who has a team membership there that this directory does not manage.
    private func keptTeamMemberships() -> [AccountID: Set<Int>] {
        let organizations = Dictionary(state.teams.map { ($0.id, $0.organization) }, uniquingKeysWith: { $1 })
        var kept: [AccountID: Set<Int>] = [:]
        for member in state.teamMembers where member.managedBy != state.directory {
            guard let subject = subjectByAccount[member.user], let place = organizations[member.team] else { continue }
            kept[place, default: []].insert(subject)
        }
        return kept
    }

    // MARK: Teams

    mutating func planTeams() {
        var feedsOf: [TeamKey: [Feed]] = [:]
        for feed in feeds {
            guard case .team(let name, let team) = feed.target, let id = state.organizations[name] else { continue }
            feedsOf[TeamKey(organization: id, name: team), default: []].append(feed)
        }
        let members = Dictionary(grouping: state.teamMembers, by: \.team)
        let teamsByOrganization = Dictionary(grouping: state.teams.sorted { $0.name < $1.name }, by: \.organization)
        for organization in organizations {
            for team in teamsByOrganization[organization.id] ?? [] {
                let feeds = feedsOf[TeamKey(organization: team.organization, name: team.name)] ?? []
                let current = members[team.id] ?? []
                guard !feeds.isEmpty || !current.isEmpty else { continue }
                plan(SyncTeam(id: team.id, name: team.name, organization: organization), feeds, current)
            }
        }
    }

    private mutating func plan(_ team: SyncTeam, _ feeds: [Feed], _ members: [TeamMember]) {
        let current = bySubject(members, \.user)
        var entitled: [Int: String] = [:]
        for feed in feeds {
            for subject in feed.members where subjects[subject].isActive && entitled[subject] == nil {
                entitled[subject] = feed.group
            }
        }
        for subject in ordered(entitled.keys.filter { current[$0] == nil }) {
            let reason = "in \(entitled[subject] ?? ""), which feeds \(team)"
            add(.joinTeam, .addToTeam(team), to: subject, because: reason)
        }
        guard let proof = CompleteReading(of: feeds.map(\.resolved), in: directory) else { return }
        let leavers = current.filter { entitled[$0.key] == nil && $0.value.managedBy == state.directory }
        for subject in ordered(leavers.keys) {
            let reason = reasonToLeave(subject, feeds, "\(team)")
            remove(.leaveTeam, .removeFromTeam(team), from: subject, because: reason, proof: proof)
        }
    }

    // MARK: System administrators

    mutating func planSystemAdmins() {
        let feeds = self.feeds.filter { $0.target == .systemAdmin }
        guard !feeds.isEmpty else { return }
        var entitled: [Int: String] = [:]
        for feed in feeds {
            for subject in feed.members where entitled[subject] == nil { entitled[subject] = feed.group }
        }
        for subject in ordered(entitled.keys) where subjects[subject].isActive {
            guard subjects[subject].account?.isSystemAdmin != true else { continue }
            let reason = "in \(entitled[subject] ?? ""), which feeds the system administrators"
            add(.promoteAdmin, .promoteToSystemAdmin, to: subject, because: reason)
        }
        guard let proof = CompleteReading(of: feeds.map(\.resolved), in: directory) else { return }
        let admins = subjects.indices.filter { subjects[$0].account?.isSystemAdmin == true && entitled[$0] == nil }
        for subject in ordered(admins) {
            let reason = reasonToLeave(subject, feeds, "the system administrators")
            remove(.demoteAdmin, .demoteFromSystemAdmin, from: subject, because: reason, proof: proof)
        }
    }

    // MARK: Helpers

    private struct TeamKey: Hashable {
        var organization: AccountID
        var name: TeamName
    }

    private var organizations: [SyncOrganization] {
        state.organizations.map { SyncOrganization(id: $0.value, name: $0.key) }.sorted { $0.name < $1.name }
    }

    private func bySubject<Member>(_ members: [Member], _ user: KeyPath<Member, AccountID>) -> [Int: Member] {
        members.reduce(into: [:]) { found, member in
            if let subject = subjectByAccount[member[keyPath: user]] { found[subject] = member }
        }
    }

    private func reasonToLeave(_ subject: Int, _ feeds: [Feed], _ target: String) -> String {
        guard let person = subjects[subject].person else { return "no longer in the directory" }
        let groups = feeds.map(\.group)
        if let reason = person.inactiveReason, feeds.contains(where: { $0.members.contains(subject) }) {
            return "inactive in the directory: \(reason)"
        }
        switch groups.count {
        case 0: return "no rule feeds \(target) any more"
        case 1: return "no longer in \(groups[0]), which feeds \(target)"
        default: return "no longer in any of \(groups.joined(separator: "; ")), which feed \(target)"
        }
    }
}

extension DirectorySettings.Feed {
    /// The organisation that somebody fed by this rule is a member of.
    fileprivate var organization: AccountName? {
        switch self {
        case .team(let name, _), .organization(let name, _): name
        case .systemAdmin: nil
        }
    }

    /// The role in that organisation.
    fileprivate var role: OrganizationMember.Role {
        if case .organization(_, let role) = self { role } else { .member }
    }
}
