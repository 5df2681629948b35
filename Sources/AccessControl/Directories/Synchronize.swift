import AccessModel
import Synchronization

extension AccessService {
    /// Reads a directory and plans; in the mode `run` also applies what the brake lets pass.
    /// One at a time for each directory. A directory that cannot be read gives a run in the
    /// state `failed`, not an error: it is kept and shown like any other.
    /// - Parameter progress: called now and then with the number of entries read.
    public func synchronize(
        _ name: String, mode: SyncRun.Mode, as caller: Caller, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(AccessError) -> SyncRun {
        let (stored, sealed) = try await syncedDirectory(name, as: caller)
        let directory = stored.value
        let id = Identifier<SyncRun>.make(at: clock.now).rawValue
        if let running = runningSyncs.withLock({ runs in
            let running = runs[name]
            if running == nil { runs[name] = id }
            return running
        }) {
            throw .conflict(
                code: "sync-running", detail: "a synchronisation of \"\(name)\" is running already: \(running)")
        }
        defer { runningSyncs.withLock { $0[name] = nil } }
        var run = SyncRun(
            id: id, directory: name, mode: mode, state: .running, actor: caller.actor.text, startedAt: clock.now,
            settingsRevision: stored.revision)
        try await endInterruptedRuns(of: name, before: clock.now + .seconds(-3_600))
        try await save(run)
        do throws(AccessError) {
            let snapshot = try await read(directory, sealed: sealed, progress: progress)
            run.usersRead = snapshot.users.count
            run.groupsRead = snapshot.groups.count
            run.message = snapshot.incompleteness
            let resolved = ResolvedDirectory(snapshot, settings: directory.settings)
            try await planAndApply(resolved, directory, &run)
        } catch {
            run.state = .failed
            run.message = error.description
            run.finishedAt = clock.now
            try await save(run)
            logger.warning("synchronisation failed", metadata: ["directory": "\(name)", "reason": "\(error)"])
        }
        return run
    }

    /// Applies exactly the plan of a run in the mode `plan`, which a person has seen, once.
    public func applyPlan(of id: String, as caller: Caller) async throws(AccessError) -> SyncRun {
        try await settle(id, from: .planned, as: caller) { $0.plan?.changes ?? [] }
    }

    /// Applies what a run holds, which a person approves, once.
    public func approve(_ id: String, as caller: Caller) async throws(AccessError) -> SyncRun {
        try await settle(id, from: .held, as: caller) { $0.held.flatMap(\.changes) }
    }

    /// Gives up what a run holds or planned.
    public func cancel(_ id: String, as caller: Caller) async throws(AccessError) -> SyncRun {
        try requireAdministrator(caller)
        return try await perform(CancelRun(id: id, clock: clock), as: caller).value
    }

    public func syncRun(_ id: String, as caller: Caller) async throws(AccessError) -> SyncRun {
        try requireAdministrator(caller)
        guard let run = try await store.read({ (reader) throws(AccessError) in try reader.syncRun(id) }) else {
            throw .notFound(kind: "synchronisation", name: id)
        }
        return run
    }

    /// The newest runs first.
    public func syncRuns(of name: String, limit: Int, as caller: Caller) async throws(AccessError) -> [SyncRun] {
        _ = try await syncedDirectory(name, as: caller)
        return try await store.read { (reader) throws(AccessError) in try reader.syncRuns(of: name, limit: limit) }
    }

    /// Ends the runs that a crash left behind. To be called when the service starts.
    public func endInterruptedRuns() async throws(AccessError) {
        let directories = try await store.read { (reader) throws(AccessError) in
            try reader.directories().map(\.value.name)
        }
        for name in directories { try await endInterruptedRuns(of: name, before: clock.now) }
    }

    private func endInterruptedRuns(of name: String, before: Timestamp) async throws(AccessError) {
        let now = clock.now
        try await store.write(as: .service) { (writer) throws(AccessError) in
            for var run in try writer.syncRuns(of: name, limit: 100)
            where run.state == .running && run.startedAt < before {
                run.state = .failed
                run.message = "interrupted; nothing was changed"
                run.finishedAt = now
                try writer.save(run)
            }
        }
    }

    private func requireAdministrator(_ caller: Caller) throws(AccessError) {
        guard published.current.allows(caller.actor, .administer, at: clock.now) else {
            throw .forbidden("you may not synchronise directories")
        }
    }

    private func syncedDirectory(_ name: String, as caller: Caller) async throws(AccessError)
        -> (Stored<Directory>, [UInt8]?)
    {
        try requireAdministrator(caller)
        return try await store.read { (reader) throws(AccessError) -> (Stored<Directory>, [UInt8]?) in
            guard let directory = try reader.directory(named: name) else {
                throw .notFound(kind: "directory", name: name)
            }
            return (directory, try reader.directorySecret(name))
        }
    }

    private func save(_ run: SyncRun) async throws(AccessError) {
        try await store.write(as: .service) { (writer) throws(AccessError) in try writer.save(run) }
    }

    private func read(
        _ directory: Directory, sealed: [UInt8]?, progress: @escaping @Sendable (Int) -> Void
    ) async throws(AccessError) -> DirectorySnapshot {
        var password: String?
        if let file = directory.settings.bind?.passwordFile {
            password = try secretFiles.text(at: file, field: "bind.password_file")
        } else if let sealed {
            do {
                password = try secretBox.open(sealed, context: "directory:\(directory.name)")
            } catch {
                throw .directory(
                    .unusable(
                        setting: "bind.password",
                        reason:
                            "it cannot be decrypted with the present key file: put the directory again with its password"
                    ))
            }
        }
        do throws(DirectoryError) {
            return try await directorySource.read(directory.settings, password: password, progress: progress)
        } catch {
            throw .directory(error)
        }
    }

    /// Plans against the rows, then applies in one transaction; if the rows have moved in
    /// between, plans again inside it.
    private func planAndApply(
        _ resolved: ResolvedDirectory, _ directory: Directory, _ run: inout SyncRun
    ) async throws(AccessError) {
        let first = try await store.read { (reader) throws(AccessError) in
            try Planned(resolved, directory, reader)
        }
        run.plan = first.plan
        run.baseRevision = first.revision
        if run.mode == .plan || (first.braked.apply.isEmpty && first.braked.held.isEmpty) {
            run.state = run.mode == .plan ? .planned : .applied
            run.held = first.braked.held
            run.revision = run.mode == .plan ? nil : first.revision
            run.finishedAt = clock.now
            let settled = run
            try await store.write(as: .service) { (writer) throws(AccessError) in
                if settled.mode == .run { try writer.lapseWaitingRuns(of: settled) }
                try writer.save(settled)
            }
            return
        }
        let command = ApplyPlanned(first: first, resolved: resolved, directory: directory, run: run, clock: clock)
        run = try await perform(command, as: Caller(actor: .directory(directory.name), proof: .file)).value
    }

    private func settle(
        _ id: String, from state: SyncRun.State, as caller: Caller, _ changes: @Sendable (SyncRun) -> [SyncChange]
    ) async throws(AccessError) -> SyncRun {
        let run = try await syncRun(id, as: caller)
        guard run.state == state else { throw Self.wrongState(run) }
        let command = SettleRun(
            id: id, expected: state, changes: changes(run), approvedBy: caller.actor.text, clock: clock)
        do throws(AccessError) {
            return try await perform(command, as: Caller(actor: .directory(run.directory), proof: .file)).value
        } catch {
            guard case .conflict("plan-lapsed", let detail) = error else { throw error }
            var lapsed = run
            lapsed.state = .lapsed
            lapsed.message = detail
            lapsed.finishedAt = clock.now
            try await save(lapsed)
            throw error
        }
    }

    static func wrongState(_ run: SyncRun) -> AccessError {
        .conflict(
            code: "wrong-state",
            detail: "the synchronisation \(run.id) is \(run.state.rawValue), and nothing waits in it: plan again")
    }
}

/// A plan with what the brake says of it, and the revision both were made from.
private struct Planned: Sendable {
    let plan: SyncPlan
    let braked: BrakedPlan
    let revision: Revision

