import AccessModel

extension AccessService {
    /// Who holds this login and secret. The secret is a password, or a token that belongs to
    /// the login named; a login is accepted in any case.
    /// - Parameter address: where the request comes from, for slowing wrong guesses.
    public func authenticate(login: String, secret: String, address: String) async throws(AccessError) -> Caller {
        let login = login.lowercased()
        let now = clock.now
        let digest = digester.keyedDigest(secret, context: login)
        if let caller = credentials.caller(for: digest, at: now) { return caller }
        let wait = attempts.wait(login: login, address: address, now: now)
        let caller: Caller?
        if digester.isTokenSecret(secret) {
            // Looking a token up costs little, so a right one gets in at any time.
            caller = try await verifyToken(secret, login: login, digest: digest)
        } else if let wait {
            throw .tooManyAttempts(retryAfter: wait)
        } else {
            caller = try await verifyPassword(secret, login: login, digest: digest)
        }
        guard let caller else {
            attempts.failed(login: login, address: address, now: now)
            if let wait { throw .tooManyAttempts(retryAfter: wait) }
            throw .unauthenticated("the login or the password is wrong, or the account is inactive")
        }
        return caller
    }

    /// Who holds this bearer token.
    public func authenticate(token secret: String, address: String) async throws(AccessError) -> Caller {
        let now = clock.now
        // No login has a space in it: a token remembered here is none for any login, not even an empty one.
        let digest = digester.keyedDigest(secret, context: Self.bearer)
        if let caller = credentials.caller(for: digest, at: now) { return caller }
        guard let caller = try await verifyToken(secret, login: nil, digest: digest) else {
            let wait = attempts.wait(login: Self.bearer, address: address, now: now)
            attempts.failed(login: Self.bearer, address: address, now: now)
            if let wait { throw .tooManyAttempts(retryAfter: wait) }
            throw .unauthenticated("the token is wrong, has ended or was revoked, or its account is inactive")
        }
        return caller
    }

    /// No login: what wrong bearer tokens are counted under.
    private static let bearer = "bearer token"

    /// Compares two secrets in a time that tells nothing of where they differ.
    public func isSame(_ left: String, _ right: String) -> Bool {
        digester.keyedDigest(left, context: "comparison") == digester.keyedDigest(right, context: "comparison")
    }

    private func verifyToken(_ secret: String, login: String?, digest: [UInt8]) async throws(AccessError) -> Caller? {
        let (now, stored) = (clock.now, digester.digest(secret))
        let found = try await store.read { (reader) throws(AccessError) -> (AccessToken, Account, Revision)? in
            guard let token = try reader.token(withDigest: stored), let account = try reader.account(token.account)
            else { return nil }
            return (token, account.value, try reader.revision())
        }
        guard let (token, account, revision) = found, account.isActive, token.expiresAt.map({ now < $0 }) ?? true,
            login == nil || account.login?.rawValue == login
        else { return nil }
        let caller = Caller(actor: .user(account.id), proof: .token(token.id))
        credentials.remember(
            caller, for: digest, account: account.id, readAt: revision, end: token.expiresAt, now: now)
        return caller
    }

    private func verifyPassword(_ secret: String, login: String, digest: [UInt8]) async throws(AccessError) -> Caller? {
        let found: Login? = try await store.read { (reader) throws(AccessError) in
            guard let name = try? AccountName(login), let account = try reader.user(withLogin: name)?.value else {
                return nil
            }
            return Login(
                account: account, hash: try reader.password(of: account.id)?.hash, revision: try reader.revision())
        }
        guard try await isRight(secret, digest: digest, for: found), let found, found.account.isActive else {
            return nil
        }
        let caller = Caller(actor: .user(found.account.id), proof: .password)
        credentials.remember(
            caller, for: digest, account: found.account.id, readAt: found.revision, end: nil, now: clock.now)
        return caller
    }

    private struct Login: Sendable {
        let account: Account
        let hash: String?
        let revision: Revision
    }

    /// Costs about the same whether the login exists or not, so that time tells nothing.
    private func isRight(_ secret: String, digest: [UInt8], for login: Login?) async throws(AccessError) -> Bool {
        do {
            if let hash = login?.hash { return try await hasher.verify(secret, against: hash) }
            if let login, login.account.isActive, let link = login.account.directory, !secret.isEmpty,
                try await isRightInDirectory(secret, digest: digest, account: login.account, link: link)
            {
                return true
            }
            try await hasher.verifyNothing(secret)
            return false
        } catch let error as AccessError {
            throw error
        } catch {
            throw .tooManyAttempts(retryAfter: 1)
        }
    }

    private func isRightInDirectory(
        _ secret: String, digest: [UInt8], account: Account, link: DirectoryLink
    ) async throws(AccessError) -> Bool {
        let directory = try await store.read { (reader) throws(AccessError) in
            try reader.directory(named: link.directory)?.value
        }
        guard let settings = directory?.settings, settings.allowsLogin,
            directoryLogins.advice(for: account.id, digest: digest, now: clock.now) == .ask
        else { return false }
        do throws(DirectoryError) {
            let isRight = try await directorySource.verify(
                dn: link.dn, externalID: link.externalID, password: secret, settings: settings)
            if isRight {
                directoryLogins.succeeded(account.id)
            } else {
                directoryLogins.failed(account.id, digest: digest, now: clock.now)
            }
            return isRight
        } catch {
            // Where the directory is, and what is wrong with it, is for the log and its administrators.
            logger.warning(
                "a directory cannot tell a password",
                metadata: ["directory": "\(link.directory)", "reason": "\(error)"])
            throw .directory(.unreachable(reason: "logging in with its passwords is not possible just now"))
        }
    }
}
