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
    /// - Who is gone from the directory is deactivated and leaves its teams. All else that they have rests, worth
    ///   nothing, until a later complete reading agrees; who comes back before has it again. After the days that
    ///   the settings give, the account is deleted, unless it owns repositories.
    /// - Patterns make the organisations and teams that they find, and feed no others.
    /// - A member whom another directory knows by that name is a member. Nobody of another directory
    ///   is removed while a group has members whom nobody knows.
    /// - A rule for system administrators governs every account of this directory; without one
    ///   that right is left alone.
    public init(directory: ResolvedDirectory, state: DirectoryState) {
        var planner = SyncPlanner(directory, state)
        planner.planAccounts()
        planner.planLeavers()
        planner.findMembers()
        planner.planTargets()
        planner.planTeams()
        planner.planOrganizations()
        planner.planSystemAdmins()
        self = planner.plan
    }
}

/// Makes a plan part by part. Changes are collected by phase, so that each comes behind what
/// it needs: first accounts, then what is given, then what is taken.
struct SyncPlanner {
    /// Somebody with an account of this directory, or about to get one; or a bystander with an
    /// account that another directory keeps, or nobody.
    struct Subject {
        var reference: SyncPerson
        /// nil for a person who is gone from the directory, and for a bystander.
        var person: ResolvedPerson?
        /// nil for a person who gets an account in this plan.
        var account: Account?
        /// In the directory, and active there as far as it shows; of a bystander whether the account is.
        var isActive: Bool
        var isBystander = false
        /// No longer in the directory: what they have here rests, or is gone as well.
        var isGone: Bool { person == nil && !isBystander }
        /// Whom another directory keeps.
        var isOfAnotherDirectory: Bool { isBystander && account?.directory != nil }

        init(reference: SyncPerson, person: ResolvedPerson?, account: Account? = nil) {
            self.reference = reference
            self.person = person
            self.account = account
            let mayBeActive = person.map { $0.hasLogin || account?.isActive ?? false } ?? false
            isActive = mayBeActive && person?.isActive ?? false
        }

        init(bystander account: Account) {
            reference = SyncPerson(
                externalID: account.directory?.externalID, accountID: account.id, login: account.login ?? account.name)
            self.account = account
            isActive = account.isActive
            isBystander = true
        }
    }

    /// What one rule feeds, and whom.
    struct Feed {
        var resolved: ResolvedFeed
        /// Positions in `subjects`.
        var members: [Int]
        /// Whether there are members outside of what is read whom no directory knows.
        var hasUnknownMembers: Bool

        var target: DirectorySettings.Feed { resolved.rule.feeds }
        var group: String { resolved.group }
    }

    enum Phase: Int, CaseIterable {
        case back, rename, create, update, reactivate, createOrganization, createTeam
        case joinOrganization, promoteOwner, joinTeam, promoteAdmin
        case demoteAdmin, leaveTeam, demoteOwner, leaveOrganization, deactivate, deprovision, delete
    }

    let directory: ResolvedDirectory
    let state: DirectoryState
    private(set) var subjects: [Subject] = []
    var feeds: [Feed] = []
    var names: NameBook
    /// The organisations and teams there are, and those that this plan makes.
    var organizations: [SyncOrganization] = []
    var teams: [SyncTeam] = []
    /// Who leaves which team in this plan, known before the organisations are planned.
    var leavingTeams: [TeamID: Set<Int>] = [:]
    private(set) var subjectByExternalID: [String: Int] = [:]
    private(set) var subjectByAccount: [AccountID: Int] = [:]
    private var phases: [[SyncChange]] = Array(repeating: [], count: Phase.allCases.count)
    private var notes: Set<SyncNote>

    init(_ directory: ResolvedDirectory, _ state: DirectoryState) {
        self.directory = directory
        self.state = state
        notes = Set(directory.notes)
        names = NameBook(state)
        let count = max(state.accounts.count, directory.people.count)
        subjects.reserveCapacity(count)
        subjectByExternalID.reserveCapacity(count)
        subjectByAccount.reserveCapacity(state.accounts.count)
        for reason in directory.searchesReasons {
            note(.incompleteReading, "", "\(reason); nothing is removed on its account")
        }
        for feed in directory.feeds {
            // What freezes all of them is told once.
            guard let reason = feed.reading.reason, reason != directory.searchesReason else { continue }
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

    mutating func add(_ phase: Phase, _ addition: SyncChange.Addition, to subject: Int?, because reason: String) {
        let change = SyncChange.adding(addition, to: subject.map { subjects[$0].reference }, because: reason)
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
            return subjects[left].reference.externalID ?? "" < subjects[right].reference.externalID ?? ""
        }
    }

    mutating func enter(_ subject: Subject) {
        if let id = subject.reference.externalID, !subject.isBystander { subjectByExternalID[id] = subjects.count }
        if let id = subject.account?.id { subjectByAccount[id] = subjects.count }
        subjects.append(subject)
    }
}
