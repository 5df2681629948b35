import AccessModel

extension DirectorySynchronization {
    /// Applies exactly the plan of a run in the mode `plan`, which a person has seen, once.
    public func applyPlan(of id: String, as caller: Caller) async throws(AccessError) -> SyncRun {
        try await applyWaiting(id, from: .planned, as: caller) { $0.plan?.changes ?? [] }
    }

    /// Applies what a run holds, which a person approves, once.
    public func approve(_ id: String, as caller: Caller) async throws(AccessError) -> SyncRun {
        try await applyWaiting(id, from: .held, as: caller) { run in
            // In the order of the plan, in which each fits what the ones before it left.
            let held = Set(run.held.flatMap(\.changes))
            return run.plan?.changes.filter(held.contains) ?? []
        }
    }

    /// Gives up what a run holds or planned, or stops one that runs in this process.
    public func cancel(_ id: String, as caller: Caller) async throws(AccessError) -> SyncRun {
        let run = try await syncRun(id, as: caller)
        guard run.state == .running else {
            return try await transactions.perform(CancelRun(id: run.waitsIn ?? id, clock: clock), as: caller).value
        }
        guard let cancel = running.runs.withLock({ $0[id] }) else {
            throw .conflict(
                code: .wrongState, detail: "the synchronisation \(id) runs in another process: stop it there")
        }
        cancel()
        return run
    }

    public func syncRun(_ id: String, as caller: Caller) async throws(AccessError) -> SyncRun {
        try transactions.require(.administer, of: caller, to: "synchronise directories")
        guard let run = try await store.read({ (reader) throws(AccessError) in try reader.syncRun(id) }) else {
            throw .notFound(kind: "synchronisation", name: id)
        }
        return run
    }

    /// The newest runs first, without their plans.
    public func syncRuns(of name: String, limit: Int, as caller: Caller) async throws(AccessError) -> [SyncRun] {
        _ = try await managedDirectory(name, as: caller)
        return try await store.read { (reader) throws(AccessError) in try reader.syncRuns(of: name, limit: limit) }
    }

    private func applyWaiting(
        _ id: String, from state: SyncRun.State, as caller: Caller, _ changes: @Sendable (SyncRun) -> [SyncChange]
    ) async throws(AccessError) -> SyncRun {
        var run = try await syncRun(id, as: caller)
        if let other = run.waitsIn { run = try await syncRun(other, as: caller) }
        guard run.state == state, run.isWaiting else { throw Self.wrongState(run) }
        let approver = published.current.words(forActor: caller.actor.text)
        let command = ApplyApproved(
            id: run.id, expected: state, changes: changes(run), approvedBy: approver, clock: clock)
        do throws(AccessError) {
            let actor = Caller(actor: .directory(run.directory), proof: .file)
            let applied = try await transactions.perform(command, as: actor).value
            logger.notice(
                "synchronisation approved",
                metadata: [
                    "directory": "\(applied.directory)", "run": "\(applied.id)", "actor": "\(approver)",
                    "applied": "\(applied.appliedCount)",
                ])
            return applied
        } catch {
            guard case .conflict(.planLapsed, let detail) = error else { throw error }
            let lapsed = run
            try await store.write(as: .service) { (writer) throws(AccessError) in
                try writer.lapse(lapsed, because: detail)
            }
            throw error
        }
    }

    static func wrongState(_ run: SyncRun) -> AccessError {
        let advice =
            switch run.state {
            case .planned where run.isWaiting: "apply it, or cancel it"
            case .held: "approve what it holds, or cancel it"
            case .running: "wait for its end, or cancel it"
            default: "nothing waits in it: plan again"
            }
        return .conflict(
            code: .wrongState, detail: "the synchronisation \(run.id) is \(run.state.rawValue): \(advice)")
    }

    func save(_ run: SyncRun) async throws(AccessError) {
        try await store.write(as: .service) { (writer) throws(AccessError) in try writer.finish(run) }
    }

    /// Saves though the task is cancelled.
    func saveOutsideOfTask(_ run: SyncRun) async throws(AccessError) {
        let saving = Task { () -> Result<Void, AccessError> in
            do throws(AccessError) { return .success(try await save(run)) } catch { return .failure(error) }
        }
        try await saving.value.get()
    }

    func managedDirectory(_ name: String, as caller: Caller) async throws(AccessError) -> (Stored<Directory>, [UInt8]?)
    {
        try transactions.require(.administer, of: caller, to: "synchronise directories")
        return try await store.read { (reader) throws(AccessError) -> (Stored<Directory>, [UInt8]?) in
            guard let directory = try reader.directory(named: name) else {
                throw .notFound(kind: "directory", name: name)
            }
            return (directory, try reader.directorySecret(name))
        }
    }
}

extension StoreWriter {
    /// Saves a run that has ended, and lets go of the oldest: a directory keeps its newest thousand runs, and
    /// none for longer than 90 days.
    func finish(_ run: SyncRun) throws(AccessError) {
        try save(run)
        try pruneSyncRuns(
            of: run.directory, keeping: 1_000, since: run.startedAt + .seconds(-90 * 86_400),
            countedSince: run.startedAt + .seconds(-Brake.span))
    }
}
