import AccessModel
import Synchronization

/// Keeps stale or guessed passwords away from the directory, which locks people out of the
/// whole company: a wrong one is answered from memory, and at most three different ones a
/// person and half hour reach the directory. One of the three is kept for the password that was
/// right last, so that a stranger's guesses lock nobody out of this service either.
///
/// Whoever asks the directory holds the person's turn (`Turns`) from the advice to the outcome.
final class DirectoryLoginMemory: Sendable {
    private struct Failures { var last: Timestamp; var digests: Set<[UInt8]> }
    private struct State {
        var failures: [String: Failures] = [:]
        /// The passwords that were right last.
        var right: [String: [UInt8]] = [:]
    }

    private let limit = 3
    private let window: Int64 = 1_800
    private let state = Mutex(State())

    /// Whether the directory may be asked about a password; if not, it counts as wrong.
    /// - Parameters:
    ///   - person: the identity in the directory.
    ///   - digest: of the password, the same however the login was written, and another one where the
    ///     person's entry has moved: a password was wrong for the entry that was asked.
    func mayAsk(about person: String, digest: [UInt8], now: Timestamp) -> Bool {
        state.withLock { state in
            guard let known = state.failures[person] else { return true }
            guard now.seconds - known.last.seconds < window else {
                state.failures[person] = nil
                return true
            }
            if known.digests.contains(digest) { return false }
            guard let right = state.right[person], !known.digests.contains(right) else {
                return known.digests.count < limit
            }
            return digest == right || known.digests.count < limit - 1
        }
    }

    /// The half hour begins anew with each failure, as the directory's own count does.
    func failed(_ person: String, digest: [UInt8], now: Timestamp) {
        state.withLock { state in
            let digests = state.failures[person]?.digests ?? []
            state.failures[person] = Failures(last: now, digests: digests.union([digest]))
        }
    }

    func succeeded(_ person: String, digest: [UInt8]) {
        state.withLock { state in
            state.failures[person] = nil
            state.right[person] = digest
        }
    }
}
