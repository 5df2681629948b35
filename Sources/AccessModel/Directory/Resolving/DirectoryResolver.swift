extension ResolvedDirectory {
    /// Resolves names and references by the rules of the settings. Takes no account of the
    /// order in which the directory gave its entries.
    /// - Parameters:
    ///   - now: against which the ends of accounts are compared.
    ///   - known: the groups that the rules spoke of when they were read last, by whatever name.
    public init(
        _ snapshot: DirectorySnapshot, settings: DirectorySettings, now: Timestamp, known: [KnownGroup] = []
    ) {
        var resolver = DirectoryResolver(snapshot, settings, now, known)
        let feeds = settings.rules.map { resolver.feed($0) } + resolver.patternFeeds()
        self.init(
            people: resolver.people(), feeds: feeds, usersReading: snapshot.usersReading,
            groupsReading: snapshot.groupsReading, notes: Array(Set(resolver.notes)).sorted(),
            policy: SyncPolicy(settings), time: now)
        groupsRead = resolver.groups.count
    }
}

private struct DirectoryResolver {
    let users: [DirectoryUser]
    let groups: [DirectoryGroup]
    private(set) var notes: [SyncNote] = []
    private let settings: DirectorySettings
    private let now: Timestamp
    private let bases: [DistinguishedName]
    private let searchesReason: String?
    /// The groups that rules speak of, as they were read last.
    private let known: [DirectorySettings.Rule: KnownGroup]
    private var index: MemberIndex
    private var usersByPrimaryGroup: [String: [Int]] = [:]
    /// Somebody of whom the primary group is hidden.
    private var hidingUser: Int?
    private var groupsByID: [String: Int] = [:]
    /// By their identities as ExternalID writes them.
    private var groupsByUUID: [String: Int] = [:]
    private var direct: [Int: DirectMembers] = [:]

    /// What one group holds itself.
    private struct DirectMembers {
        var users: [Int] = []
        var groups: [Int] = []
        /// References to nobody whom the searches select.
        var strangers: [String] = []
        /// Those of them that are logins, in ASCII lower case.
        var unknownLogins: [String] = []
        /// References that several people answer to.
        var ambiguous: [String] = []
    }

    init(
        _ snapshot: DirectorySnapshot, _ settings: DirectorySettings, _ now: Timestamp, _ known: [KnownGroup]
    ) {
        self.settings = settings
        self.now = now
        self.known = Dictionary(
            known.flatMap { group in group.ownRules.map { ($0, group) } }, uniquingKeysWith: { first, _ in first })
        bases = [settings.users.base, settings.groups.base].compactMap { DistinguishedName($0) }
        users = Self.unique(snapshot.users, by: \.externalID)
        var read = snapshot.groups
        read.doubtTwins()
        groups = Self.unique(read, by: \.externalID)
        index = MemberIndex(users: users, groups: groups)
        for (position, user) in users.enumerated() {
            switch user.primaryGroup {
            case .id(let group)?: usersByPrimaryGroup[group, default: []].append(position)
            case .hidden?: hidingUser = hidingUser ?? position
            case nil: break
            }
        }
        for (position, group) in groups.enumerated() {
            groupsByID[group.externalID] = position
            groupsByUUID[group.externalID.lowercasedASCII] = position
        }
        searchesReason =
            ResolvedDirectory(
                people: [], feeds: [], usersReading: snapshot.usersReading, groupsReading: snapshot.groupsReading,
                time: now
            ).searchesReason
        if let first = snapshot.aliases.first {
            let others = snapshot.aliases.count > 1 ? " (and \(snapshot.aliases.count - 1) more)" : ""
            notes.append(
                SyncNote(
                    .alias, first,
                    "is an alias entry\(others): what it stands for is not read unless that is below the base itself"))
        }
        notes += snapshot.referrals.map { SyncNote(.referral, $0, "a reference elsewhere was not followed") }
    }

    /// The entries in order of identity. One that moved between two pages is read twice; what
    /// was read last counts.
    private static func unique<Entry>(_ entries: [Entry], by id: (Entry) -> String) -> [Entry] {
        let ids = entries.map(id)
        let order = entries.indices.sorted { ids[$0] == ids[$1] ? $0 < $1 : ids[$0] < ids[$1] }
        return order.indices.compactMap { place in
            let isLast = place + 1 == order.count || ids[order[place]] != ids[order[place + 1]]
            return isLast ? entries[order[place]] : nil
        }
    }

