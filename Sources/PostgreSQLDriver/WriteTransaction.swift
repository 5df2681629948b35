import AccessControl
import Foundation
import SQLStore

/// One transaction that writes, until it is known whether it was kept. It is run again where a server gave way to
/// another, or to a transaction beside it.
struct WriteTransaction {
    let lane: Lane
    /// What follows BEGIN, such as taking a lock.
    let opening: [String]
    /// How long the opening may wait for others.
    let patience: Duration
    let isCancelled: @Sendable () -> Bool
    let log: @Sendable (String) -> Void

    private static let attempts = 5
    private static let commitLimit = Duration.seconds(10)

    /// Nothing was kept, and another try may succeed.
    private struct TryAgain: Error {
        let reason: any Error
    }

    /// COMMIT was sent and not answered.
    private struct UnknownOutcome: Error {}

    /// - Parameter end: until when a server that takes it is looked for.
    func run<Result: Sendable>(
        until end: Deadline,
        _ body: (PostgreSQLConnection) throws(AccessError) -> (Result, SQLWitness?)
    ) throws -> Result {
        var attempt = 1
        while true {
            var witness: SQLWitness?
            var result: Result?
            do {
                return try runOnce(until: end, body) { (result, witness) = ($0, $1) }
            } catch is UnknownOutcome {
                guard let result, let witness else { throw AccessError.storage(.uncertain) }
                if try wasKept(witness, until: end) { return result }
            } catch let again as TryAgain {
                guard attempt < Self.attempts, !end.isOver, !isCancelled() else { throw again.reason }
            }
            attempt += 1
        }
    }

    /// - Parameter atCommit: called when nothing is left to do but COMMIT.
    private func runOnce<Result: Sendable>(
        until end: Deadline, _ body: (PostgreSQLConnection) throws(AccessError) -> (Result, SQLWitness?),
        atCommit: (Result, SQLWitness?) -> Void
    ) throws -> Result {
        try lane.withSession(until: end) { session in
            let connection: PostgreSQLConnection
            do throws(ServerFailure) {
                connection = try begin(session)
            } catch {
                throw TryAgain(reason: error)
            }
            let result: Result
            do throws(AccessError) {
                let witness: SQLWitness?
                (result, witness) = try body(connection)
                // A body may have gone on after a failure, of which the server has undone all.
                if let failure = connection.failure { throw .storage(StorageError(failure)) }
                try connection.attempt { () throws in try connection.prepareToCommit() }
                atCommit(result, witness)
            } catch {
                rollBack(session)
                let mayPass = connection.failure.map { $0.isPassing || $0.isLoss } ?? false
                throw mayPass ? TryAgain(reason: error) : error
            }
            try commit(session)
            return result
        }
    }

    private func begin(_ session: Session) throws(ServerFailure) -> PostgreSQLConnection {
        let milliseconds = max(
            1, patience.components.seconds * 1_000 + patience.components.attoseconds / 1_000_000_000_000_000)
        return try PostgreSQLConnection(
            session,
            // The level is said, as a role may have another one, under which what is read behind the lock is old.
            opening: ["BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", "SET LOCAL lock_timeout = \(milliseconds)"]
                + opening,
            within: patience, openAnother: lane.connect, isCancelled: isCancelled, log: log)
    }

    private func commit(_ session: Session) throws {
        do {
            try session.sendOnce("COMMIT")
            let warning = try session.warning { try session.synchronize(within: Self.commitLimit) }
            if let warning {
                // It is kept here, and on no other server: who is told of success would not find it after this one's end.
                log(warning)
                throw AccessError.storage(.unreplicated)
            }
        } catch let failure as ServerFailure {
            log(failure.description)
            if failure.isLoss { throw UnknownOutcome() }
            rollBack(session)
            let error = AccessError.storage(StorageError(failure))
            throw failure.isPassing ? TryAgain(reason: error) : error
        }
    }

    private func rollBack(_ session: Session) {
        guard !session.isLost else { return }
        do {
            // What was sent and not answered comes first, and its failure is known or of no interest.
            do { try session.synchronize(within: PostgreSQLConnection.limit) } catch let failure as ServerFailure
                where !failure.isLoss
            {
            } catch is MissingRow {}
            try session.sendOnce("ROLLBACK")
            try session.synchronize(within: PostgreSQLConnection.limit)
        } catch {
            log("\(error)")
            session.abandon()
        }
    }

    /// Finds out whether a transaction was kept whose COMMIT was not answered. Behind the lock nothing of it is under way
    /// any more on the same server, and another one has decided when it takes writes.
    private func wasKept(_ witness: SQLWitness, until end: Deadline) throws -> Bool {
        while true {
            do {
                return try lane.withSession(until: end) { session in
                    let connection = try begin(session)
                    defer { rollBack(session) }
                    var isThere = false
                    try connection.query(witness.sql, witness.arguments) { _ in isThere = true }
                    return isThere
                }
            } catch {
                log("\(error)")
                guard !end.isOver else { throw AccessError.storage(.uncertain) }
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
    }
}
