public import AccessModel
public import Logging
import Synchronization

/// The use cases over one store: reads answered from the published graph, writes serialised by
/// the store and published before they are answered.
public final class AccessService: Sendable {
    /// What the service may be told; everything has a sensible value.
    public struct Settings: Sendable {
        /// `service` that registry token requests must name.
        public var registryService = "registry"
        /// `iss` of registry tokens.
        public var registryIssuer = "portreeve"
        /// Life of a registry token in seconds, 60 to 3,600.
        public var registryTokenLifetime: Int64 = 300
        /// How long a verified password or token is remembered.
        public var credentialMemory: Duration = .seconds(60)
        /// How long a question waits for the revision that it asks for.
        public var revisionWait: Duration = .seconds(2)
        /// How long one synchronisation may ask its directory.
        public var timeForDirectory: Duration = .seconds(3_600)
        /// The folder for backups; without one nobody makes them but who is on the machine.
        public var backupDirectory: String?
        /// Files that a backup holds only when asked: what follows the backup's name, and the path.
        public var keyFiles: [String: String] = [:]

        public init() {}
    }

    public let store: any Store
    public let published: PublishedGraph
    public let settings: Settings
    public let clock: WallClock
    let hasher: any PasswordHasher
    let digester: any SecretDigester
    let signer: any TokenSigner
    let secretBox: any SecretBox
    let directorySource: any DirectorySource
    let secretFiles: any SecretFiles
    /// nil where the address of a registry is not set.
    let registryClient: (any RegistryClient)?
    let credentials: CredentialMemory
    let attempts = AttemptLimiter()
    let uses = TokenUses()
    let passwordChecks = PasswordChecks()
    let past = PastGate()
    /// For those that read everything: exports, proofs.
    let longReadings = PastGate()
    let streams = StreamCount()
    let recentPulls = RecentPulls()
    let waitingEvents = WaitingRegistryEvents()
    let directoryLogins = DirectoryLoginMemory()
    let directoryTurns = Turns()
    let loginTurns = Turns()
    let mirrors = DirectoryMirrors()
    let runningSyncs = RunningSyncs()
    let outages = DirectoryOutages()
    /// Directories to be synchronised as soon as may be.
    let requestedSyncs = Mutex<Set<String>>([])
    let processIdentity: String
    let logger: Logger

    /// Reads all facts from the store and publishes the first graph.
    public init(
        store: any Store, settings: Settings, hasher: any PasswordHasher, digester: any SecretDigester,
        signer: any TokenSigner, secretBox: any SecretBox, directorySource: any DirectorySource,
        secretFiles: any SecretFiles, registryClient: (any RegistryClient)? = nil,
        clock: WallClock = .system, logger: Logger
    ) async throws(AccessError) {
        self.store = store
        self.settings = settings
        self.hasher = hasher
        self.digester = digester
        self.signer = signer
        self.secretBox = secretBox
        self.directorySource = directorySource
        self.secretFiles = secretFiles
        self.registryClient = registryClient
        self.clock = clock
        self.logger = logger
        processIdentity = Self.makeProcessIdentity(at: clock.now)
        credentials = CredentialMemory(lifetime: settings.credentialMemory)
        published = PublishedGraph(try await store.read { (reader) throws(AccessError) in try .read(from: reader) })
    }

    /// Performs a command for `caller`. Its outcome is durable, and seen by every later check
    /// of this service, when the call returns.
    /// - Parameters:
    ///   - dryRun: find out what would change, and change nothing.
    ///   - patience: how long to wait for other writes, before `.storage(.busy)` is thrown.
    public func perform<C: Command>(
        _ command: C, as caller: Caller, dryRun: Bool = false, within patience: Duration = .seconds(5)
    ) async throws(AccessError) -> Committed<C.Result> {
        let (published, now) = (published, clock.now)
        let rehearsal = Mutex<Outcome<C.Result>?>(nil)
        do throws(AccessError) {
            let outcome = try await store.write(as: caller.actor, within: patience) {
                (writer) throws(AccessError) -> Outcome<C.Result> in
                let (graph, missed) = try published.current.caughtUp(with: writer)
                let context = WriteContext(writer: writer, graph: graph, caller: caller, now: now)
                let value = try command.perform(in: context)
                let outcome = Outcome(
                    value: value, base: graph, missed: missed, graph: context.graph, changes: context.changes)
                if dryRun {
                    rehearsal.withLock { $0 = outcome }
                    throw Self.endOfRehearsal
                }
                return outcome
            }
            // What other processes wrote was taken in as well, and touches credentials like our own.
            publish(outcome.graph, changes: outcome.missed + outcome.changes)
            return Committed(
                value: outcome.value, revision: outcome.graph.revision, changes: outcome.changes, base: outcome.base)
        } catch {
            guard error == Self.endOfRehearsal, let outcome = rehearsal.withLock({ $0 }) else { throw error }
            return Committed(
                value: outcome.value, revision: published.current.revision, changes: outcome.changes, base: outcome.base
            )
        }
    }

    /// Answers a query for `caller`.
    public func ask<Q: Query>(_ query: Q, as caller: Caller) async throws(AccessError) -> Q.Result {
        let (graph, now) = (published.current, clock.now)
        return try await store.read { (reader) throws(AccessError) in
            try query.answer(in: ReadContext(reader: reader, graph: graph, caller: caller, now: now))
        }
    }

    /// Refuses early what a command would refuse anyway, before much is spent on it.
    public func require(_ right: ManagementRight, of caller: Caller, to doing: String) throws(AccessError) {
        guard published.current.allows(caller.actor, right, at: clock.now) else {
            throw .forbidden("you may not \(doing)")
        }
    }

    /// Takes in what other processes wrote since the last look.
    public func catchUp() async throws(AccessError) {
        let current = published.current
        let (graph, missed) = try await store.read { (reader) throws(AccessError) in
            try current.caughtUp(with: reader)
        }
        if graph.revision > current.revision { publish(graph, changes: missed) }
    }

    func publish(_ graph: AccessGraph, changes: [Change]) {
        published.publish(graph)
        credentials.forget(after: changes, revision: graph.revision)
    }

    private struct Outcome<Value: Sendable>: Sendable {
        let value: Value
        let base: AccessGraph
        let missed: [Change]
        let graph: AccessGraph
        let changes: [Change]
    }

    /// Thrown to make the store take back what a dry run wrote.
    private static let endOfRehearsal = AccessError.conflict(code: .dryRun, detail: "nothing was changed")
}
