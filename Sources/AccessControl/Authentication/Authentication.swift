public import AccessModel
import Logging

/// Finds out who somebody is, by passwords kept here or in directories and by tokens, and keeps both.
public struct Authentication: Sendable {
    let transactions: Transactions
    let store: any Store
    let published: PublishedGraph
    let clock: WallClock
    let hasher: any PasswordHasher
    let digester: any SecretDigester
    let credentials: CredentialMemory
    let directories: DirectoryConnections
    let syncRequests: SyncRequests
    let attempts = AttemptLimiter()
    let complaints = Complaints()
    let uses = TokenUses()
    let passwordChecks = PasswordChecks()
    let directoryLogins = DirectoryLoginMemory()
    let loginTurns = Turns()
    let logger: Logger

    init(
        _ transactions: Transactions, hasher: any PasswordHasher, digester: any SecretDigester,
        credentials: CredentialMemory, directories: DirectoryConnections, syncRequests: SyncRequests, logger: Logger
    ) {
        self.transactions = transactions
        (store, published, clock) = (transactions.store, transactions.published, transactions.clock)
        (self.hasher, self.digester, self.credentials) = (hasher, digester, credentials)
        (self.directories, self.syncRequests, self.logger) = (directories, syncRequests, logger)
    }
}