    // MARK: People

    func people() -> [ResolvedPerson] {
        let names = users.map { Self.name($0.login, attribute: settings.attributes.login) }
        var holders: [AccountName: [Int]] = [:]
        for (position, name) in names.enumerated() {
            if case .success(let name) = name { holders[name, default: []].append(position) }
        }
        return users.enumerated().map { position, user in
            var name = names[position]
            if case .success(let text) = name, let same = holders[text], same.count > 1 {
                let others = others(than: position, among: same)
                name = .failure(.init(reason: "the login \(text) is also that of \(others); make it one person's"))
            }
            if let field = user.overlongField {
                name = .failure(.init(reason: "its \(field) is longer than \(DirectoryUser.longestKey) bytes"))
            }
            let principalName = user.principalName.flatMap { $0.utf8.count > DirectoryUser.longestKey ? nil : $0 }
            var person = ResolvedPerson(
                externalID: user.externalID, dn: user.dn, name: name, fullName: user.fullName, email: user.email,
                principalName: principalName, inactiveReason: user.inactiveReason(at: now))
            person.hasLogin = user.login != nil
            return person
        }
    }

    /// The first three of those who share a login, and how many more there are.
    private func others(than position: Int, among same: [Int]) -> String {
        let shown = same.lazy.filter { $0 != position }.prefix(3).map { users[$0].dn }
        let rest = same.count - 1 - shown.count
        return shown.joined(separator: "; ") + (rest > 0 ? " and \(rest) more" : "")
    }

    private static func name(_ login: String?, attribute: String) -> Result<AccountName, ResolvedPerson.Refusal> {
        guard let login else { return .failure(.init(reason: "the entry has no \(attribute)")) }
        do {
            return .success(try AccountName(login.lowercasedASCII))
        } catch {
            return .failure(.init(reason: error.description))
        }
    }

    // MARK: Feeds

    mutating func feed(_ rule: DirectorySettings.Rule) -> ResolvedFeed {
        guard let root = group(of: rule) else {
            return ResolvedFeed(
                rule: rule, group: rule.group, members: [],
                reading: .incomplete(reason: searchesReason ?? missing(rule)))
        }
        return feed(rule, from: root, makesTarget: false)
    }

    /// Why the group of a rule was not found, and what to do.
    private mutating func missing(_ rule: DirectorySettings.Rule) -> String {
        let last = known[rule].map { ", read last as \($0.dn) with the identity \($0.externalID)," } ?? ""
        let text =
            "the group \(rule.group)\(last) was not found: it is deleted, hidden, or out of what the search for groups "
            + "selects. "
        if known[rule] != nil, case .group(let position) = index.find(dn: rule.group) {
            let stranger = groups[position].externalID
            return text
                + "Another group has its name, \(stranger): put that identity into the rule if it is the one that is meant"
        }
        return text + "Check the rule and the search, or take the rule out if the group is gone for good"
    }

    /// What the patterns make of the names of groups, in order of the groups' identities.
    mutating func patternFeeds() -> [ResolvedFeed] {
        guard !settings.patterns.isEmpty else { return [] }
        return groups.indices.compactMap { position in
            let group = groups[position]
            guard let name = DistinguishedName(group.dn)?.commonName else { return nil }
            let matches = settings.patterns.lazy.map { $0.match(name) }
            switch matches.first(where: { $0 != .none }) ?? .none {
            case .none:
                return nil
            case .refused(let reason):
                notes.append(SyncNote(.refusedGroup, group.dn, reason))
                return nil
            case .feed(let target):
                return feed(.init(group: group.dn, feeds: target), from: position, makesTarget: true)
            }
        }
    }

