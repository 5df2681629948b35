import AccessModel
import Synchronization

/// Keeps stale and guessed passwords away from a directory, which locks people out of the whole company.
///
/// Of each person so many passwords that are wrong reach it as its settings say, until one is right or half an
/// hour has passed: two from one network, and two less than all from networks where none was right before. One
/// is left for the password that was right last, so that no stranger's guesses shut its owner out. A password that
/// was wrong is not asked again.
///
/// Whoever asks the directory holds the person's turn (`Turns`) from the advice to the outcome.
final class DirectoryLoginMemory: Sendable {
    enum Advice: Hashable, Sendable {
        case ask
        /// It was called wrong a short while ago.
        case wrong
        /// Ask if it is the one with this sealed hash; else wait so many seconds.
        case compare([UInt8], orWait: Int)
        /// Seconds in which the directory is not asked.
        case wait(Int)
    }

    private struct Person {
        var known: KnownDirectoryLogins
        /// Passwords that were called wrong since the last one that was right.
        var wrong: Set<[UInt8]> = []
        /// The one that was right last, if that was in this process.
        var right: [UInt8]?
        /// The one with the sealed hash, if that was seen in this process.
        var hashed: [UInt8]?
        /// Passwords that the directory refused for another reason than themselves. They are asked again after seconds.
        var refused: [[UInt8]: KnownDirectoryLogins.Attempt] = [:]
        var isChanged = false

        mutating func forgetOld(_ now: Timestamp) {
            refused = refused.filter { now.seconds - $0.value.time.seconds < window }
            guard let last = known.attempts.last, now.seconds - last.time.seconds >= window else { return }
            known.attempts = []
            wrong = []
            isChanged = true
        }
    }

    private static let window: Int64 = 1_800
    private static let networkLimit = 2
    private static let knownNetworks = 8
    private static let refusalMemory = Duration.seconds(10)
    private let capacity = 100_000
    private let people = Mutex<[String: Person]>([:])

    /// Whether what was kept of a person has been read.
    func knows(_ person: String) -> Bool { people.withLock { $0[person] != nil } }

    func load(_ person: String, _ kept: KnownDirectoryLogins?) {
        people.withLock { people in
            // Those who were kept are read again.
            if people.count >= capacity { people = people.filter(\.value.isChanged) }
            if people[person] == nil { people[person] = Person(known: kept ?? KnownDirectoryLogins()) }
        }
    }

    /// What to do with a password.
    /// - Parameters:
    ///   - digest: of the password, the same however the login was written, and another one where the
    ///     person's entry has moved: a password was wrong for the entry that was asked.
    ///   - limit: wrong passwords that may reach the directory.
    func advice(_ person: String, digest: [UInt8], from network: String, limit: Int, now: Timestamp) -> Advice {
        people.withLock { people in
            guard var state = people[person] else { return .ask }
            state.forgetOld(now)
            people[person] = state
            if state.wrong.contains(digest) { return .wrong }
            if let refused = state.refused[digest], now < refused.time + Self.refusalMemory { return .wrong }
            if state.right == digest { return .ask }
            // To another password, one that was refused counts as a wrong one: else the answers would tell them apart.
            let attempts = state.known.attempts + state.refused.filter { $0.key != digest }.values
            let hasRight = state.right != nil || state.known.sealedHash != nil
            let isStranger = !state.known.networks.contains(network)
            let strangers = attempts.count { !state.known.networks.contains($0.network) }
            if attempts.count < (hasRight ? limit - 1 : limit),
                attempts.count(where: { $0.network == network }) < Self.networkLimit,
                !isStranger || strangers < limit - Self.networkLimit
            {
                return .ask
            }
            // What was wrong is called so again in any case, and this must look the same.
            if state.refused[digest] != nil { return .wrong }
            let wait = max(1, Int(Self.window - (now.seconds - (attempts.map(\.time).max() ?? now).seconds)))
            guard state.right == nil, let hash = state.known.sealedHash else { return .wait(wait) }
            return .compare(hash, orWait: wait)
        }
    }

    /// A password is the one of the sealed hash. Meanwhile another one may have been right.
    func recognised(_ person: String, digest: [UInt8]) {
        people.withLock { people in
            guard (people[person]?.right ?? digest) == digest else { return }
            people[person]?.right = digest
            people[person]?.hashed = digest
        }
    }

    /// The half hour begins anew with each failure, as the directory's own count does.
    func failed(_ person: String, digest: [UInt8], from network: String, now: Timestamp) {
        people.withLock { people in
            var state = people[person] ?? Person(known: KnownDirectoryLogins())
            state.known.attempts.append(.init(network: network, time: now))
            state.wrong.insert(digest)
            if state.right == digest {
                // It was changed: there is nothing to leave a place for.
                state.right = nil
                state.known.sealedHash = nil
            }
            state.isChanged = true
            people[person] = state
        }
    }

    /// The directory has a password and did not answer: it may count it as wrong. The one that was right last mostly
    /// still is.
    func unanswered(_ person: String, digest: [UInt8], from network: String, now: Timestamp) {
        people.withLock { people in
            guard people[person]?.right != digest else { return }
            people[person]?.known.attempts.append(.init(network: network, time: now))
            people[person]?.isChanged = true
        }
    }

    /// The directory refused somebody for another reason than the password.
    func refused(_ person: String, digest: [UInt8], from network: String, now: Timestamp) {
        people.withLock { $0[person]?.refused[digest] = .init(network: network, time: now) }
    }

    func succeeded(_ person: String, digest: [UInt8], from network: String) {
        people.withLock { people in
            var state = people[person] ?? Person(known: KnownDirectoryLogins())
            if !state.known.attempts.isEmpty { state.isChanged = true }
            state.known.attempts = []
            state.wrong = []
            state.refused = [:]
            state.right = digest
            if state.known.networks.first != network {
                if !state.known.networks.contains(network) { state.isChanged = true }
                let others = state.known.networks.filter { $0 != network }
                state.known.networks = Array(([network] + others).prefix(Self.knownNetworks))
            }
            people[person] = state
        }
    }

    /// Whether the password that was right last is to be hashed, and the hash that may be its own.
    func needsHash(_ person: String, digest: [UInt8]) -> (isNeeded: Bool, known: [UInt8]?) {
        people.withLock { people in
            guard let state = people[person], state.right == digest else { return (false, nil) }
            return (state.hashed != digest, state.known.sealedHash)
        }
    }

    func keep(_ person: String, sealedHash: [UInt8], of digest: [UInt8]) {
        people.withLock { people in
            people[person]?.known.sealedHash = sealedHash
            people[person]?.hashed = digest
            people[person]?.isChanged = true
        }
    }

    /// Those of whom more is known than was kept.
    func takeChanged() -> [String: KnownDirectoryLogins] {
        people.withLock { people in
            var changed: [String: KnownDirectoryLogins] = [:]
            for (person, state) in people where state.isChanged {
                changed[person] = state.known
                people[person]?.isChanged = false
            }
            return changed
        }
    }

    /// These could not be kept.
    func giveBack(_ changed: some Sequence<String>) {
        people.withLock { people in
            for person in changed { people[person]?.isChanged = true }
        }
    }
}
