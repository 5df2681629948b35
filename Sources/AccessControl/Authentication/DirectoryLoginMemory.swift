import AccessModel
import Synchronization

/// Keeps stale or guessed passwords away from the directory, which locks people out of the
/// whole company: a wrong one is answered from memory, and at most three different ones an
/// account and half hour reach the directory.
final class DirectoryLoginMemory: Sendable {
    private struct Failures { var began: Timestamp; var digests: Set<[UInt8]> }

    private let limit = 3
    private let window: Int64 = 1_800
    private let failures = Mutex<[String: Failures]>([:])

    enum Advice { case ask, knownWrong, tooMany }

    /// - Parameter person: the identity in the directory.
    func advice(for person: String, digest: [UInt8], now: Timestamp) -> Advice {
        failures.withLock { failures in
            guard let known = failures[person] else { return .ask }
            guard now.seconds - known.began.seconds < window else {
                failures[person] = nil
                return .ask
            }
            if known.digests.contains(digest) { return .knownWrong }
            return known.digests.count >= limit ? .tooMany : .ask
        }
    }

    func failed(_ person: String, digest: [UInt8], now: Timestamp) {
        failures.withLock { failures in
            _ = failures[person, default: Failures(began: now, digests: [])].digests.insert(digest)
        }
    }

    func succeeded(_ person: String) {
        failures.withLock { $0[person] = nil }
    }
}
