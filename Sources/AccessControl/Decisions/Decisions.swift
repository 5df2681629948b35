public import AccessModel

/// Answers who may do what, and since when and why, now and in the past.
public struct Decisions: Sendable {
    let transactions: Transactions
    let store: any Store
    let published: PublishedGraph
    let clock: WallClock
    /// How long a question waits for the revision that it asks for.
    let revisionWait: Duration
    let past = PastGate()

    init(_ transactions: Transactions, revisionWait: Duration) {
        self.transactions = transactions
        (store, published, clock) = (transactions.store, transactions.published, transactions.clock)
        self.revisionWait = revisionWait
    }
}
