public import AccessModel

/// When the service synchronises which directory.
public struct SyncTimetable: Sendable {
    private struct Entry {
        var settings: DirectorySettings
        var revision: Revision
        var next: Timestamp?
        var nextFull: Timestamp?
        /// When a full reading is tried again that failed or did not get all.
        var retryFull: Timestamp?
        var isRunning = false
    }

    private var entries: [String: Entry] = [:]

    public init() {}

    /// A run whose time has come.
    public struct Due: Hashable, Sendable {
        public let directory: String
        public let extent: SyncRun.Extent?
        /// Since when. One that another process has begun since then is as good.
        public let since: Timestamp
    }

    /// The runs that are due, in the directories' order. None while one of the directory runs.
    public func due(at now: Timestamp) -> [Due] {
        entries.filter { !$0.value.isRunning }
            .sorted { ($0.value.settings.order, $0.key) < ($1.value.settings.order, $1.key) }
            .compactMap { name, entry in
                if let full = entry.retryFull ?? entry.nextFull, full <= now {
                    return Due(directory: name, extent: .full, since: entry.nextFull ?? full)
                }
                if let next = entry.next, next <= now { return Due(directory: name, extent: nil, since: next) }
                return nil
            }
    }

    /// When a directory is synchronised next by the timetable; nil for never.
    public func next(of directory: String) -> Timestamp? {
        guard let entry = entries[directory] else { return nil }
        return [entry.next, entry.nextFull].compactMap(\.self).min()
    }

    /// Takes in the directories as they are now. What is new or has other settings begins where
    /// its last runs ended.
    /// - Parameter lastRuns: for a directory the starts of its last run and of its last full one.
    public mutating func update(
        _ directories: [Stored<Directory>], at now: Timestamp,
        lastRuns: (String) throws(AccessError) -> (any: Timestamp?, full: Timestamp?)
    ) throws(AccessError) {
        var known = entries
        entries = [:]
        for stored in directories where stored.value.settings.isScheduled {
            let name = stored.value.name
            if let entry = known.removeValue(forKey: name), entry.revision == stored.revision {
                entries[name] = entry
                continue
            }
            let last = try lastRuns(name)
            var entry = Entry(settings: stored.value.settings, revision: stored.revision)
            entry.next = entry.settings.schedule?.next(after: last.any ?? now, jitter: name)
            // A process that starts knows nothing of the directory and reads all of it in any case.
            entry.nextFull = entry.settings.fullScheduleOrDefault?.next(after: last.full ?? now, jitter: name)
            entries[name] = entry
        }
    }

    /// Notes that a run began, and plans the next.
    public mutating func began(_ directory: String, at now: Timestamp) {
        guard var entry = entries[directory] else { return }
        entry.isRunning = true
        entry.next = entry.settings.schedule?.next(after: now, jitter: directory)
        if let full = entry.nextFull, full <= now {
            entry.retryFull = [entry.next, now + .seconds(60)].compactMap(\.self).min()
        }
        entries[directory] = entry
    }

    /// Notes that a run ended, which began at a time.
    /// - Parameter read: how much it read to its end; nil if it failed, or did not get all.
    public mutating func ended(_ directory: String, read: SyncRun.Extent?, begun: Timestamp) {
        guard var entry = entries[directory] else { return }
        entry.isRunning = false
        if read == .full {
            entry.nextFull = entry.settings.fullScheduleOrDefault?.next(after: begun, jitter: directory)
            entry.retryFull = nil
        }
        entries[directory] = entry
    }
}

extension DirectorySettings {
    var isScheduled: Bool { schedule != nil || fullSchedule != nil }

    /// Everything anew every hour keeps both ways of reading honest.
    fileprivate var fullScheduleOrDefault: SyncSchedule? { fullSchedule ?? (try? SyncSchedule("@hourly")) }
}

extension DirectorySynchronization {
    /// Brings a timetable up to date with the directories there are.
    public func update(_ timetable: SyncTimetable) async throws(AccessError) -> SyncTimetable {
        let now = clock.now
        return try await store.read { (reader) throws(AccessError) in
            var timetable = timetable
            try timetable.update(try reader.directories(), at: now) { (name) throws(AccessError) in
                let runs = try reader.syncRuns(of: name, limit: 200).filter { $0.mode == .run }
                return (runs.first?.startedAt, runs.first { $0.read == .full && $0.state != .failed }?.startedAt)
            }
            return timetable
        }
    }

    /// Asks for a run outside of any timetable, as soon as may be.
    public func requestSync(of directory: String) {
        requests.add(directory)
    }

    /// Runs that somebody asked for outside of any timetable, each once.
    public func takeRequestedSyncs() -> Set<String> {
        requests.take()
    }
}
