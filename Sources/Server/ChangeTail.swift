import AccessControl
import AccessModel
import Logging
import ServiceLifecycle

/// Takes in what other processes write: commands on the served file.
struct ChangeTail: Service {
    let service: AccessService
    let logger: Logger
    let interval = Duration.milliseconds(20)

    func run() async throws {
        var isFailing = false
        for await _ in AsyncTicks(every: interval).cancelOnGracefulShutdown() {
            do {
                try await service.catchUp()
                isFailing = false
            } catch {
                // Said once, not twenty times a second; every write tries again by itself.
                if !isFailing { logger.error("the change log cannot be read", metadata: ["error": "\(error)"]) }
                isFailing = true
            }
        }
    }
}

/// Keeps how tokens and repositories were used and what logins told, now and then and at the end.
struct UseKeeper: Service {
    let service: AccessService
    let logger: Logger

    func run() async throws {
        for await _ in AsyncTicks(every: .seconds(5)).cancelOnGracefulShutdown() { await keep() }
        await keep()
    }

    private func keep() async {
        do throws(AccessError) {
            try await service.keepTokenUses()
            try await service.keepDirectoryLogins()
            try await service.recordWaitingEvents()
        } catch {
            // While a long write holds the database they wait, and are kept behind it.
            guard error != .storage(.busy) else { return }
            logger.error("the uses of tokens and repositories were not kept", metadata: ["error": "\(error)"])
        }
    }
}

/// Lets go of those who follow the change log before the server waits for its connections to end.
struct FollowersEnd: Service {
    let service: AccessService

    func run() async throws {
        defer { service.published.end() }
        try await gracefulShutdown()
    }
}

/// Writes the head of the hash chain to the log every hour: `portreeve verify --head` proves
/// the database against it.
struct ChainHead: Service {
    let service: AccessService
    let logger: Logger

    func run() async throws {
        await note()
        for await _ in AsyncTicks(every: .seconds(3_600)).cancelOnGracefulShutdown() { await note() }
    }

    private func note() async {
        do {
            let last = try await service.store.read { (reader) throws(AccessError) in
                try reader.changes(after: max(0, try reader.revision() - 1), limit: 1).last
            }
            guard let last else { return }
            logger.notice("change log", metadata: ["revision": "\(last.revision)", "head": "\(last.hash)"])
        } catch {
            logger.error("the head of the change log cannot be read", metadata: ["error": "\(error)"])
        }
    }
}

/// An element every so often, until cancelled.
struct AsyncTicks: AsyncSequence, Sendable {
    let interval: Duration

    init(every interval: Duration) { self.interval = interval }

    struct Iterator: AsyncIteratorProtocol {
        let interval: Duration

        mutating func next() async -> Void? {
            do {
                try await Task.sleep(for: interval)
                return ()
            } catch {
                return nil
            }
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(interval: interval) }
}

/// Notes what the entries of the log name, some time behind the writes, so that questions about the past find them.
struct ChangeKeysKeeper: Service {
    let service: AccessService
    let logger: Logger

    func run() async throws {
        var last: Revision?
        for await _ in AsyncTicks(every: .seconds(1)).cancelOnGracefulShutdown() {
            do throws(AccessError) {
                last = try await service.fillChangeKeys(after: last)
            } catch {
                guard error != .storage(.busy), error != .storage(.abandoned) else { continue }
                logger.error("what changes name was not noted", metadata: ["error": "\(error)"])
            }
        }
    }
}
