import AccessModel

/// Refresh tokens, which `docker login` asks for and keeps instead of the password. One is not replaced at its
/// use, as docker keeps the first one for ever (moby #39718); it ends with the password it was got with,
/// with its user's activity, 30 days after its last use, and 180 days after it was made.
enum RefreshTokenLife {
    static let idle = Duration.seconds(30 * 86_400)
    static let most = Duration.seconds(180 * 86_400)
    /// Of one user at one registry; the one that was made first makes room.
    static let count = 50
    /// How long a directory is believed that a password is the same.
    static let passwordCheck = Duration.seconds(300)
}

extension AccessService {
    /// A refresh token for whoever has just logged in with a password; nil for anybody else: a token is as
    /// good itself, and would be outlived. nil as well while a directory cannot tell about the password: the
    /// client then goes on with that.
    /// - Parameter client: what asks, in its own words.
    func makeRefreshToken(
        for caller: Caller, service: String, client: String
    ) async throws(AccessError) -> String? {
        guard case .user(let id) = caller.actor, caller.proof == .password else { return nil }
        let passwordSet: String?
        do throws(AccessError) {
            passwordSet = try await passwordSetInDirectory(by: id)
        } catch {
            guard case .directory = error else { throw error }
            return nil
        }
        let secret = digester.newTokenSecret()
        let words = client.unicodeScalars.filter { !$0.properties.isControl }.prefix(60)
        let token = RefreshTokenTerms(
            account: id, name: "login of \(words.isEmpty ? "a client" : String(String.UnicodeScalarView(words)))",
            login: RegistryLogin(service: service, passwordSet: passwordSet), digest: digester.digest(secret))
        _ = try await perform(MakeRefreshToken(terms: token, uses: uses), as: caller)
        return secret
    }

    /// Who holds this refresh token of a registry's service.
    func authenticate(refreshToken secret: String, service: String, address: String) async throws(AccessError) -> Caller
    {
        let (now, digest) = (clock.now, digester.digest(secret))
        let found = try await store.read { (reader) throws(AccessError) -> (AccessToken, Account, TokenUse?)? in
            guard let token = try reader.token(withDigest: digest), case .user(let id) = token.holder,
                let account = try reader.account(id)?.value
            else { return nil }
            return (token, account, try reader.tokenUses(of: token.holder)[token.id])
        }
        guard let (token, account, kept) = found, let login = token.login, login.service == service, account.isActive,
            isAlive(token, usedAt: (uses.use(of: token.id) ?? kept)?.time, now: now),
            try await isPasswordTheSame(as: login, of: account, token: token.id)
        else {
            let wait = attempts.wait(login: Self.refreshing, address: address, now: now)
            attempts.failed(login: Self.refreshing, address: address, now: now)
            if let wait { throw .tooManyAttempts(retryAfter: wait) }
            throw .unauthenticated("the login has ended: log in again")
        }
        uses.note(token.id, TokenUse(time: now, address: address))
        return Caller(actor: .user(account.id), proof: .token(token.id), end: token.expiresAt)
    }

    /// What wrong refresh tokens are counted under.
    private static var refreshing: String { "refresh token" }

    private func isAlive(_ token: AccessToken, usedAt: Timestamp?, now: Timestamp) -> Bool {
        let isInTime = token.expiresAt.map { now < $0 } ?? true
        return isInTime && now < (usedAt ?? token.createdAt) + RefreshTokenLife.idle
    }

    /// Whether the password that a login began with is still the one, as far as anybody can tell: a directory
    /// that does not answer must not log people out. A login whose password was changed is ended.
    private func isPasswordTheSame(
        as login: RegistryLogin, of account: Account, token: TokenID
    ) async throws(AccessError) -> Bool {
        guard let known = login.passwordSet else { return true }
        guard passwordChecks.isDue(token, now: clock.now) else { return true }
        let present: String?
        do throws(AccessError) {
            present = try await passwordSetInDirectory(by: account.id)
        } catch {
            guard case .directory = error else { throw error }
            return true
        }
        guard let present, present != known else {
            passwordChecks.note(token, now: clock.now)
            return true
        }
        _ = try await perform(
            EndRegistryLogins(account: account.id, passwordSet: known), as: .service)
        return false
    }

    /// When a directory says that one of its people's password was set, in its own words; nil for whose
    /// password is kept here, and where it does not tell.
    private func passwordSetInDirectory(by id: AccountID) async throws(AccessError) -> String? {
        let found = try await store.read { (reader) throws(AccessError) -> (DirectoryLink, Directory, [UInt8]?)? in
            guard let link = try reader.account(id)?.value.directory,
                let directory = try reader.directory(named: link.directory)?.value
            else { return nil }
            return (link, directory, try reader.directorySecret(directory.name))
        }
        guard let (link, directory, sealed) = found else { return nil }
        guard !outages.isOut(directory.name, at: clock.now) else { throw Self.outage }
        do throws(DirectoryError) {
            return try await directorySource.passwordSet(
                externalID: link.externalID, directory.settings,
                bindPassword: try? bindPassword(of: directory, sealed: sealed))
        } catch {
            note(error, of: directory)
            throw Self.outage
        }
    }
}

private struct RefreshTokenTerms: Sendable {
    let account: AccountID
    let name: String
    let login: RegistryLogin
    let digest: [UInt8]
}

private struct MakeRefreshToken: Command {
    let terms: RefreshTokenTerms
    let uses: TokenUses

    func perform(in context: WriteContext) throws(AccessError) {
        let holder = TokenHolder.user(terms.account)
        guard let account = try context.writer.account(terms.account)?.value, account.isActive else {
            throw .unauthenticated("the account is inactive")
        }
        try makeRoom(for: holder, in: context)
        let token = AccessToken(
            id: context.newIdentifier(), holder: holder, name: terms.name, createdAt: context.now,
            expiresAt: context.now + RefreshTokenLife.most, login: terms.login)
        try context.insert(.accessToken(token), secret: terms.digest)
    }

    /// Takes away those that have ended, and the first ones if there are too many.
    private func makeRoom(for holder: TokenHolder, in context: WriteContext) throws(AccessError) {
        let kept = try context.writer.tokenUses(of: holder)
        var alive: [AccessToken] = []
        for token in try context.writer.tokens(of: holder) where token.login?.service == terms.login.service {
            let used = (uses.use(of: token.id) ?? kept[token.id])?.time ?? token.createdAt
            if used + RefreshTokenLife.idle <= context.now || token.expiresAt.map({ $0 <= context.now }) ?? false {
                try context.delete(.accessToken(token), reason: "ended")
            } else {
                alive.append(token)
            }
        }
        for token in alive.dropLast(RefreshTokenLife.count - 1) {
            try context.delete(.accessToken(token), reason: "too many logins at once")
        }
    }
}

/// Ends the logins at registries that began with a password which is none any more.
private struct EndRegistryLogins: Command {
    let account: AccountID
    let passwordSet: String

    func perform(in context: WriteContext) throws(AccessError) {
        for token in try context.writer.tokens(of: .user(account)) where token.login?.passwordSet == passwordSet {
            try context.delete(.accessToken(token), reason: "the password was changed in the directory")
        }
    }
}

extension WriteContext {
    /// Ends all logins at registries of a user: the password that they began with is none any more.
    func endRegistryLogins(of account: AccountID, reason: String) throws(AccessError) {
        for token in try writer.tokens(of: .user(account)) where token.login != nil {
            try delete(.accessToken(token), reason: reason)
        }
    }
}
