import AccessModel
import Synchronization

/// Slows whoever tries wrong secrets: after 20 in a minute for one account from one address,
/// that address waits, for that account. Nobody else does, so a stranger locks nobody out.
final class AttemptLimiter: Sendable {
    private struct Key: Hashable { let login: String; let address: String }
    private struct Window { var began: Timestamp; var failures: Int }

    private let limit = 20
    /// Failures of one address over all accounts, a minute: each may cost a hash.
    private let addressLimit = 200
    private let window: Int64 = 60
    private let capacity = 50_000
    private let windows = Mutex<[Key: Window]>([:])

    /// Seconds to wait before another try; nil to go on.
    func wait(login: String, address: String, now: Timestamp) -> Int? {
        windows.withLock { windows in
            let waits = [
                (Key(login: Self.counted(login), address: address), limit),
                (Key(login: "", address: address), addressLimit),
            ]
            .compactMap { key, limit -> Int? in
                guard let window = windows[key], window.failures >= limit else { return nil }
                let left = self.window - (now.seconds - window.began.seconds)
                return left > 0 ? Int(left) : nil
            }
            return waits.max()
        }
    }

    func failed(login: String, address: String, now: Timestamp) {
        windows.withLock { windows in
            if windows.count >= capacity {
                windows = windows.filter { now.seconds - $0.value.began.seconds < self.window }
                // Still full: an attack from many addresses. Forgetting the older half keeps memory bounded.
                if windows.count >= capacity {
                    let kept = windows.sorted { $0.value.began > $1.value.began }.prefix(capacity / 2)
                    windows = Dictionary(uniqueKeysWithValues: Array(kept))
                }
            }
            for login in [Self.counted(login), ""] {
                let key = Key(login: login, address: address)
                if let window = windows[key], now.seconds - window.began.seconds < self.window {
                    windows[key] = Window(began: window.began, failures: window.failures + 1)
                } else {
                    windows[key] = Window(began: now, failures: 1)
                }
            }
        }
    }

    /// What is no login, or too long for one, is counted as one, so that strangers do not fill the memory with texts.
    private static func counted(_ login: String) -> String {
        (1...128).contains(login.utf8.count) ? login : "no login"
    }
}
