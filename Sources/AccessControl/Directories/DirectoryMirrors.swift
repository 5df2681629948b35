import AccessModel
import Synchronization

/// The directories as this process read them last, so that the next reading can ask for what
/// has changed since. In memory only: a process that starts begins with a full reading.
final class DirectoryMirrors: Sendable {
    /// When nothing was left to do.
    struct Settled: Sendable {
        var revision: Revision
        var time: Timestamp
    }

    struct Known: Sendable {
        /// The revision of the settings that it was read with.
        var settings: Revision
        var mirror: DirectoryMirror
        /// nil when something may be left to do: a plan was not applied, or is held.
        var settled: Settled?
    }

    private let directories = Mutex<[String: Known]>([:])

    func known(of directory: String, settings: Revision) -> Known? {
        directories.withLock { $0[directory] }.flatMap { $0.settings == settings ? $0 : nil }
    }

    /// Takes the place of what was known; nil forgets it.
    func remember(_ mirror: DirectoryMirror?, of directory: String, settings: Revision) {
        directories.withLock { $0[directory] = mirror.map { Known(settings: settings, mirror: $0, settled: nil) } }
    }

    func settle(_ settled: Settled, of directory: String) {
        directories.withLock { $0[directory]?.settled = settled }
    }

    func unsettle(_ directory: String) {
        directories.withLock { $0[directory]?.settled = nil }
    }
}

extension AccessService {
    /// Whether nothing but the directory itself could have given a plan something to do since then.
    func isStillSettled(
        _ settled: DirectoryMirrors.Settled, for directory: Directory, _ snapshot: DirectorySnapshot,
        at now: Timestamp
    ) async throws(AccessError) -> Bool {
        let hasExpired = snapshot.users.contains { user in
            user.expiresAt.map { settled.time < $0 && $0 <= now } ?? false
        }
        // Days of leavers pass by themselves; to look once an hour is often enough.
        let isOld =
            directory.settings.deletesLeaversAfterDays != nil && settled.time + .seconds(3_600) <= now
        guard !hasExpired, !isOld else { return false }
        return try await store.read { (reader) throws(AccessError) in
            let changes = try reader.changes(after: settled.revision, limit: 1_000)
            return changes.count < 1_000 && changes.allSatisfy { !$0.change.concernsDirectories }
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
