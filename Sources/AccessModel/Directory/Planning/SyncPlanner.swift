extension SyncPlan {
    /// Compares what the directory says with what there is.
    ///
    /// - Joining a team joins its organisation. Memberships that a person made (`managedBy` nil)
    ///   or that another directory keeps are neither removed nor changed.
    /// - Who is in no group any more that feeds a team leaves that team, and leaves its
    ///   organisation only if the directory made that membership too, no rule feeds the person into
    ///   the organisation or one of its teams, and no other team membership there would be lost with it.
    /// - Inactive people leave the teams that the directory feeds at once and are given nothing.
    ///   Their places in organisations stay as long as the groups say so, as leaving one
    ///   would cost direct grants that coming back does not restore.
    /// - Who is gone from the directory is deactivated and loses all that it manages.
    /// - A rule for system administrators governs every account of this directory; without one
    ///   that right is left alone.
    public init(directory: ResolvedDirectory, state: DirectoryState) {
        var planner = SyncPlanner(directory, state)
        planner.planAccounts()
        planner.findMembers()
        planner.planOrganizations()
        planner.planTeams()
        planner.planSystemAdmins()
        self = planner.plan
    }
}

/// Makes a plan part by part. Changes are collected by phase, so that each comes behind what
/// it needs: first accounts, then what is given, then what is taken.
struct SyncPlanner {
    /// Somebody with an account of this directory, or about to get one.
    struct Subject {
        var reference: SyncPerson
        /// nil for a person who is gone from the directory.
        var person: ResolvedPerson?
        /// nil for a person who gets an account in this plan.
        var account: Account?
        /// In the directory, and active there.
        var isActive: Bool

        init(reference: SyncPerson, person: ResolvedPerson?, account: Account? = nil) {
            self.reference = reference
            self.person = person
            self.account = account
            isActive = person?.isActive ?? false
        }
    }

    /// What one rule feeds, and whom.
    struct Feed {
        var resolved: ResolvedFeed
        /// Positions in `subjects`.
        var members: [Int]

        var target: DirectorySettings.Feed { resolved.rule.feeds }
        var group: String { resolved.group }
    }

    enum Phase: Int, CaseIterable {
        case rename, create, update, reactivate, joinOrganization, promoteOwner, joinTeam, promoteAdmin
        case demoteAdmin, leaveTeam, demoteOwner, leaveOrganization, deactivate
    }

    let directory: ResolvedDirectory
    let state: DirectoryState
    private(set) var subjects: [Subject] = []
    private(set) var feeds: [Feed] = []
    private(set) var subjectByExternalID: [String: Int] = [:]
    private(set) var subjectByAccount: [AccountID: Int] = [:]
    private var phases: [[SyncChange]] = Array(repeating: [], count: Phase.allCases.count)
    private var notes: Set<SyncNote>

    init(_ directory: ResolvedDirectory, _ state: DirectoryState) {
        self.directory = directory
        self.state = state
        notes = Set(directory.notes)
        for feed in directory.feeds {
            guard let reason = feed.reading.reason else { continue }
            note(.frozenFeed, feed.group, "feeds \(feed.rule.feeds) and may only add this time: \(reason)")
        }
    }

    var plan: SyncPlan {
        SyncPlan(directory: state.directory, changes: Array(phases.joined()), notes: notes.sorted())
    }

    // MARK: Collecting

    mutating func note(_ kind: SyncNote.Kind, _ subject: String, _ text: String) {
        notes.insert(SyncNote(kind, subject, text))
    }

    mutating func add(_ phase: Phase, _ addition: SyncChange.Addition, to subject: Int, because reason: String) {
        let change = SyncChange.adding(addition, to: subjects[subject].reference, because: reason)
        phases[phase.rawValue].append(change)
    }

    mutating func remove(
        _ phase: Phase, _ removal: SyncChange.Removal, from subject: Int, because reason: String, proof: CompleteReading
    ) {
        let change = SyncChange.removing(removal, from: subjects[subject].reference, because: reason, proof: proof)
        phases[phase.rawValue].append(change)
    }

    /// The subjects in the order of a plan: by login, then by identity.
    func ordered(_ positions: some Sequence<Int>) -> [Int] {
        positions.sorted { left, right in
            let (first, second) = (subjects[left].reference.login.rawValue, subjects[right].reference.login.rawValue)
            if first != second { return first < second }
            return subjects[left].reference.externalID < subjects[right].reference.externalID
        }
    }

    /// The feeds with those of their members who have an account or get one. For use once all
    /// subjects are known.
    mutating func findMembers() {
        feeds = directory.feeds.map { feed in
            Feed(resolved: feed, members: feed.members.compactMap { subjectByExternalID[$0] })
        }
    }

    // MARK: Accounts

