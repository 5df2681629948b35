import AccessControl
import Foundation
import SQLStore

/// One transaction that writes, until it is known whether it was kept. It is run again where a connection was lost, or
/// where it gave way to a transaction beside it.
struct WriteTransaction {
    let lane: Lane
    /// What follows BEGIN, such as taking a lock.
    let opening: [PostgreSQLConnection.Opening]
    /// How long the opening may wait for others.
    let patience: Duration
    /// How long a server that takes writes is looked for, from when one was missed.
    let failoverWait: Duration
    let isCancelled: @Sendable () -> Bool
    let log: @Sendable (String) -> Void

    private static let attempts = 5
    private static let pause = 0.2

    /// Nothing was kept, and another try may succeed.
    private struct TryAgain: Error {
        let reason: any Error
    }

    /// COMMIT was sent and not answered.
    private struct UnknownOutcome: Error {}

    func run<Result: Sendable>(
        _ body: (PostgreSQLConnection) throws(AccessError) -> (Result, SQLWitness?)
    ) throws -> Result {
        var attempt = 1
        var end = Deadline(in: failoverWait)
        while true {
            var witness: SQLWitness?
            var result: Result?
            let failure: any Error
            do {
                return try runOnce(until: end, body) { (result, witness) = ($0, $1) }
            } catch is UnknownOutcome {
                guard let result, let witness else { throw AccessError.storage(.uncertain) }
                if try wasKept(witness, until: Deadline(in: failoverWait)) { return result }
                failure = AccessError.storage(.unreachable("the connection is lost at each COMMIT"))
            } catch let again as TryAgain {
                failure = again.reason
            }
            // The time that a body takes is not spent on looking for a server.
            if attempt == 1 { end = Deadline(in: failoverWait) }
            guard attempt < Self.attempts, !end.isOver, !isCancelled() else { throw failure }
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
                throw TryAgain(reason: AccessError.storage(StorageError(error)))
            }
            let result: Result
            do throws(AccessError) {
                let witness: SQLWitness?
                (result, witness) = try body(connection)
                // A body may have gone on after a failure.
                if let failure = connection.failure { throw failure.error }
                try connection.attempt { () throws in try connection.prepareToCommit() }
                atCommit(result, witness)
            } catch {
                rollBack(session)
                let mayPass = connection.failure?.server.map { $0.isPassing || $0.isLoss } ?? false
                throw mayPass ? TryAgain(reason: error) : error
            }
            try commit(session, rows: connection.rowCount)
            return result
        }
    }

    private func begin(_ session: Session) throws(ServerFailure) -> PostgreSQLConnection {
        let (seconds, attoseconds) = patience.components
        let milliseconds = max(1, seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
        return try PostgreSQLConnection(
            session,
            // The level is said, as a role may have another one, under which what is read behind the lock is old.
            opening: [
                .init(sql: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"),
                .init(sql: "SET LOCAL lock_timeout = \(milliseconds)"),
            ] + opening,
            within: patience, openAnother: lane.connect, isCancelled: isCancelled, log: log)
    }

    /// - Parameter rows: how many were changed: each has references that are looked up at the end.
    private func commit(_ session: Session, rows: Int) throws {
        do {
            let warning = try session.commit(within: .seconds(10) + .microseconds(rows * 50))
            if let warning {
                log(warning)
                // If this server fails, an acknowledged change would be lost.
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
        session.rollBack(isAwaited: true, within: PostgreSQLConnection.limit, log: log)
    }

    /// Finds out whether a transaction was kept whose COMMIT was not answered. Behind the lock nothing of it is under way
    /// any more on the same server, and another one has decided when it takes writes.
    ///
    /// That its entry can be read proves nothing yet: a server whose standby did not confirm it shows it all the same. The
    /// look-up is committed, which waits for the standby behind all that came before.
    private func wasKept(_ witness: SQLWitness, until end: Deadline) throws -> Bool {
        while true {
            do {
                return try lane.withSession(until: end) { session in
                    let connection = try begin(session)
                    var isThere = false
                    do throws(AccessError) {
                        try connection.query(witness.sql, witness.arguments) { _ in isThere = true }
                    } catch {
                        rollBack(session)
                        throw error
                    }
                    if isThere { try commit(session, rows: 0) } else { rollBack(session) }
                    return isThere
                }
            } catch {
                log("\(error)")
                guard !end.isOver else { throw AccessError.storage(.uncertain) }
                Thread.sleep(forTimeInterval: Self.pause)
            }
        }
    }
}
