extension SyncPlanner {
    // MARK: Organisations

    mutating func planOrganizations() {
        var feedsOf: [AccountName: [Feed]] = [:]
        var isFrozen: Set<AccountName> = []
        let known = Set(organizations.map(\.name))
        let knownTeams = Set(teams.map { TeamKey(organization: $0.organization.name, name: $0.name) })
        for feed in feeds {
            guard let name = feed.target.organization else { continue }
            guard known.contains(name) else {
                note(.missingTarget, name.rawValue, "the organisation that \(feed.group) should feed does not exist")
                continue
            }
            if case .team(_, let team) = feed.target, !knownTeams.contains(TeamKey(organization: name, name: team)) {
                // Nobody may lose an organisation because somebody renamed one of its teams.
                isFrozen.insert(name)
                note(.missingTarget, "\(name)/\(team)", "the team that \(feed.group) should feed does not exist")
                continue
            }
            feedsOf[name, default: []].append(feed)
        }
        let members = Dictionary(grouping: state.organizationMembers, by: \.organization)
        let teamsElsewhere = keptTeamMemberships()
        isFrozen.formUnion(teamsWithoutGroup.map(\.organization.name))
        var keepsOwners: Set<AccountName> = []
        for organization in organizations where organization.id.map(state.managedOrganizations.contains) == true {
            let feeds = feedsOf[organization.name] ?? []
            if directory.policy.makesOwners, !feeds.contains(where: { $0.target.role == .owner }) {
                keepsOwners.insert(organization.name)
            }
            guard directory.policy.makesOrganizations, feeds.isEmpty else { continue }
            isFrozen.insert(organization.name)
            note(
                .missingGroup, organization.name.rawValue,
                "no group that is read stands for this organisation any more, so nobody is removed from it: perhaps the bind "
                    + "account does not see it; delete the organisation only if the group is gone"
            )
        }
        for organization in organizations {
            let current = organization.id.flatMap { members[$0] } ?? []
            guard feedsOf[organization.name] != nil || !current.isEmpty else { continue }
            plan(
                organization, feedsOf[organization.name] ?? [], current,
                isFrozen: isFrozen.contains(organization.name), keepsOwners: keepsOwners.contains(organization.name),
                keptBy: organization.id.flatMap { teamsElsewhere[$0] } ?? [])
        }
    }