    mutating func planAccounts() {
        let people = Dictionary(directory.people.map { ($0.externalID, $0) }, uniquingKeysWith: { $1 })
        var names = NameBook(state)
        subjects.reserveCapacity(max(state.accounts.count, people.count))
        subjectByExternalID.reserveCapacity(subjects.capacity)
        subjectByAccount.reserveCapacity(state.accounts.count)
        for linked in state.accounts {
            guard let link = linked.account.directory, link.directory == state.directory else { continue }
            let externalID = link.externalID
            let login = linked.account.login ?? linked.account.name
            enter(
                Subject(
                    reference: SyncPerson(externalID: externalID, accountID: linked.account.id, login: login),
                    person: people[externalID], account: linked.account))
            names.give(linked.account.name, to: externalID)
            names.give(login, to: externalID)
        }
        let linked = ordered(subjects.indices)
        planRenames(&names)
        planCreations(&names)
        for subject in linked { planProfileAndActivity(of: subject) }
    }

    private mutating func enter(_ subject: Subject) {
        subjectByExternalID[subject.reference.externalID] = subjects.count
        if let id = subject.account?.id { subjectByAccount[id] = subjects.count }
        subjects.append(subject)
    }

    /// A name that one rename frees may be what another waits for: goes round until none moves.
    private mutating func planRenames(_ names: inout NameBook) {
        let keepers = Set(state.accounts.filter(\.ownsRepositories).map(\.account.id))
        var waiting: [(subject: Int, account: Account, name: AccountName)] = []
        for subject in ordered(subjects.indices) {
            guard let account = subjects[subject].account, let person = subjects[subject].person else { continue }
            switch person.name {
            case .failure(let refusal):
                let login = subjects[subject].reference.login
                note(
                    .refusedPerson, person.dn, "the account \(account.name) keeps its login \(login): \(refusal.reason)"
                )
            case .success(let name):
                if name != subjects[subject].reference.login { waiting.append((subject, account, name)) }
            }
        }
        var isMoving = true
        while isMoving {
            isMoving = false
            for (subject, account, name) in waiting {
                let (externalID, login) = (subjects[subject].reference.externalID, subjects[subject].reference.login)
                guard names.obstacle(to: name, for: externalID) == nil else { continue }
                let namespace = keepers.contains(account.id) || account.name == name ? nil : name
                let reason = "the directory's login was \(login) and is \(name)"
                add(.rename, .rename(login: name, name: namespace), to: subject, because: reason)
                if login != account.name { names.release(login) }
                if namespace != nil { names.release(account.name) }
                names.give(name, to: externalID)
                waiting.removeAll { $0.subject == subject }
                isMoving = true
            }
        }
        for (subject, account, name) in waiting {
            let (reference, dn) = (subjects[subject].reference, subjects[subject].person?.dn ?? "")
            let obstacle = names.obstacle(to: name, for: reference.externalID) ?? ""
            note(.refusedPerson, dn, "the account \(account.name) keeps its login \(reference.login): \(obstacle)")
        }
    }

    private mutating func planCreations(_ names: inout NameBook) {
        var created: [Int] = []
        for person in directory.people where subjectByExternalID[person.externalID] == nil {
            switch person.name {
            case .failure(let refusal):
                note(.refusedPerson, person.dn, "gets no account: \(refusal.reason)")
            case .success(let name):
                if let obstacle = names.obstacle(to: name, for: person.externalID) {
                    note(.refusedPerson, person.dn, "gets no account: \(obstacle)")
                    continue
                }
                names.give(name, to: person.externalID)
                created.append(subjects.count)
                enter(Subject(reference: SyncPerson(externalID: person.externalID, login: name), person: person))
            }
        }
        for subject in ordered(created) {
            guard let person = subjects[subject].person else { continue }
            let reason =
                person.inactiveReason.map { "new in the directory, and inactive there: \($0)" }
                ?? "new in the directory"
            let name = subjects[subject].reference.login
            add(
                .create, .createUser(name: name, profile: person.profile, isActive: person.isActive), to: subject,
                because: reason)
        }
    }

    private mutating func planProfileAndActivity(of subject: Int) {
        guard let account = subjects[subject].account else { return }
        if let person = subjects[subject].person {
            let known = SyncProfile(fullName: account.fullName, email: account.email, dn: account.directory?.dn ?? "")
            if person.profile != known {
                add(.update, .updateProfile(person.profile), to: subject, because: "changed in the directory")
            }
            if person.isActive, !account.isActive {
                add(.reactivate, .reactivate, to: subject, because: "active in the directory")
            }
        }
        guard account.isActive, !subjects[subject].isActive, let proof = CompleteReading(ofUsersIn: directory) else {
            return
        }
        let reason = subjects[subject].person?.inactiveReason.map { "inactive in the directory: \($0)" }
        remove(.deactivate, .deactivate, from: subject, because: reason ?? "no longer in the directory", proof: proof)
    }
}

extension ResolvedPerson {
    fileprivate var profile: SyncProfile { SyncProfile(fullName: fullName, email: email, dn: dn) }
}
