import AccessModel
import Logging

extension Authentication {
    /// Who holds this login and secret. The secret is a password, or a token that belongs to
    /// the login named; a login is accepted in any case, and people of a directory may also write
    /// `CORP\elton` or their principal name.
    /// - Parameters:
    ///   - address: where the request comes from, for slowing wrong guesses.
    ///   - isForRefreshToken: whether the client is to keep the login: the password is verified anew, and marked.
    public func authenticate(
        login: String, secret: String, address: String, isForRefreshToken: Bool = false
    ) async throws(AccessError) -> Caller {
        try await counted(as: digester.isTokenSecret(secret) ? "token" : "password") { () async throws(AccessError) in
            try await caller(login: login, secret: secret, address: address, isForRefreshToken: isForRefreshToken)
        }
    }

    private func caller(
        login: String, secret: String, address: String, isForRefreshToken: Bool
    ) async throws(AccessError) -> Caller {
        let login = LoginName(login)
        let digest = digester.keyedDigest(secret, for: isForRefreshToken ? .keptLogin(login.text) : .login(login.text))
        if let caller = credentials.caller(for: digest, at: clock.now) { return noted(caller, address) }
        if digester.isTokenSecret(secret) {
            // Looking a token up costs little, so a right one gets in at any time.
            switch try await verifyToken(secret, login: login, digest: digest) {
            case .success(let caller): return noted(caller, address)
            case .failure(let refusal):
                throw refused("the login or the password is wrong, or the account is inactive", refusal, address)
            }
        }
        let network = ClientAddress.network(of: address) ?? address
        // One password at a time for each login and network: those who send the same one at once share its hash.
        let attempt = PasswordAttempt(
            login: login, secret: secret, digest: digest, address: address, network: network,
            isForRefreshToken: isForRefreshToken)
        return try await loginTurns.take("\(network) \(login.text)") { () async throws(AccessError) -> Caller in
            if let caller = credentials.caller(for: digest, at: clock.now) { return caller }
            return try await verifyPassword(attempt)
        }
    }

    /// Who holds this bearer token.
    public func authenticate(token secret: String, address: String) async throws(AccessError) -> Caller {
        try await counted(as: "token") { () async throws(AccessError) in
            try await caller(token: secret, address: address)
        }
    }

    private func caller(token secret: String, address: String) async throws(AccessError) -> Caller {
        let digest = digester.keyedDigest(secret, for: .bearer)
        if let caller = credentials.caller(for: digest, at: clock.now) { return noted(caller, address) }
        switch try await verifyToken(secret, login: nil, digest: digest) {
        case .success(let caller): return noted(caller, address)
        case .failure(let refusal):
            throw refused(
                "the token is wrong, has ended or was revoked, or its account is inactive", refusal, address)
        }
    }

    /// Counts what comes of a credential.
    private func counted(
        as kind: String, _ body: () async throws(AccessError) -> Caller
    ) async throws(AccessError) -> Caller {
        do throws(AccessError) {
            let caller = try await body()
            transactions.figures.count(.logins, [kind, "accepted"])
            return caller
        } catch {
            transactions.figures.count(.logins, [kind, error.loginOutcome])
            throw error
        }
    }

    /// - Parameter words: what the client is told.
    func refused(_ words: String, _ refusal: TokenRefusal, _ address: String) -> AccessError {
        let network = ClientAddress.network(of: address) ?? address
        if let wait = attempts.wrongToken(network: network, now: clock.now) {
            logSlowed(address, network)
            return .tooManyAttempts(retryAfter: wait)
        }
        var metadata: Logger.Metadata = ["address": "\(address)", "reason": "\(refusal.reason)"]
        if let token = refusal.token {
            metadata["token"] = "\(token.id)"
            metadata["holder"] =
                "\(transactions.published.current.principal(of: token.holder.actor)?.description ?? "")"
        }
        logger.notice("token refused", metadata: metadata)
        return .unauthenticated(words)
    }

