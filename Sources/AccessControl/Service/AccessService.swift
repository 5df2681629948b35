public import AccessModel
public import Logging

/// The use cases over one store, in five parts by what they are about. Each has what it needs of the others.
public struct AccessService: Sendable {
    /// What the service may be told; everything has a sensible value.
    public struct Settings: Sendable {
        /// `service` that registry token requests must name.
        public var registryService = "registry"
        /// `iss` of registry tokens.
        public var registryIssuer = "portreeve"
        /// Life of a registry token in seconds, 60 to 3,600.
        public var registryTokenLifetime: Int64 = 300
        /// Where clients of the registry get tokens.
        public var registryRealm = ""
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

    public let transactions: Transactions
    public let decisions: Decisions
    public let authentication: Authentication
    public let registry: ContainerRegistry
    public let synchronization: DirectorySynchronization

    /// Reads all facts from the store and publishes the first graph.
    public init(
        store: any Store, settings: Settings, hasher: any PasswordHasher, digester: any SecretDigester,
        signer: any TokenSigner, secretBox: any SecretBox, directorySource: any DirectorySource,
        secretFiles: any SecretFiles, registryClient: (any RegistryClient)? = nil,
        clock: WallClock = .system, logger: Logger
    ) async throws(AccessError) {
        let credentials = CredentialMemory(lifetime: settings.credentialMemory)
        let graph = try await store.read { (reader) throws(AccessError) in try AccessGraph.read(from: reader) }
        transactions = Transactions(
            store: store, published: PublishedGraph(graph), credentials: credentials, clock: clock,
            backupDirectory: settings.backupDirectory, keyFiles: settings.keyFiles)
        if !SetUpControlPlane.isDone(graph) { _ = try await transactions.perform(SetUpControlPlane(), as: .service) }
        decisions = Decisions(transactions, revisionWait: settings.revisionWait)
        let directories = DirectoryConnections(
            source: directorySource, secretBox: secretBox, secretFiles: secretFiles, store: store, clock: clock,
            logger: logger)
        let requests = SyncRequests()
        authentication = Authentication(
            transactions, hasher: hasher, digester: digester, credentials: credentials, directories: directories,
            syncRequests: requests, logger: logger)
        registry = ContainerRegistry(
            transactions, authentication, signer: signer, client: registryClient, settings: settings, logger: logger)
        synchronization = DirectorySynchronization(
            transactions, directories: directories, requests: requests, timeForDirectory: settings.timeForDirectory,
            logger: logger)
    }
}