    init(_ resolved: ResolvedDirectory, _ directory: Directory, _ reader: any StoreReader) throws(AccessError) {
        let state = try DirectoryState(of: directory, from: reader)
        plan = SyncPlan(directory: resolved, state: state)
        braked = Brake.apply(
            plan, limits: directory.settings.brake, state: state, isFirstRun: state.accounts.isEmpty)
        revision = try reader.revision()
    }
}

private struct ApplyPlanned: Command {
    let first: Planned
    let resolved: ResolvedDirectory
    let directory: Directory
    let run: SyncRun
    let clock: WallClock

    func perform(in context: WriteContext) throws(AccessError) -> SyncRun {
        var run = run
        try context.writer.requireUnchanged(run)
        let planned =
            try context.writer.revision() == first.revision ? first : Planned(resolved, directory, context.writer)
        run.appliedCount = try ApplySyncChanges(directory: directory.name, changes: planned.braked.apply)
            .perform(in: context)
        try context.writer.lapseWaitingRuns(of: run)
        run.plan = planned.plan
        run.held = planned.braked.held
        run.baseRevision = planned.revision
        run.state = planned.braked.held.isEmpty ? .applied : .held
        run.revision = try context.writer.revision()
        run.finishedAt = clock.now
        try context.writer.save(run)
        return run
    }
}

/// Applies what waits in a run, and only once: its state is read in the same transaction.
private struct SettleRun: Command {
    let id: String
    let expected: SyncRun.State
    let changes: [SyncChange]
    let approvedBy: String
    let clock: WallClock

