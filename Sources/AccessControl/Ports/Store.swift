public import AccessModel

/// Where the facts and the change log are kept. One transaction a call, its body synchronous:
/// nothing waits inside.
///
/// Facts are changed by `StoreWriter.record` only, which writes the row and the entry of the
/// change log together. There is no other way to change one.
public protocol Store: Sendable {
    /// A consistent view of one revision. Runs beside writes.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreReader) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result

    /// Runs `body` alone: no other writer of the log, of this process or another, comes between. What it
    /// records is durable when the call returns, and nothing of it is kept when `body` throws or the task is
    /// cancelled. `body` may run more than once, when a server gives way to another: it keeps nothing from one time to the
    /// next.
    /// - Parameters:
    ///   - actor: on whose behalf, for the log.
    ///   - patience: how long to wait for other writes.
    /// - Throws: `.storage(.busy)` when `patience` is at its end.
    func write<Result: Sendable>(
        as actor: Actor, within patience: Duration,
        _ body: @escaping @Sendable (any StoreWriter) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result

    /// Runs `body` beside other writes where the store can: it changes nothing of which there is a log. It is durable
    /// when the call returns, and nothing of it is kept when `body` throws or the task is cancelled.
    func writeAside<Result: Sendable>(
        within patience: Duration, _ body: @escaping @Sendable (any NoteWriter) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result

    /// Writes a consistent copy of the database into a new file.
    func backup(to path: String) async throws(AccessError)

    /// - Throws: `.storage(.replaced)` when the database was deleted or replaced since it was opened.
    func checkIdentity() throws(AccessError)

    /// Ends the use of the database. Nothing may be asked afterwards.
    func close()
}

extension Store {
    public func write<Result: Sendable>(
        as actor: Actor, _ body: @escaping @Sendable (any StoreWriter) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result {
        try await write(as: actor, within: .seconds(5), body)
    }

    public func writeAside<Result: Sendable>(
        _ body: @escaping @Sendable (any NoteWriter) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result {
        try await writeAside(within: .seconds(5), body)
    }
}

/// Something with the number of the change that made it what it is: its entity tag.
public struct Stored<Value: Sendable>: Sendable {
    public let value: Value
    public let revision: Revision

    public init(_ value: Value, revision: Revision) {
        self.value = value
        self.revision = revision
    }
}

extension Stored: Equatable where Value: Equatable {}

/// A part of a list in keyset order.
public struct Page: Hashable, Sendable {
    public enum Order: String, Hashable, Sendable, CaseIterable {
        case name
        /// The last one made comes first.
        case newest
    }

    /// The last key of the page before: a name, or the identity where the newest come first. nil for the first page.
    public let after: String?
    /// 1 to 1,000.
    public let limit: Int
    public var filter = ListFilter.all
    public var order = Order.name
    /// Whether all that the filter wants is counted.
    public var isCounted = false

    public init(after: String? = nil, limit: Int = 100) {
        self.after = after
        self.limit = limit
    }

    public static let all = Page(limit: Int(Int32.max))
}

public protocol StoreReader {
    /// The number of the newest change; 0 before the first.
    func revision() throws(AccessError) -> Revision

    /// The number of the newest change made at or before `time`; 0 if there was none.
    func revision(at time: Timestamp) throws(AccessError) -> Revision

    /// Visits every fact, in the order of `Fact.Kind.allCases`, then by key.
    func forEachFact(_ visit: (Fact) throws(AccessError) -> Void) throws(AccessError)

    /// The same as far as decisions depend on it, and so quickly: facts that they do not are left
    /// out, and so are the members of the others, such as personal ones, which are empty. Accounts come in the order
    /// of their names, repositories in that of their paths.
    func forEachDecidingFact(_ visit: (Fact) throws(AccessError) -> Void) throws(AccessError)

    // Accounts.
    func account(_ id: AccountID) throws(AccessError) -> Stored<Account>?
    func account(named name: AccountName) throws(AccessError) -> Stored<Account>?
    func user(withLogin login: AccountName) throws(AccessError) -> Stored<Account>?
    /// Those under which somebody logs in who has another name.
    func loginsApartFromNames() throws(AccessError) -> Set<AccountName>
    /// - Parameter name: in lower case.
    func users(withPrincipalName name: String) throws(AccessError) -> [Account]
    /// Ordered as the page says.
    func accounts(_ kind: Account.Kind, _ page: Page) throws(AccessError) -> [Stored<Account>]
    func count(of kind: Account.Kind, _ filter: ListFilter) throws(AccessError) -> Int
    /// Users linked to a directory, ordered by identity.
    func accounts(linkedTo directory: String) throws(AccessError) -> [Account]
    /// The active ones of them by their links alone: identity and name of the entry.
    func activeLinks(to directory: String) throws(AccessError) -> [DirectoryLink]
    /// Whether somebody of a directory has been gone since a time or longer, and what they have rests.
    func hasResting(of directory: String, goneBy time: Timestamp) throws(AccessError) -> Bool
    func activeSystemAdministratorCount() throws(AccessError) -> Int
    func activeSystemAdministrators() throws(AccessError) -> [Account]
    func retiredName(_ name: AccountName) throws(AccessError) -> Stored<RetiredName>?
    func retiredNames(_ page: Page) throws(AccessError) -> [RetiredName]

    // Organisations, ordered by the user's name.
    func member(_ user: AccountID, of organization: AccountID) throws(AccessError) -> Stored<OrganizationMember>?
    func members(of organization: AccountID, _ page: Page) throws(AccessError) -> [MemberView<OrganizationMember>]
    func memberCount(of organization: AccountID, _ filter: ListFilter) throws(AccessError) -> Int
    func organizations(of user: AccountID) throws(AccessError) -> [OrganizationMember]
    func activeOwnerCount(of organization: AccountID) throws(AccessError) -> Int

    // Teams, ordered by name.
    func team(_ id: TeamID) throws(AccessError) -> Stored<Team>?
    func team(named name: TeamName, in organization: AccountID) throws(AccessError) -> Stored<Team>?
    func teams(of organization: AccountID, _ page: Page) throws(AccessError) -> [Stored<Team>]
    func teamCount(of organization: AccountID, _ filter: ListFilter) throws(AccessError) -> Int
    func member(_ user: AccountID, of team: TeamID) throws(AccessError) -> Stored<TeamMember>?
    func members(of team: TeamID, _ page: Page) throws(AccessError) -> [MemberView<TeamMember>]
    func memberCount(of team: TeamID, _ filter: ListFilter) throws(AccessError) -> Int
    func teams(of user: AccountID) throws(AccessError) -> [TeamMember]

    // Service accounts, ordered by name.
    func serviceAccount(_ id: ServiceAccountID) throws(AccessError) -> Stored<ServiceAccount>?
    func serviceAccount(named name: TeamName, of owner: AccountID) throws(AccessError) -> Stored<ServiceAccount>?
    func serviceAccounts(of owner: AccountID) throws(AccessError) -> [Stored<ServiceAccount>]

    // Repositories, ordered by name in a namespace.
    func repository(_ id: RepositoryID) throws(AccessError) -> Stored<Repository>?
    func repository(named name: String, in namespace: AccountID) throws(AccessError) -> Stored<Repository>?
    func repositories(in namespace: AccountID, _ page: Page) throws(AccessError) -> [Stored<Repository>]

    /// What registries told of it.
    func use(of repository: RepositoryID) throws(AccessError) -> RepositoryUse
    /// Ordered by name.
    func tags(of repository: RepositoryID, _ page: Page) throws(AccessError) -> [KnownTag]

    // Grants.
    func grant(_ subject: GrantSubject, on target: GrantTarget) throws(AccessError) -> Stored<Grant>?
    /// Ordered by kind and identity of the subject.
    func grants(on target: GrantTarget) throws(AccessError) -> [Stored<Grant>]
    func grants(to subject: GrantSubject) throws(AccessError) -> [Stored<Grant>]

    // The control plane.
    func role(_ id: RoleID) throws(AccessError) -> Stored<Role>?
    /// Ordered by name.
    func roles() throws(AccessError) -> [Stored<Role>]
    func collection(_ id: CollectionID) throws(AccessError) -> Stored<ResourceCollection>?
    /// The users whose private collections are facts.
    func privateCollectionOwners() throws(AccessError) -> Set<AccountID>
    // Grants, in no order.
    func controlGrant(
        _ subject: ControlSubject, _ role: RoleID, on collection: CollectionID
    ) throws(AccessError) -> Stored<ControlGrant>?
    func controlGrants() throws(AccessError) -> [Stored<ControlGrant>]
    func controlGrants(on collection: CollectionID) throws(AccessError) -> [Stored<ControlGrant>]
    func controlGrants(to subject: ControlSubject) throws(AccessError) -> [Stored<ControlGrant>]
    func controlGrants(of role: RoleID) throws(AccessError) -> [Stored<ControlGrant>]
    func site(_ id: SiteID) throws(AccessError) -> Stored<Site>?
    func sites(in collection: CollectionID) throws(AccessError) -> [Stored<Site>]
    func sites(withAgent agent: ServiceAccountID) throws(AccessError) -> [Stored<Site>]
    func placement(of resource: PlacedResource) throws(AccessError) -> Stored<Placement>?
    func placements() throws(AccessError) -> [Stored<Placement>]
    func placements(in collection: CollectionID) throws(AccessError) -> [Stored<Placement>]
    func placements(at site: SiteID) throws(AccessError) -> [Stored<Placement>]
    func controlSettings() throws(AccessError) -> Stored<ControlSettings>?

    // Credentials.
    func password(of account: AccountID) throws(AccessError) -> (password: Password, hash: String)?
    func token(withDigest digest: [UInt8]) throws(AccessError) -> AccessToken?
    func token(_ id: TokenID) throws(AccessError) -> AccessToken?
    /// Ordered by creation.
    func tokens(of holder: TokenHolder) throws(AccessError) -> [AccessToken]
    /// Those that were made with a token, ordered by identity.
    func tokens(madeBy maker: TokenID) throws(AccessError) -> [AccessToken]
    /// As far as they are kept; nothing for tokens that were not used.
    func tokenUses(of holder: TokenHolder) throws(AccessError) -> [TokenID: TokenUse]

    // Everything at once, for synchronisation.
    func organizationMembers() throws(AccessError) -> [OrganizationMember]
    func teamMembers() throws(AccessError) -> [TeamMember]
    /// The accounts in whose namespaces there are repositories.
    func repositoryOwners() throws(AccessError) -> Set<AccountID>

    // Directories, in their order, then by name.
    func directory(named name: String) throws(AccessError) -> Stored<Directory>?
    func directories() throws(AccessError) -> [Stored<Directory>]
    /// What is known of the logins of a directory's person.
    func directoryLogins(of person: String) throws(AccessError) -> KnownDirectoryLogins?
    /// The sealed bind password, if one is kept.
    func directorySecret(_ name: String) throws(AccessError) -> [UInt8]?
    func syncRun(_ id: String) throws(AccessError) -> SyncRun?
    /// Newest first, without plans.
    func syncRuns(of directory: String, limit: Int) throws(AccessError) -> [SyncRun]
    /// Those that somebody may still apply or approve, newest first.
    func waitingSyncRuns(of directory: String) throws(AccessError) -> [SyncRun]
    /// The newest one that holds changes for approval, without its plan.
    func heldSyncRun(of directory: String) throws(AccessError) -> SyncRun?
    /// Those that refer to another run of the directory, which waits for all of them; without plans.
    func syncRuns(referringTo run: String, of directory: String) throws(AccessError) -> [SyncRun]
    /// Those that run, or did when their process ended, without plans.
    func runningSyncRuns(of directory: String) throws(AccessError) -> [(run: SyncRun, lease: SyncLease)]
    /// The newest run in the mode `run` that knew everything and was applied or held, without its plan.
    func lastGoodSyncRun(of directory: String) throws(AccessError) -> SyncRun?
    /// What a run left nothing to do about; nil if it left something, or another version wrote it.
    func settlement(of run: String) throws(AccessError) -> SyncRun.Settlement?
    /// What the runs of a directory that began since a time did, and nobody approved.
    func unapproved(by directory: String, since time: Timestamp) throws(AccessError) -> SyncTally
    func memory(of directory: String) throws(AccessError) -> DirectoryMemory?
    /// The groups that fed something at the last good run; nil if there was none under such settings.
    func knownGroups(of directory: String, settings: Revision) throws(AccessError) -> [KnownGroup]?
    /// Whether there was a good run under such settings.
    func hasKnownGroups(of directory: String, settings: Revision) throws(AccessError) -> Bool

    // The change log.
    func changes(_ selection: ChangeSelection, limit: Int) throws(AccessError) -> [LoggedChange]
    /// The newest entry that is indexed by what it names. Questions about what is behind it read the log.
    func indexedRevision() throws(AccessError) -> Revision
    /// Visits entries with greater numbers about facts of some kinds, oldest first. Personal fields are not filled in.
    func forEachChange(
        of kinds: [Fact.Kind], after revision: Revision, _ visit: (Revision, Change) throws(AccessError) -> Void
    ) throws(AccessError)
    /// Visits all of them, with their numbers. Personal fields are not filled in.
    func forEachChange(
        after revision: Revision, _ visit: (Revision, Change) throws(AccessError) -> Void
    ) throws(AccessError)
    /// Those that are about an account, which is what is its own, and what was its at the time; or about a collection.
    func changes(
        about subject: ChangeSubject, _ selection: ChangeSelection, limit: Int
    ) throws(AccessError) -> [LoggedChange]
    /// Facts as they were at an earlier revision.
    func history(at revision: Revision) throws(AccessError) -> any FactHistory
    /// The names of the accounts in whose namespaces there were repositories at an earlier revision, and perhaps of
    /// more, in order.
    func namespaces(at revision: Revision) throws(AccessError) -> [AccountName]
    /// Visits the changes between two revisions that a decision may depend on, newest first, one at a time.
    /// Personal fields are not filled in.
    func forEachDecidingChange(
        after revision: Revision, upTo end: Revision, _ visit: (Change) throws(AccessError) -> Void
    ) throws(AccessError)
    /// The newest change of a fact up to `revision`; nil if there is none.
    func lastChange(of fact: FactKey, upTo revision: Revision) throws(AccessError) -> LoggedChange?
    /// Checks the chain of hashes, the log against the rows, and the engine's own integrity.
    /// - Parameters:
    ///   - head: a hash that must be in the chain.
    ///   - now: entries dated later are named.
    func verify(head: String?, now: Timestamp) throws(AccessError) -> LogVerification
    /// When the newest change was made; nil before the first.
    func lastChangeTime() throws(AccessError) -> Timestamp?
}

/// Facts as they were at one revision. Personal fields are not filled in. An answer costs what there is under a key
/// today, and what has changed of it since.
public protocol FactHistory {
    /// The facts of a kind under a key, in no order.
    func facts(_ kind: Fact.Kind, naming key: ChangeKey) throws(AccessError) -> [Fact]

    /// Visits those of them that were changed since.
    func forEachOlder(
        _ kind: Fact.Kind, naming key: ChangeKey, _ visit: (Fact) throws(AccessError) -> Void
    ) throws(AccessError)
}

/// Writes what is in no log and has no number: what was noticed of the use of things. Each of these is right beside
/// others of its kind, whichever comes first.
public protocol NoteWriter: StoreReader {
    /// Keeps what a registry told of a repository, unless something newer is known.
    func upsert(_ use: RepositoryUse, of repository: RepositoryID) throws(AccessError)
    /// Keeps a tag, unless a newer push of it is known.
    func upsert(_ tag: KnownTag, of repository: RepositoryID) throws(AccessError)
    /// Forgets tags, but for those that were pushed since.
    func delete(
        _ tags: TagSelection, of repository: RepositoryID, pushedBefore time: Timestamp) throws(AccessError)

    /// Keeps how tokens were used last, unless a later use is known.
    func upsert(_ uses: [TokenID: TokenUse]) throws(AccessError)

    /// Keeps what is known of logins, by person.
    func upsert(_ logins: [String: KnownDirectoryLogins]) throws(AccessError)

    /// Notes that a process still runs a synchronisation.
    func renew(_ lease: SyncLease, of run: String) throws(AccessError)
}

public protocol StoreWriter: NoteWriter {
    /// Makes `change` in its table and in the change log, and returns its number.
    /// - Parameters:
    ///   - reason: why, for the log; for people.
    ///   - secret: what is kept beside the fact and never in the log: a password's hash, a
    ///     token's digest, a directory's sealed password. nil keeps what is there,
    ///     an empty one takes it away.
    @discardableResult
    func record(_ change: Change, reason: String?, secret: [UInt8]?) throws(AccessError) -> Revision

    /// Waits until the store has taken everything that was recorded. What it refuses is thrown here, at a later
    /// recording, at the next question, or at the end.
    func settle() throws(AccessError)

    /// Forgets all that registries told of a repository.
    func deleteUses(of repository: RepositoryID) throws(AccessError)

    /// Notes of the next entries of the log what they name, so many at the most, so that questions about the past
    /// find them. Not a change.
    /// - Returns: whether there are more.
    func fillChangeKeys(limit: Int) throws(AccessError) -> Bool

    /// Makes or replaces a synchronisation run. Not a change: it has no number. A plan that was
    /// saved before stays when the run comes without one.
    func save(_ run: SyncRun) throws(AccessError)

    /// What a person approved says that all before it is meant: it counts for no brake any more.
    func deleteTallies(of directory: String) throws(AccessError)
    func upsert(_ memory: DirectoryMemory, of directory: String) throws(AccessError)
    func upsert(_ groups: [KnownGroup], of directory: String, settings: Revision) throws(AccessError)
    /// Forgets what was remembered of a directory: it is another one from now on, or none.
    func deleteReadings(of directory: String) throws(AccessError)
    /// Deletes the oldest runs of a directory beyond so many, and all that began before a time, but for
    /// those that wait or run, and the last good one.
    /// - Parameter counted: what was done since then counts for the brake, and stays.
    func pruneSyncRuns(
        of directory: String, keeping count: Int, since time: Timestamp, countedSince counted: Timestamp
    ) throws(AccessError)
}

/// A membership with its user's name, for people to read.
public struct MemberView<Membership: Sendable & Hashable>: Hashable, Sendable {
    public let user: AccountName
    public let fullName: String
    public let isActive: Bool
    public let membership: Membership
    public let revision: Revision

    public init(user: AccountName, fullName: String, isActive: Bool, membership: Membership, revision: Revision) {
        self.user = user
        self.fullName = fullName
        self.isActive = isActive
        self.membership = membership
        self.revision = revision
    }
}

/// Which entries of the change log, and in which order.
public struct ChangeSelection: Hashable, Sendable {
    /// Only entries with greater numbers.
    public var after: Revision = 0
    /// Only entries with smaller numbers.
    public var before: Revision?
    public var actor: Actor?
    public var kind: Fact.Kind?
    public var order: Order

    /// Which entries come first.
    public enum Order: String, Hashable, Sendable, CaseIterable { case oldest, newest }

    public init(
        after: Revision = 0, before: Revision? = nil, kind: Fact.Kind? = nil, order: Order = .oldest
    ) {
        self.after = after
        self.before = before
        self.kind = kind
        self.order = order
    }
}

extension StoreReader {
    /// Entries with greater numbers, oldest first.
    public func changes(after revision: Revision, limit: Int) throws(AccessError) -> [LoggedChange] {
        try changes(ChangeSelection(after: revision), limit: limit)
    }
}

/// An entry of the change log. Personal fields of its facts are filled in as long as they are
/// kept; the log itself holds digests of them.
public struct LoggedChange: Hashable, Sendable {
    public let revision: Revision
    public let time: Timestamp
    /// `Actor.text` of who made it.
    public let actor: String
    public let reason: String?
    public let change: Change
    /// SHA-256 over this entry and the hash before it, in hexadecimal.
    public let hash: String

    public init(revision: Revision, time: Timestamp, actor: String, reason: String?, change: Change, hash: String) {
        self.revision = revision
        self.time = time
        self.actor = actor
        self.reason = reason
        self.change = change
        self.hash = hash
    }
}

/// What a verification of the log found.
public struct LogVerification: Hashable, Sendable {
    public let changes: Int
    public let facts: Int
    /// The newest hash.
    public let head: String
    /// What is wrong, in words; empty when all is well.
    public let faults: [String]
    /// What is worth knowing, and wrong in nothing.
    public let notes: [String]

    public init(changes: Int, facts: Int, head: String, faults: [String], notes: [String] = []) {
        self.changes = changes
        self.facts = facts
        self.head = head
        self.faults = faults
        self.notes = notes
    }
}

extension StoreReader {
    func tags(of repository: RepositoryID) throws(AccessError) -> [KnownTag] { try tags(of: repository, .all) }
}
