import AccessModel

/// How the synchronisation of a directory stands, for whoever watches the service.
public struct SyncStatus: Sendable {
    public var directory: String
    /// The run that goes on now, here or in another process.
    public var running: String?
    /// The newest run that has ended, in the mode `run`.
    public var last: SyncRun?
    /// The newest run that knew everything and was applied or held.
    public var lastGood: SyncRun?
    /// How many changes wait for approval, and in which run.
    public var heldChanges: Int
    public var heldIn: String?
    public var isScheduled: Bool
}

extension DirectorySynchronization {
    /// In the directories' order.
    public func syncStatuses() async throws(AccessError) -> [SyncStatus] {
        try await store.read { (reader) throws(AccessError) in
            try reader.directories().map { (stored) throws(AccessError) in
                let name = stored.value.name
                let runs = try reader.syncRuns(of: name, limit: 50)
                let held = try reader.heldSyncRun(of: name)
                return SyncStatus(
                    directory: name, running: runs.first { $0.state == .running }?.id,
                    last: runs.first { $0.mode == .run && $0.state != .running },
                    lastGood: try reader.lastGoodSyncRun(of: name),
                    heldChanges: held?.heldCount ?? 0, heldIn: held?.id,
                    isScheduled: stored.value.settings.isScheduled)
            }
        }
    }

    /// The states that `caller` may see: nil for all but administrators, as what went wrong with a directory names its
    /// servers and people.
    public func syncStatuses(as caller: Caller) async throws(AccessError) -> [SyncStatus]? {
        published.current.allows(caller.actor, .administer, at: clock.now) ? try await syncStatuses() : nil
    }

    /// Goes through what a synchronisation of a directory needs, step by step.
    /// - Parameter login: whom to show as the sample; nil for anybody.
    public func checkUpDirectory(
        _ name: String, login: String?, as caller: Caller
    ) async throws(AccessError) -> [DirectoryCheckupStep] {
        let (stored, sealed) = try await managedDirectory(name, as: caller)
        let password: String?
        do throws(AccessError) {
            password = try directories.bindPassword(of: stored.value, sealed: sealed)
        } catch {
            return [
                DirectoryCheckupStep(
                    "password", .failed, saw: error.description,
                    advice: "put the directory again with its password, or mend bind.password_file")
            ]
        }
        let known = try await store.read { (reader) throws(AccessError) in
            try reader.knownGroups(of: name, settings: stored.revision) ?? []
        }
        let steps = await directories.source.test(
            stored.value.settings, password: password, login: login, known: known)
        return steps + (try await lastRefusal(of: login, by: name).map { [$0] } ?? [])
    }

    /// What the directory itself does not tell of somebody: why it refused their last login.
    private func lastRefusal(
        of login: String?, by directory: String
    ) async throws(AccessError) -> DirectoryCheckupStep? {
        guard let login, let name = try? AccountName(login), let id = published.current.userID(named: name) else {
            return nil
        }
        let account = try await store.read { (reader) throws(AccessError) in try reader.account(id)?.value }
        guard let link = account?.directory, link.directory == directory,
            let refusal = directories.refusals.last(of: link.person)
        else { return nil }
        return DirectoryCheckupStep(
            "login", .warning, saw: "the last login of \(name), at \(refusal.time), was refused: \(refusal.reason)",
            advice: "mend it in the directory; their next login is asked there again")
    }
}