    func perform(in context: WriteContext) throws(AccessError) -> SyncRun {
        guard var run = try context.writer.syncRun(id), run.state == expected else {
            throw .conflict(code: "wrong-state", detail: "the synchronisation \(id) was settled by somebody else")
        }
        try context.writer.requireUnchanged(run)
        run.appliedCount += try ApplySyncChanges(directory: run.directory, changes: changes).perform(in: context)
        guard try context.writer.activeSystemAdministratorCount() > 0 else {
            throw .conflict(
                code: "last-administrator",
                detail: "no active system administrator would remain: make another one first")
        }
        run.state = .applied
        run.revision = try context.writer.revision()
        run.finishedAt = clock.now
        run.message = [run.message, "approved by \(approvedBy)"].compactMap { $0 }.joined(separator: "; ")
        try context.writer.save(run)
        return run
    }
}

private struct CancelRun: Command {
    let id: String
    let clock: WallClock

    func perform(in context: WriteContext) throws(AccessError) -> SyncRun {
        guard var run = try context.writer.syncRun(id) else { throw .notFound(kind: "synchronisation", name: id) }
        guard run.state == .held || run.state == .planned else { throw AccessService.wrongState(run) }
        run.state = .cancelled
        run.finishedAt = clock.now
        try context.writer.save(run)
        return run
    }
}

extension StoreWriter {
    /// A later run saw the directory as it is now: what an earlier one planned or held is out of date.
    fileprivate func lapseWaitingRuns(of run: SyncRun) throws(AccessError) {
        for var earlier in try syncRuns(of: run.directory, limit: 100)
        where earlier.state == .held || earlier.state == .planned {
            earlier.state = .lapsed
            earlier.message = "planned anew by \(run.id)"
            try save(earlier)
        }
    }

    /// A plan follows the directory's settings as they were when it was read.
    fileprivate func requireUnchanged(_ run: SyncRun) throws(AccessError) {
        guard try directory(named: run.directory)?.revision == run.settingsRevision else {
            throw .conflict(
                code: "plan-lapsed",
                detail: "the settings of \"\(run.directory)\" have changed since it was read: synchronise again")
        }
    }
}

extension DirectorySnapshot {
    /// What was not read to the end; nil when all was.
    fileprivate var incompleteness: String? {
        var reasons: [String] = []
        if let reason = usersReading.reason { reasons.append("people: \(reason)") }
        if let reason = groupsReading.reason { reasons.append("groups: \(reason)") }
        return reasons.isEmpty ? nil : "incomplete, so nothing was removed: " + reasons.joined(separator: "; ")
    }
}
