public import AccessModel
import Synchronization

/// A login that a directory refused for another reason than the password.
public struct LoginRefusal: Hashable, Sendable {
    public let time: Timestamp
    /// In words for administrators.
    public let reason: String
}

/// The last refusal of each person, until a login of theirs is accepted or the service is started again.
final class LoginRefusals: Sendable {
    private static let capacity = 10_000
    private let refusals = Mutex<[String: LoginRefusal]>([:])

    func note(_ person: String, _ reason: String, now: Timestamp) {
        refusals.withLock { refusals in
            if refusals.count >= Self.capacity {
                refusals = refusals.filter { now.seconds - $0.value.time.seconds < 3_600 }
            }
            guard refusals.count < Self.capacity || refusals[person] != nil else { return }
            refusals[person] = LoginRefusal(time: now, reason: reason)
        }
    }

    func end(of person: String) { refusals.withLock { $0[person] = nil } }

    func last(of person: String) -> LoginRefusal? { refusals.withLock { $0[person] } }
}
