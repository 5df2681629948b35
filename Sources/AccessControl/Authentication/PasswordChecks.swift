import AccessModel
import Synchronization

/// For which logins a directory need not be asked again yet whether the password is the same.
final class PasswordChecks: Sendable {
    private let checked = Mutex<[TokenID: Timestamp]>([:])

    func isDue(_ token: TokenID, now: Timestamp) -> Bool { checked.withLock { $0[token].map { $0 <= now } ?? true } }

    func note(_ token: TokenID, until: Timestamp) {
        checked.withLock { checked in
            if checked.count >= 100_000 { checked.removeAll() }
            checked[token] = until
        }
    }
}
