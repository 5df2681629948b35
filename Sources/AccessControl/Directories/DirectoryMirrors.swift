import AccessModel
import Synchronization

/// The directories as this process read them last, so that the next reading can ask for what
/// has changed since. In memory only: a process that starts begins with a full reading.
final class DirectoryMirrors: Sendable {
    private struct Known: Sendable {
        /// The revision of the settings that it was read with.
        var settings: Revision
        var mirror: DirectoryMirror
    }

    private let directories = Mutex<[String: Known]>([:])

    func mirror(of directory: String, settings: Revision) -> DirectoryMirror? {
        directories.withLock { $0[directory] }.flatMap { $0.settings == settings ? $0.mirror : nil }
    }

    /// Takes the place of what was known; nil forgets it.
    func remember(_ mirror: DirectoryMirror?, of directory: String, settings: Revision) {
        directories.withLock { $0[directory] = mirror.map { Known(settings: settings, mirror: $0) } }
    }
}

extension DirectorySynchronization {
    /// The last run, whichever process made it, if that left nothing to do, and nothing but time has
    /// passed since that could give a plan something to do: the directory says the same.
    func settledRun(
        of directory: Directory, _ settings: Revision, as mirror: DirectoryMirror, at now: Timestamp
    ) async throws(AccessError) -> SyncRun? {
        try await store.read { (reader) throws(AccessError) in
            guard var run = try reader.lastGoodSyncRun(of: directory.name), let revision = run.revision,
                let settlement = try reader.settlement(of: run.id), settlement.digest == mirror.digest,
                settlement.rules == SyncPlan.rules, run.settingsRevision == settings,
                try reader.hasKnownGroups(of: directory.name, settings: settings)
            else { return nil }
            run.settlement = settlement
            let hasExpired = mirror.snapshot.users.contains { user in
                [user.startsAt, user.expiresAt].contains { $0.map { settlement.plannedAt < $0 && $0 <= now } ?? false }
            }
            // Days of leavers pass by themselves; to look once an hour is often enough.
            let isOld =
                directory.settings.deletesLeaversAfterDays != nil && settlement.plannedAt + .seconds(3_600) <= now
            let isConfirmed = try reader.hasResting(
                of: directory.name, goneBy: now + .seconds(-directory.settings.confirmsLeaversAfter.seconds))
            guard !hasExpired, !isOld, !isConfirmed else { return nil }
            let changes = try reader.changes(after: revision, limit: 1_000)
            return changes.count < 1_000 && changes.allSatisfy { !$0.change.concernsDirectories } ? run : nil
        }
    }
}

extension Change {
    /// Whether a plan may depend on it.
    fileprivate var concernsDirectories: Bool {
        switch fact?.kind {
        case .grant?, .password?, .accessToken?, .serviceAccount?: false
        default: true
        }
    }
}
