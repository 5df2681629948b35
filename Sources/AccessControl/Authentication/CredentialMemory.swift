import AccessModel
import Synchronization

/// Remembers for a short while which secrets were verified, under keyed digests, so that
/// hashing is not paid at every request. Whatever changes a credential makes it forget.
final class CredentialMemory: Sendable {
    struct Entry: Sendable {
        let caller: Caller
        /// The identities of what the credential depends on.
        let identities: [String]
        let until: Timestamp
    }

    private struct State {
        var entries: [[UInt8]: Entry] = [:]
        /// The newest revision that changed a credential.
        var lastChange: Revision = 0
    }

    private let lifetime: Duration
    private let capacity = 100_000
    private let state = Mutex(State())

    init(lifetime: Duration) { self.lifetime = lifetime }

    func caller(for digest: [UInt8], at now: Timestamp) -> Caller? {
        state.withLock { state in
            guard let entry = state.entries[digest] else { return nil }
            guard now < entry.until else {
                state.entries[digest] = nil
                return nil
            }
            return entry.caller
        }
    }

    /// - Parameters:
    ///   - identities: of the account, and of a service account's owner.
    ///   - revision: the one that the credential was read at. If credentials have changed
    ///     since, the verification may be out of date and is not remembered.
    ///   - end: when the credential itself ends.
    ///   - lifetime: how long at the most; nil for as long as everything.
    func remember(
        _ caller: Caller, for digest: [UInt8], of identities: [String], readAt revision: Revision, end: Timestamp?,
        now: Timestamp, lifetime: Duration? = nil
    ) {
        let lifetime = lifetime ?? self.lifetime
        guard lifetime > .zero else { return }
        state.withLock { state in
            guard state.lastChange <= revision else { return }
            if state.entries.count >= capacity { state.entries.removeAll() }
            state.entries[digest] = Entry(
                caller: caller, identities: identities, until: min(now + lifetime, end ?? now + lifetime))
        }
    }

    func forget(_ touched: TouchedCredentials, revision: Revision) {
        guard touched != TouchedCredentials() else { return }
        state.withLock { state in
            state.lastChange = max(state.lastChange, revision)
            state.entries = state.entries.filter { !touched.contains(anyOf: $0.value.identities) }
        }
    }
}

/// Whose credentials changes touch: small, however many changes there are.
struct TouchedCredentials: Equatable, Sendable {
    private var identities: Set<String> = []
    private var isAll = false

    mutating func note(_ change: Change) {
        // Whether a directory's people may log in, and where they are asked, is in its settings.
        if change.fact?.kind == .directory { isAll = true }
        if let identity = Self.identity(of: change) { identities.insert(identity) }
    }

    mutating func formUnion(_ other: TouchedCredentials) {
        identities.formUnion(other.identities)
        isAll = isAll || other.isAll
    }

    fileprivate func contains(anyOf others: [String]) -> Bool { isAll || !identities.isDisjoint(with: others) }

    /// Who is new has none to forget.
    private static func identity(of change: Change) -> String? {
        switch change.fact {
        case .account(let account)?: change.before == nil ? nil : account.id.rawValue
        case .serviceAccount(let service)?: change.before == nil ? nil : service.id.rawValue
        case .password(let password)?: password.account.rawValue
        // A refresh token is in no memory.
        case .accessToken(let token)?: change.before == nil || token.login != nil ? nil : token.holder.id
        default: nil
        }
    }
}