    private mutating func plan(
        _ organization: SyncOrganization, _ feeds: [Feed], _ members: [OrganizationMember], isFrozen: Bool,
        keepsOwners: Bool, keptBy teams: Set<Int>
    ) {
        let current = bySubject(members, \.user)
        var entitled: [Int: (role: OrganizationMember.Role, reason: String)] = [:]
        for feed in feeds {
            let reason = "in \(feed.group), which feeds \(organization)"
            for subject in feed.members
            where entitled[subject].map({ $0.role == .member && feed.target.role == .owner }) ?? true {
                entitled[subject] = (feed.target.role, reason)
            }
        }
        let joiners = entitled.filter { subject, wanted in
            let has = current[subject]?.role
            return subjects[subject].isActive && (has == nil || (has == .member && wanted.role == .owner))
        }
        for subject in ordered(joiners.keys) {
            guard let (role, reason) = joiners[subject] else { continue }
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
        let hasUnknown = feeds.contains(where: \.hasUnknownMembers)
        let leavers = current.filter { subject, member in
            if hasUnknown && subjects[subject].isOfAnotherDirectory { return false }
            if keepsOwners && member.role == .owner { return false }
            // Leaving would cost what rests.
            if subjects[subject].isGone { return false }
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

    /// For each organisation who has a team membership there that this directory does not manage, and keeps it.
    private func keptTeamMemberships() -> [AccountID: Set<Int>] {
        let organizations = Dictionary(state.teams.map { ($0.id, $0.organization) }, uniquingKeysWith: { $1 })
        var kept: [AccountID: Set<Int>] = [:]
        for member in state.teamMembers where member.managedBy != state.directory {
            guard let subject = subjectByAccount[member.user], let place = organizations[member.team],
                leavingTeams[member.team]?.contains(subject) != true
            else { continue }
            kept[place, default: []].insert(subject)
        }
        return kept
    }

    // MARK: Teams

    mutating func planTeams() {
        var feedsOf: [TeamKey: [Feed]] = [:]
        for feed in feeds {
            guard case .team(let name, let team) = feed.target else { continue }
            feedsOf[TeamKey(organization: name, name: team), default: []].append(feed)
        }
        let members = Dictionary(grouping: state.teamMembers, by: \.team)
        let withoutGroup = Set(teamsWithoutGroup)
        for team in teams {
            let feeds = feedsOf[TeamKey(organization: team.organization.name, name: team.name)] ?? []
            let current = team.id.flatMap { members[$0] } ?? []
            if withoutGroup.contains(team) {
                note(
                    .missingGroup, "\(team)",
                    "no group that is read stands for this team any more, so nobody is removed from it: perhaps the bind "
                        + "account does not see it; delete the team only if the group is gone"
                )
                continue
            }
            guard !feeds.isEmpty || !current.isEmpty else { continue }
            plan(team, feeds, current)
        }
    }

    /// Teams that a pattern made for a group that is not there. It may be hidden only, so they are frozen.
    private var teamsWithoutGroup: [SyncTeam] {
        guard directory.policy.makesTeams else { return [] }
        let fed = Set(
            feeds.compactMap { feed -> TeamKey? in
                guard case .team(let name, let team) = feed.target else { return nil }
                return TeamKey(organization: name, name: team)
            })
        let made = Set(state.teams.filter { $0.managedBy == state.directory }.map(\.id))
        return teams.filter { team in
            team.id.map(made.contains) == true
                && !fed.contains(TeamKey(organization: team.organization.name, name: team.name))
        }
    }

    private mutating func plan(_ team: SyncTeam, _ feeds: [Feed], _ members: [TeamMember]) {
        let current = bySubject(members, \.user)
        var entitled: [Int: String] = [:]
        for feed in feeds {
            let reason = "in \(feed.group), which feeds \(team)"
            for subject in feed.members where subjects[subject].isActive && entitled[subject] == nil {
                entitled[subject] = reason
            }
        }
        for subject in ordered(entitled.keys.filter { current[$0] == nil }) {
            add(.joinTeam, .addToTeam(team), to: subject, because: entitled[subject] ?? "")
        }
        guard let proof = CompleteReading(of: feeds.map(\.resolved), in: directory) else { return }
        let removesLocal = directory.policy.removesLocalMembers && !feeds.isEmpty
        let hasUnknown = feeds.contains(where: \.hasUnknownMembers)
        let leavers = current.filter { subject, member in
            if entitled[subject] != nil || hasUnknown && subjects[subject].isOfAnotherDirectory { return false }
            return member.managedBy == state.directory || removesLocal && member.managedBy == nil
        }
        for subject in ordered(leavers.keys) {
            let reason = reasonToLeave(subject, feeds, "\(team)", isLocal: leavers[subject]?.managedBy == nil)
            if let id = team.id { leavingTeams[id, default: []].insert(subject) }
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
        let admins = subjects.indices.filter { subject in
            subjects[subject].account?.isSystemAdmin == true && entitled[subject] == nil
                && !subjects[subject].isBystander && !subjects[subject].isGone
        }
        for subject in ordered(admins) {
            let reason = reasonToLeave(subject, feeds, "the system administrators")
            remove(.demoteAdmin, .demoteFromSystemAdmin, from: subject, because: reason, proof: proof)
        }
    }

    // MARK: Helpers

    private func bySubject<Member>(_ members: [Member], _ user: KeyPath<Member, AccountID>) -> [Int: Member] {
        members.reduce(into: [:]) { found, member in
            if let subject = subjectByAccount[member[keyPath: user]] { found[subject] = member }
        }
    }

    private func reasonToLeave(
        _ subject: Int, _ feeds: [Feed], _ target: String, isLocal: Bool = false
    ) -> String {
        let person = subjects[subject].person
        guard person != nil || subjects[subject].isBystander else { return "no longer in the directory" }
        let groups = feeds.map(\.group)
        if !subjects[subject].isActive, feeds.contains(where: { $0.members.contains(subject) }) {
            return person?.inactiveReason.map { "inactive in the directory: \($0)" } ?? "the account is inactive"
        }
        if isLocal {
            return "not in \(groups.joined(separator: "; ")); \(target) keeps no members that a person added"
        }
        switch groups.count {
        case 0: return "no rule feeds \(target) any more"
        case 1: return "no longer in \(groups[0]), which feeds \(target)"
        default: return "no longer in any of the \(groups.count) groups that feed \(target)"
        }
    }
}

extension DirectorySettings.Feed {
    /// The role in the organisation that is fed.
    fileprivate var role: OrganizationMember.Role {
        if case .organization(_, let role) = self { role } else { .member }
    }
}
