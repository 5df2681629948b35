public import AccessModel
public import StrictJSON

/// One synchronisation, or the planning of one: kept with its plan and its outcome.
public struct SyncRun: Hashable, Sendable, Codable {
    public enum Mode: String, Hashable, Sendable, Codable, CaseIterable, JSONReadable { case plan, run }

    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case running
        /// A plan was made, and nothing changed.
        case planned
        case applied
        /// Part or all of the plan waits for a person's approval; the rest was applied.
        case held
        /// The directory or the database failed; nothing was changed.
        case failed
        case cancelled
        /// What was held no longer fits the state.
        case lapsed
    }

    /// How much of the directory is read.
    public enum Extent: String, Hashable, Sendable, Codable, CaseIterable, JSONReadable { case full, incremental }

    public struct LogLine: Hashable, Sendable, Codable {
        public var time: Timestamp
        public var text: String
    }

    public var id: String
    public var directory: String
    public var mode: Mode
    public var state = State.running
    /// `Actor.text` of who asked for it.
    public var actor: String
    public var startedAt: Timestamp
    public var finishedAt: Timestamp?
    /// The revision the plan was made from, and the one that applying it gave.
    public var baseRevision: Revision = 0
    /// The revision of the directory's settings that the plan follows.
    public var settingsRevision: Revision
    public var revision: Revision?
    /// nil in lists.
    public var plan: SyncPlan?
    /// Empty in lists.
    public var held: [HeldPart] = []
    public var heldCount = 0
    /// An earlier run that holds exactly the same, and waits for approval; nil if this one does itself.
    public var waitsIn: String?
    /// How many rules, and teams and organisations of patterns, may only add, as their group was not read; nil where
    /// nothing was planned.
    public var frozen: Int?
    /// How many changes were made.
    public var appliedCount = 0
    /// The planned changes by their kind.
    public var counts: [String: Int] = [:]
    /// Why it failed, or what was incomplete, a line for each reason.
    public var message: String?
    /// How it was read; nil if it was not.
    public var read: Extent?
    /// Whether everything that the settings select is known.
    public var isComplete = false
    /// People and groups there are, and how many of them an incremental reading found changed.
    public var usersRead = 0
    public var groupsRead = 0
    public var entriesChanged = 0
    public var log: [LogLine] = []
    /// Of a run that left nothing to do; read by `settlement(of:)` only.
    public var settlement: Settlement?

    /// What it did that nobody approved; read by `unapproved(by:since:)` only.
    public var tally: SyncTally?

    /// What was planned when nothing was left to do. A reading that says the same has nothing to do either,
    /// as long as nothing that plans depend on has changed here.
    public struct Settlement: Hashable, Sendable, Codable {
        /// `DirectoryMirror.digest` of what was read.
        public var digest: String
        /// `SyncPlan.rules` of the version that planned it: another one may plan something else.
        public var rules: Int
        /// When the plan was made: what comes by itself since then, such as the end of an account, is not in it.
        public var plannedAt: Timestamp
        /// What the plan had to say, which still holds.
        public var notes: [SyncNote]
    }

    public init(
        id: String, directory: String, mode: Mode, actor: String, startedAt: Timestamp, settingsRevision: Revision
    ) {
        self.id = id
        self.directory = directory
        self.mode = mode
        self.actor = actor
        self.startedAt = startedAt
        self.settingsRevision = settingsRevision
    }

    /// Whether somebody may still apply or approve it.
    public var isWaiting: Bool {
        switch state {
        case .planned: !counts.isEmpty
        case .held: waitsIn == nil
        default: false
        }
    }

    /// Whether something went wrong that a person should look at. What waits for approval is no failure, nor
    /// is an incremental reading of a directory that does not show what was deleted.
    public var hasFailed: Bool { state == .failed || (read == .full && !isComplete) }

    /// How much was read and done; nil if it is to be tried again.
    public var extentDone: Extent? { (state == .applied || state == .held) && !hasFailed ? read : nil }

    mutating func note(_ text: String, at time: Timestamp) { log.append(LogLine(time: time, text: text)) }

    enum CodingKeys: String, CodingKey {
        case id, directory, mode, state, actor, revision, plan, held, frozen, message, counts, read, log
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case baseRevision = "base_revision"
        case settingsRevision = "settings_revision"
        case waitsIn = "waits_in"
        case heldCount = "held_changes"
        case appliedCount = "applied"
        case isComplete = "complete"
        case usersRead = "users_read"
        case groupsRead = "groups_read"
        case entriesChanged = "entries_changed"
    }
}

/// The right to synchronise one directory, which a process holds as long as it says so.
public struct SyncLease: Hashable, Sendable {
    /// Which process on which machine.
    public var owner: String
    public var aliveAt: Timestamp

    public init(owner: String, aliveAt: Timestamp) {
        self.owner = owner
        self.aliveAt = aliveAt
    }
}