    private mutating func feed(_ rule: DirectorySettings.Rule, from root: Int, makesTarget: Bool) -> ResolvedFeed {
        var reasons = searchesReason.map { [$0] } ?? []
        var members: Set<Int> = []
        var strangers: Set<String> = []
        var unknownLogins: Set<String> = []
        let nested = nested(from: root)
        for position in nested {
            let group = groups[position]
            if let reason = group.membersReading.reason {
                reasons.append("not all members of \(group.dn) were read: \(reason)")
            }
            if group.primaryID != nil, let hidingUser {
                reasons.append(
                    "whose primary group \(group.dn) is cannot be told: \(users[hidingUser].dn) does not show its own")
            }
            let direct = directMembers(of: position)
            members.formUnion(direct.users)
            strangers.formUnion(direct.strangers)
            unknownLogins.formUnion(direct.unknownLogins)
            for reference in direct.ambiguous {
                reasons.append("the member \(reference) of \(group.dn) stands for several entries")
            }
        }
        var feed = ResolvedFeed(
            rule: rule, group: groups[root].dn, members: members.sorted().map { users[$0].externalID },
            elsewhere: note(strangers, of: groups[root].dn), makesTarget: makesTarget,
            reading: reasons.isEmpty ? .complete : .incomplete(reason: reasons.joined(separator: "; ")))
        feed.unknownLogins = unknownLogins
        feed.groups = nested.map { .init(externalID: groups[$0].externalID, dn: groups[$0].dn) }
        return feed
    }

    private mutating func group(of rule: DirectorySettings.Rule) -> Int? {
        if let id = ExternalID(rule.group) { return groupsByUUID[id.text] }
        let named = if case .group(let position) = index.find(dn: rule.group) { position } else { Int?.none }
        guard let known = known[rule] else { return named }
        // A stranger's group that has the name by now is not the one that was meant.
        guard let position = groupsByID[known.externalID] else { return nil }
        guard position != named else { return position }
        notes.append(
            SyncNote(
                .renamedGroup, rule.group,
                "is \(groups[position].dn) by now, and goes on feeding \(rule.feeds)"
                    + (named == nil ? "" : "; another group has the old name")
                    + ": name it so in the rule"))
        return position
    }

    /// The group and all groups in it, each once, so that a cycle ends.
    private mutating func nested(from root: Int) -> [Int] {
        var seen: Set<Int> = [root]
        var found = [root]
        var next = 0
        while next < found.count {
            for group in directMembers(of: found[next]).groups where seen.insert(group).inserted { found.append(group) }
            next += 1
        }
        return found
    }

    private mutating func directMembers(of position: Int) -> DirectMembers {
        if let known = direct[position] { return known }
        let group = groups[position]
        var members = DirectMembers()
        for reference in group.members {
            switch index.find(reference) {
            case .user(let user): members.users.append(user)
            case .group(let group): members.groups.append(group)
            case .nobody:
                members.strangers.append(reference.text)
                if case .login(let login) = reference { members.unknownLogins.append(login.lowercasedASCII) }
            case .ambiguous: members.ambiguous.append(reference.text)
            }
        }
        if let id = group.primaryID, let primary = usersByPrimaryGroup[id] { members.users += primary }
        members.groups.sort()
        members.ambiguous.sort()
        direct[position] = members
        return members
    }

    /// A reference to a computer or to a person whom the filter leaves out is nothing wrong, but is
    /// what somebody may be looking for.
    /// - Returns: the names outside of what is read, in order; whether another directory knows
    ///   them is for the plan to tell.
    private mutating func note(_ strangers: Set<String>, of group: String) -> [String] {
        let (outside, inside) = strangers.sorted().reduce(into: ([String](), [String]())) { parts, text in
            let name = DistinguishedName(text)
            let isOutside = name.map { name in !bases.contains(where: name.isWithin) } ?? false
            if isOutside { parts.0.append(text) } else { parts.1.append(text) }
        }
        add(inside, of: group, "not to be found: gone, hidden from the bind account, or left out by the filters")
        return outside
    }

    private mutating func add(_ members: [String], of group: String, _ why: String) {
        // Who was not read is not to be found either.
        guard !members.isEmpty, searchesReason == nil else { return }
        let shown = members.prefix(5).joined(separator: "; ") + (members.count > 5 ? "; …" : "")
        let count = members.count == 1 ? "1 member" : "\(members.count) members"
        notes.append(SyncNote(.unresolvedMembers, group, "\(count) \(why): \(shown)"))
    }
}

extension MemberReference {
    fileprivate var text: String {
        switch self {
        case .dn(let text), .login(let text): text
        }
    }
}

extension DirectoryUser {
    /// In bytes: what people are found under has to fit into a row of an index, of which PostgreSQL lets have 2,704.
    fileprivate static let longestKey = 2_000

    /// What is longer than that, in words.
    fileprivate var overlongField: String? {
        [("identity", externalID), ("DN", dn), ("principal name", principalName ?? "")]
            .first { $0.1.utf8.count > Self.longestKey }?.0
    }
}
