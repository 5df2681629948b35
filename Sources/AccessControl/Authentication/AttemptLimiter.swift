import AccessModel
import Synchronization

/// Slows whoever tries wrong secrets: after 20 in a minute for one account from one network, that network
/// waits, for that account. Nobody else does, so a stranger locks nobody out.
///
/// A guess counts from its beginning, so guesses at once are as many as guesses one after the other; whoever was
/// right takes theirs back. Only what costs a hash counts at the door of passwords. Wrong tokens have a door of
/// their own, as they cost a look-up, and cannot be guessed.
final class AttemptLimiter: Sendable {
    private enum Door: Hashable {
        case account(String)
        /// All accounts together.
        case passwords
        case tokens
    }

    private struct Key: Hashable { let door: Door; let network: String }
    private struct Window { var began: Timestamp; var count: Int }

    private let accountLimit = 20
    /// Guesses of one network over all accounts, a minute: each costs a hash.
    private let networkLimit = 200
    private let window: Int64 = 60
    private let capacity = 50_000
    private let windows = Mutex<[Key: Window]>([:])

    /// Begins a guess of a password.
    /// - Returns: seconds to wait before another one; nil to go on.
    func beginGuess(login: String, network: String, now: Timestamp) -> Int? {
        let doors = [(key(login, network), accountLimit), (Key(door: .passwords, network: network), networkLimit)]
        return windows.withLock { windows in
            let waits = doors.compactMap { key, limit in wait(windows[key], limit, now) }
            guard waits.isEmpty else { return waits.max() }
            for (key, _) in doors { count(key, &windows, now) }
            return nil
        }
    }

    /// The password was right, or was not tried after all.
    func takeBack(login: String, network: String) {
        windows.withLock { windows in
            for key in [key(login, network), Key(door: .passwords, network: network)] {
                windows[key]?.count -= 1
                if windows[key]?.count == 0 { windows[key] = nil }
            }
        }
    }

    /// - Returns: seconds to wait before another wrong token; nil for as long as there were few.
    func wrongToken(network: String, now: Timestamp) -> Int? {
        windows.withLock { windows in
            let key = Key(door: .tokens, network: network)
            if let wait = wait(windows[key], accountLimit, now) { return wait }
            count(key, &windows, now)
            return nil
        }
    }

    /// What is no login, or too long for one, is counted as one, so that strangers do not fill the memory with texts.
    private func key(_ login: String, _ network: String) -> Key {
        Key(door: .account((1...128).contains(login.utf8.count) ? login : "no login"), network: network)
    }

    private func wait(_ window: Window?, _ limit: Int, _ now: Timestamp) -> Int? {
        guard let window, window.count >= limit else { return nil }
        let left = self.window - (now.seconds - window.began.seconds)
        return left > 0 ? Int(left) : nil
    }

    private func count(_ key: Key, _ windows: inout [Key: Window], _ now: Timestamp) {
        if windows.count >= capacity {
            windows = windows.filter { now.seconds - $0.value.began.seconds < window }
            // Still full: an attack from many networks. Forgetting the older half keeps memory bounded.
            if windows.count >= capacity {
                let kept = windows.sorted { $0.value.began > $1.value.began }.prefix(capacity / 2)
                windows = Dictionary(uniqueKeysWithValues: Array(kept))
            }
        }
        if let known = windows[key], now.seconds - known.began.seconds < window {
            windows[key] = Window(began: known.began, count: known.count + 1)
        } else {
            windows[key] = Window(began: now, count: 1)
        }
    }
}
