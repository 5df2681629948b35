import AccessModel

/// A plan with what the brake says of it, and the revision both were made from.
struct PlannedSynchronization: Sendable {
    let plan: SyncPlan
    let braked: BrakedPlan
    let revision: Revision
    /// Why the reading counts as incomplete though the directory gave it as complete.
    let gap: String?
    /// Whether the gap is about some groups only, so that something may have been removed all the same.
    let isFrozen: Bool
    /// How many rules, and teams and organisations of patterns, may add and not remove.
    let frozen: Int
    /// Whether it is about everybody: there is no gap, and nobody was left out.
    let isWhole: Bool
    /// What its removals rest on.
    let grounds: SecondLook
    /// Why nothing of it is to be believed; nil if nothing speaks against it.
    let doubt: String?
    /// What it does, as far as nobody has to approve it.
    let tally: SyncTally

    /// - Parameter begin: the revision when the reading began.
    init(
        _ resolved: ResolvedDirectory, _ directory: Directory, since begin: Revision, _ reader: any StoreReader
    ) throws(AccessError) {
        var (resolved, state) = (resolved, try DirectoryState(of: directory, from: reader))
        let known = state.accounts.count
        try state.leaveOut(linkedSince: begin, unlessIn: resolved, reader)
        let lastGood = try reader.lastGoodSyncRun(of: directory.name)
        let (people, groups) = (resolved.emptiness(against: state), try resolved.lackOfGroups(since: lastGood, reader))
        gap = people.map { "people: \($0)" } ?? (groups ?? resolved.lostGroups).map { "groups: \($0)" }
        isFrozen = people == nil && groups == nil && resolved.lostGroups != nil
        isWhole = gap == nil && state.accounts.count == known
        if let people { resolved.usersReading = .incomplete(reason: people) }
        if let groups { resolved.groupsReading = .incomplete(reason: groups) }
        if people != nil || groups != nil { resolved.freezeFeeds() }
        plan = SyncPlan(directory: resolved, state: state)
        // What a whole search freezes is said of the search.
        frozen =
            resolved.feeds.count { !$0.reading.isComplete && $0.reading.reason != resolved.searchesReason }
            + plan.notes.count { $0.kind == .missingGroup }
        grounds = SecondLook(at: RemovalGrounds(of: plan, in: resolved), of: resolved, state)
        doubt = try reader.doubt(of: directory, at: resolved.clock)
        let isFirstRun = lastGood == nil || state.isUntouched(justInTime: directory.settings.justInTime)
        braked = Brake.apply(
            plan, limits: directory.settings.brake, state: state, isFirstRun: isFirstRun, feeds: resolved.feeds,
            past: try reader.unapproved(by: directory.name, since: resolved.time + .seconds(-Brake.span)), doubt: doubt)
        tally = SyncTally(of: braked.apply, isFirstRun: isFirstRun)
        revision = try reader.revision()
    }
}

extension SecondLook {
    fileprivate init(at grounds: RemovalGrounds, of resolved: ResolvedDirectory, _ state: DirectoryState) {
        self.init()
        guard !grounds.people.isEmpty || !grounds.groups.isEmpty else { return }
        var known: [String: DirectoryLink] = [:]
        for link in state.accounts.lazy.compactMap(\.account.directory) {
            if grounds.people.contains(link.externalID) { people.append(link) }
            if grounds.members.contains(link.externalID) { known[link.externalID] = link }
        }
        fed = resolved.knownGroups().filter { grounds.groups.contains($0.externalID) }
        guard !known.isEmpty else { return }
        for person in resolved.people {
            guard var link = known[person.externalID], link.dn != person.dn else { continue }
            link.dn = person.dn
            moved.append(link)
        }
    }
}

extension ResolvedDirectory {
    /// A search that selects nobody at all is more likely a filter or a right that went wrong than a company
    /// without people. nil if there is nothing to lose by it.
    fileprivate func emptiness(against state: DirectoryState) -> String? {
        guard people.isEmpty, usersReading.isComplete, !state.accounts.isEmpty else { return nil }
        return
            "the search for users selects nobody at all: check the filter, the base and the rights of the bind account"
    }
}