    /// Once a minute for each network, as slowed requests cost nothing.
    func logSlowed(_ address: String, _ network: String) {
        guard complaints.isDue("network \(network)", now: clock.now) else { return }
        logger.notice("login slowed", metadata: ["address": "\(address)", "reason": "too many wrong secrets"])
    }

    private func noted(_ caller: Caller, _ address: String) -> Caller {
        if case .token(let id) = caller.proof { uses.note(id, TokenUse(time: clock.now, address: address)) }
        return caller
    }

    /// Compares two secrets in a time that tells nothing of where they differ.
    public func isSame(_ left: String, _ right: String) -> Bool {
        digester.keyedDigest(left, for: .comparison) == digester.keyedDigest(right, for: .comparison)
    }

    private func verifyToken(
        _ secret: String, login: LoginName?, digest: [UInt8]
    ) async throws(AccessError) -> Result<Caller, TokenRefusal> {
        let (now, stored) = (clock.now, digester.digest(secret))
        let found = try await store.read { (reader) throws(AccessError) in
            try reader.holder(ofTokenWith: stored, login: login, now: now)
        }
        guard case .success(let (holder, token, revision)) = found else { return found.map { _ in .anonymous } }
        let end = [token.expiresAt, holder.end].compactMap(\.self).min()
        let caller = Caller(
            actor: holder.actor, proof: .token(token.id), limit: token.scope, tokenRights: token.may, end: end)
        credentials.remember(
            caller, for: digest, of: holder.identities, readAt: revision, end: end, now: now)
        return .success(caller)
    }
}

extension AccessError {
    /// For figures.
    fileprivate var loginOutcome: String {
        switch self {
        case .unauthenticated: "refused"
        case .tooManyAttempts, .loginsExhausted: "slowed"
        case .loginUnavailable: "unavailable"
        default: "failed"
        }
    }
}

/// Whom a token stands for, as the store has them.
private struct KnownHolder: Sendable {
    let actor: Actor
    /// Their own, and an owner's.
    let identities: [String]
    let isActive: Bool
    let end: Timestamp?

    func isActive(at now: Timestamp) -> Bool { isActive && end.map { now < $0 } ?? true }
}

/// Why a token was refused, for the log of those who run the service. Its sender is not told.
struct TokenRefusal: Error {
    let reason: String
    /// nil for a secret of no token.
    var token: AccessToken?
}

extension StoreReader {
    fileprivate func holder(
        ofTokenWith digest: [UInt8], login: LoginName?, now: Timestamp
    ) throws(AccessError) -> Result<(KnownHolder, AccessToken, Revision), TokenRefusal> {
        guard let token = try token(withDigest: digest) else {
            return .failure(TokenRefusal(reason: "no such token, or it was revoked"))
        }
        func refusal(_ reason: String) -> TokenRefusal { TokenRefusal(reason: reason, token: token) }
        guard token.login == nil else { return .failure(refusal("it is what docker keeps, for POST /token only")) }
        guard let holder = try holder(of: token) else { return .failure(refusal("its account is gone")) }
        if let login, !(try login.names(token.holder, in: self)) {
            return .failure(refusal("it belongs to another login"))
        }
        guard holder.isActive(at: now) else { return .failure(refusal("its account is inactive or has ended")) }
        guard token.expiresAt.map({ now < $0 }) ?? true else { return .failure(refusal("it has ended")) }
        return .success((holder, token, try revision()))
    }

    /// nil if they are gone.
    fileprivate func holder(of token: AccessToken) throws(AccessError) -> KnownHolder? {
        switch token.holder {
        case .user(let id):
            return try account(id).map {
                KnownHolder(
                    actor: .user(id), identities: [id.rawValue], isActive: $0.value.isActive, end: nil)
            }
        case .serviceAccount(let id):
            guard let service = try serviceAccount(id)?.value, let owner = try account(service.owner)?.value else {
                return nil
            }
            return KnownHolder(
                actor: .serviceAccount(id), identities: [id.rawValue, owner.id.rawValue],
                isActive: service.isActive && owner.isActive, end: service.expiresAt)
        }
    }
}
