public import AccessModel

/// One synchronisation, or the planning of one: kept with its plan and its outcome.
public struct SyncRun: Hashable, Sendable, Codable {
    public enum Mode: String, Hashable, Sendable, Codable { case plan, run }

    public enum State: String, Hashable, Sendable, Codable {
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

    public var id: String
    public var directory: String
    public var mode: Mode
    public var state: State
    /// `Actor.text` of who asked for it.
    public var actor: String
    public var startedAt: Timestamp
    public var finishedAt: Timestamp?
    /// The revision the plan was made from, and the one that applying it gave.
    public var baseRevision: Revision
    /// The revision of the directory's settings that the plan follows.
    public var settingsRevision: Revision
    public var revision: Revision?
    public var plan: SyncPlan?
    public var held: [HeldPart]
    /// How many changes were made.
    public var appliedCount: Int
    /// Why it failed, or what was incomplete.
    public var message: String?
    /// People and groups read.
    public var usersRead: Int
    public var groupsRead: Int

    public init(
        id: String, directory: String, mode: Mode, state: State, actor: String, startedAt: Timestamp,
        finishedAt: Timestamp? = nil, baseRevision: Revision = 0, settingsRevision: Revision = 0,
        revision: Revision? = nil, plan: SyncPlan? = nil,
        held: [HeldPart] = [], appliedCount: Int = 0, message: String? = nil, usersRead: Int = 0, groupsRead: Int = 0
    ) {
        self.id = id
        self.directory = directory
        self.mode = mode
        self.state = state
        self.actor = actor
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.baseRevision = baseRevision
        self.settingsRevision = settingsRevision
        self.revision = revision
        self.plan = plan
        self.held = held
        self.appliedCount = appliedCount
        self.message = message
        self.usersRead = usersRead
        self.groupsRead = groupsRead
    }

    enum CodingKeys: String, CodingKey {
        case id, directory, mode, state, actor, revision, plan, held, message
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case baseRevision = "base_revision"
        case settingsRevision = "settings_revision"
        case appliedCount = "applied"
        case usersRead = "users_read"
        case groupsRead = "groups_read"
    }
}