extension ResolvedDirectory {
    /// A search that selects almost no group any more. nil if there are enough, or if the settings were put anew since:
    /// then it is meant.
    fileprivate func lackOfGroups(
        since lastGood: SyncRun?, _ reader: any StoreReader
    ) throws(AccessError) -> String? {
        guard let lastGood, groupsReading.isComplete, lastGood.groupsRead > 0, groupsRead * 10 < lastGood.groupsRead,
            try reader.directory(named: lastGood.directory)?.revision == lastGood.settingsRevision
        else { return nil }
        return
            "\(groupsRead) groups read, \(lastGood.groupsRead) last time: check the filter, the base and the rights of the "
            + "bind account, or put the settings with a change if it is meant"
    }

    fileprivate mutating func freezeFeeds() {
        guard let reason = searchesReason else { return }
        for place in feeds.indices where feeds[place].reading.isComplete {
            feeds[place].reading = .incomplete(reason: reason)
        }
    }
}

extension DirectoryState {
    /// Whether the directory has given nothing yet: people are at most linked to it by command, or came by
    /// a login.
    fileprivate func isUntouched(justInTime: Bool) -> Bool {
        (justInTime || accounts.allSatisfy { $0.account.directory?.dn.isEmpty ?? true })
            && !organizationMembers.contains { $0.managedBy == directory }
            && !teamMembers.contains { $0.managedBy == directory }
    }

    /// Leaves out people who came while the directory was read, by a login or a command: a reading
    /// that began before they were in the directory knows nothing of them.
    fileprivate mutating func leaveOut(
        linkedSince begin: Revision, unlessIn resolved: ResolvedDirectory, _ reader: any StoreReader
    ) throws(AccessError) {
        var recent: Set<AccountID> = []
        let page = 10_000
        var end = begin
        var entries: [LoggedChange]
        repeat {
            entries = try reader.changes(after: end, limit: page)
            for entry in entries {
                guard case .account(let account)? = entry.change.after, account.directory?.directory == directory
                else { continue }
                if case .account(let before)? = entry.change.before, before.directory?.directory == directory {
                    continue
                }
                recent.insert(account.id)
            }
            end = entries.last?.revision ?? end
        } while entries.count == page
        guard !recent.isEmpty else { return }
        let known = Set(resolved.people.map(\.externalID))
        accounts.removeAll { linked in
            let account = linked.account
            guard recent.contains(account.id), !known.contains(account.directory?.externalID ?? "") else {
                return false
            }
            takenNames[account.name] = .directory(directory)
            if let login = account.login { takenNames[login] = .directory(directory) }
            return true
        }
    }
}

/// Applies what the brake lets pass. The run must still be this process's to finish.
struct ApplyPlanned: Command {
    let first: PlannedSynchronization
    let resolved: ResolvedDirectory
    /// Of the reading; nil if it was not complete.
    let digest: String?
    let directory: Directory
    let run: SyncRun
    let clock: WallClock

    struct Result: Sendable {
        var run: SyncRun
        /// Whether the plan was about everybody.
        var isWhole: Bool
    }

    func perform(in context: WriteContext) throws(AccessError) -> Result {
        var run = run
        try context.writer.requireOurs(run)
        try context.writer.requireUnchanged(run)
        let planned =
            try context.writer.revision() == first.revision
            ? first
            : PlannedSynchronization(resolved, directory, since: run.baseRevision, context.writer)
        // What comes in addition was not looked at once more.
        guard planned.grounds.isWithin(first.grounds) else {
            throw .conflict(
                code: .planLapsed, detail: "what it concerns has changed while the directory was read: plan again")
        }
        run.take(planned, at: clock.now)
        run.appliedCount = try ApplySyncChanges(directory: directory.name, changes: planned.braked.apply)
            .perform(in: context)
        run.state = planned.braked.held.isEmpty ? .applied : .held
        run.revision = try context.writer.revision()
        run.tally = planned.tally.isEmpty ? nil : planned.tally
        try context.writer.lapseOutdatedRuns(before: &run)
        run.note("applied \(run.appliedCount) changes", at: clock.now)
        run.finishedAt = clock.now
        run.settle(digest, with: planned, plannedAt: resolved.time)
        try context.writer.finish(run)
        try context.writer.remember(run, resolved, planned)
        return Result(run: run, isWhole: planned.isWhole)
    }
}

extension SyncPlan {
    /// How many changes there are of each kind.
    var counts: [String: Int] {
        changes.reduce(into: [:]) { $0[$1.kind.rawValue, default: 0] += 1 }
    }
}
