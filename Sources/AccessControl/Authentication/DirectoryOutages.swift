import AccessModel
import Synchronization

/// Which directories answered a moment ago, and which did not. Whoever logs in meanwhile is told at once
/// and does not wait for them.
final class DirectoryOutages: Sendable {
    private struct Contact { var answered: Bool; var until: Timestamp }

    /// How long a directory that did not answer is not asked again.
    private static let outage = Duration.seconds(10)
    /// How long one that answered is believed to be there.
    private static let presence = Duration.seconds(1)
    private let contacts = Mutex<[String: Contact]>([:])

    func isOut(_ directory: String, at now: Timestamp) -> Bool { secondsLeft(directory, at: now) != nil }

    /// Until it is asked again; nil if it is not out.
    func secondsLeft(_ directory: String, at now: Timestamp) -> Int? {
        contacts.withLock { contacts in
            guard let contact = contacts[directory], !contact.answered, now < contact.until else { return nil }
            return max(1, Int(contact.until.seconds - now.seconds))
        }
    }

    /// Whether it was asked a moment ago, whatever came of it.
    func isKnown(_ directory: String, at now: Timestamp) -> Bool {
        contacts.withLock { $0[directory].map { now < $0.until } ?? false }
    }

    func note(_ directory: String, answered: Bool, at now: Timestamp) {
        let end = now + (answered ? Self.presence : Self.outage)
        contacts.withLock { $0[directory] = Contact(answered: answered, until: end) }
    }
}
