public import AccessModel
import Logging

/// What container registries ask for and what they tell: tokens and their keys, pushes and pulls, the catalogue.
public struct ContainerRegistry: Sendable {
    let transactions: Transactions
    let authentication: Authentication
    let store: any Store
    let published: PublishedGraph
    let clock: WallClock
    let signer: any TokenSigner
    /// nil where the address of a registry is not set.
    let client: (any RegistryClient)?
    public let settings: AccessService.Settings
    let recentPulls = RecentPulls()
    let waitingEvents = WaitingRegistryEvents()
    let logger: Logger

    init(
        _ transactions: Transactions, _ authentication: Authentication, signer: any TokenSigner,
        client: (any RegistryClient)?, settings: AccessService.Settings, logger: Logger
    ) {
        (self.transactions, self.authentication) = (transactions, authentication)
        (store, published, clock) = (transactions.store, transactions.published, transactions.clock)
        (self.signer, self.client, self.settings, self.logger) = (signer, client, settings, logger)
    }
}
