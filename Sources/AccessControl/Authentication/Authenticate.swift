import AccessModel

extension AccessService {
    /// Who holds this login and secret. The secret is a password, or a token that belongs to
    /// the login named; a login is accepted in any case, and people of a directory may also write
    /// `CORP\elton` or their principal name.
    /// - Parameters:
    ///   - address: where the request comes from, for slowing wrong guesses.
    ///   - isKept: whether the client is to keep the login: the password is verified anew, and marked.
    public func authenticate(
        login: String, secret: String, address: String, isKept: Bool = false
    ) async throws(AccessError) -> Caller {
        let login = LoginName(login)
        let now = clock.now
        let digest = digester.keyedDigest(secret, for: isKept ? .keptLogin(login.text) : .login(login.text))
        if let caller = credentials.caller(for: digest, at: now) { return noted(caller, address) }
        let wait = attempts.wait(login: login.user, address: address, now: now)
        let caller: Caller?
        if digester.isTokenSecret(secret) {
            // Looking a token up costs little, so a right one gets in at any time.
            caller = try await verifyToken(secret, login: login, digest: digest)
        } else if let wait {
            throw .tooManyAttempts(retryAfter: wait)
        } else {
            caller = try await verifyPassword(secret, login: login, digest: digest, isKept: isKept)
        }
        guard let caller else {
            attempts.failed(login: login.user, address: address, now: now)
            if let wait { throw .tooManyAttempts(retryAfter: wait) }
            throw .unauthenticated("the login or the password is wrong, or the account is inactive")
        }
        return noted(caller, address)
    }

    /// Who holds this bearer token.
    public func authenticate(token secret: String, address: String) async throws(AccessError) -> Caller {
        let now = clock.now
        let digest = digester.keyedDigest(secret, for: .bearer)
        if let caller = credentials.caller(for: digest, at: now) { return noted(caller, address) }
        guard let caller = try await verifyToken(secret, login: nil, digest: digest) else {
            let wait = attempts.wait(login: Self.bearer, address: address, now: now)
            attempts.failed(login: Self.bearer, address: address, now: now)
            if let wait { throw .tooManyAttempts(retryAfter: wait) }
            throw .unauthenticated("the token is wrong, has ended or was revoked, or its account is inactive")
        }
        return noted(caller, address)
    }

    private func noted(_ caller: Caller, _ address: String) -> Caller {
        if case .token(let id) = caller.proof { uses.note(id, TokenUse(time: clock.now, address: address)) }
        return caller
    }

    /// No login: what wrong bearer tokens are counted under.
    private static let bearer = "bearer token"

    /// Compares two secrets in a time that tells nothing of where they differ.
    public func isSame(_ left: String, _ right: String) -> Bool {
        digester.keyedDigest(left, for: .comparison) == digester.keyedDigest(right, for: .comparison)
    }

    private func verifyToken(
        _ secret: String, login: LoginName?, digest: [UInt8]
    ) async throws(AccessError) -> Caller? {
        let (now, stored) = (clock.now, digester.digest(secret))
        let found = try await store.read { (reader) throws(AccessError) -> (KnownHolder, AccessToken, Revision)? in
            // A refresh token is for getting registry tokens, and for nothing else.
            guard let token = try reader.token(withDigest: stored), token.login == nil,
                let holder = try reader.holder(of: token),
                try login.map({ (login) throws(AccessError) in try login.names(token.holder, in: reader) }) ?? true
            else { return nil }
            return (holder, token, try reader.revision())
        }
        guard let (holder, token, revision) = found, holder.isActive(at: now), token.expiresAt.map({ now < $0 }) ?? true
        else { return nil }
        let end = [token.expiresAt, holder.end].compactMap(\.self).min()
        let caller = Caller(actor: holder.actor, proof: .token(token.id), limit: token.scope, end: end)
        credentials.remember(
            caller, for: digest, of: holder.identities, readAt: revision, end: end, now: now)
        return caller
    }

    private func verifyPassword(
        _ secret: String, login: LoginName, digest: [UInt8], isKept: Bool
    ) async throws(AccessError) -> Caller? {
        let found: KnownLogin? = try await store.read { (reader) throws(AccessError) in
            guard let account = try login.account(in: reader) else { return nil }
            let password = try reader.password(of: account.id)
            return KnownLogin(
                account: account, hash: password?.hash, changedAt: password?.password.changedAt,
                directory: try account.directory.flatMap { (link) throws(AccessError) in
                    try reader.directory(named: link.directory)?.value
                }, revision: try reader.revision())
        }
        // Before it is verified: should it be changed meanwhile, the mark is that of the old one.
        let mark = isKept ? try await passwordMark(of: found) : nil
        guard let account = try await holder(of: secret, digest: digest, login: login, found: found) else {
            return nil
        }
        let caller = Caller(actor: .user(account.id), proof: .password, password: mark)
        if let found, !isKept {
            let memory =
                found.hash == nil ? found.directory.map { Duration.seconds(min($0.settings.loginMemory, 3_600)) } : nil
            credentials.remember(
                caller, for: digest, of: [account.id.rawValue], readAt: found.revision, end: nil, now: clock.now,
                lifetime: memory)
        }
        return caller
    }

    /// nil where nothing marks it, or a directory cannot tell just now.
    private func passwordMark(of found: KnownLogin?) async throws(AccessError) -> PasswordMark? {
        guard let found else { return nil }
        if found.hash != nil { return found.changedAt.map { .kept(changedAt: $0) } }
        do throws(AccessError) {
            guard case .set(let words) = try await passwordSetInDirectory(by: found.account.id) else { return nil }
            return .directory(words)
        } catch {
            guard case .directory = error else { throw error }
            return nil
        }
    }

    private struct KnownLogin: Sendable {
        let account: Account
        let hash: String?
        let changedAt: Timestamp?
        let directory: Directory?
        let revision: Revision
    }

    /// The active account whose password this is. Costs about the same whether the login exists
    /// or not, so that time tells nothing.
    private func holder(
        of secret: String, digest: [UInt8], login: LoginName, found: KnownLogin?
    ) async throws(AccessError) -> Account? {
        if let found, let hash = found.hash {
            return try await isRight(secret, hash: hash) && found.account.isActive ? found.account : nil
        }
        if !secret.isEmpty {
            if let found {
                if found.account.isActive, let link = found.account.directory, let directory = found.directory,
                    try await isRight(secret, login: digest, for: link, in: directory)
                {
                    return found.account
                }
            } else if let made = try await makeAccount(atLoginOf: login, secret: secret, digest: digest) {
                return made
            }
        }
        _ = try await isRight(secret, hash: nil)
        return nil
    }

    /// - Parameter hash: nil for a login that does not exist, which costs as much.
    private func isRight(_ secret: String, hash: String?) async throws(AccessError) -> Bool {
        do {
            if let hash { return try await hasher.verify(secret, against: hash) }
            try await hasher.verifyNothing(secret)
            return false
        } catch {
            throw .tooManyAttempts(retryAfter: 1)
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

extension StoreReader {
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
