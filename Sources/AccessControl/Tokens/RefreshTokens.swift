import AccessModel

/// Refresh tokens, which `docker login` asks for and keeps instead of the password. One is not replaced at its
/// use, as docker keeps the first one for ever (moby #39718); it ends with the password it was got with,
/// with its user's activity, 30 days after its last use, and 180 days after it was made.
enum RefreshTokenLife {
    static let idle = Duration.seconds(30 * 86_400)
    static let most = Duration.seconds(180 * 86_400)
    /// Of one user at one registry; the one that was not used for longest makes room.
    static let count = 50
    /// How long a directory is believed that a password is the same.
    static let passwordCheck = Duration.seconds(300)
    /// How long it is not asked again when it did not answer.
    static let passwordCheckAfterFailure = Duration.seconds(60)
}

extension Authentication {
    /// A refresh token for whoever has just logged in with a password that can be told from the one after it; nil
    /// for anybody else: a token is as good itself, and would be outlived. nil as well where it cannot be kept
    /// just now: the client then goes on with the password.
    /// - Parameter client: what asks, in its own words.
    func makeRefreshToken(
        for caller: Caller, service: String, client: String
    ) async throws(AccessError) -> String? {
        guard case .user(let id) = caller.actor, let password = caller.password else { return nil }
        let secret = digester.newTokenSecret()
        let words = client.unicodeScalars.filter { !$0.properties.isControl }.prefix(60)
        let command = MakeRefreshToken(
            account: id, name: "login of \(words.isEmpty ? "a client" : String(String.UnicodeScalarView(words)))",
            service: service, password: password, digest: digester.digest(secret), uses: uses)
        do throws(AccessError) {
            // A login does not wait for a long write: whoever gets no refresh token goes on with the password.
            _ = try await transactions.perform(command, as: caller, within: .milliseconds(500))
        } catch {
            guard case .storage(let reason) = error else { throw error }
            if reason == .busy { return nil }
            logger.error("a login could not be kept", metadata: ["error": "\(error)"])
            return nil
        }
        return secret
    }

    /// Who holds this refresh token of a registry's service. It is looked up, which costs little, so that a right one gets in
    /// at any time.
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
            throw refused(
                "the login has ended: log in again",
                TokenRefusal(reason: "the login has ended, or there is no such one", token: found?.0), address)
        }
        uses.note(token.id, TokenUse(time: now, address: address))
        return Caller(actor: .user(account.id), proof: .token(token.id), end: token.expiresAt)
    }

    private func isAlive(_ token: AccessToken, usedAt: Timestamp?, now: Timestamp) -> Bool {
        let isInTime = token.expiresAt.map { now < $0 } ?? true
        return isInTime && now < (usedAt ?? token.createdAt) + RefreshTokenLife.idle
    }

    /// Whether the password that a login began with is still the one, as far as anybody can tell: a directory
    /// that does not answer must not log people out. A login whose password was changed, or whose person is gone,
    /// is ended.
    private func isPasswordTheSame(
        as login: RegistryLogin, of account: Account, token: TokenID
    ) async throws(AccessError) -> Bool {
        guard let known = login.directoryPasswordTime, let link = account.directory else { return true }
        let directory = try await store.read { (reader) throws(AccessError) in
            try reader.directory(named: link.directory)?.value
        }
        guard directory?.settings.allowsLogin ?? false else { return false }
        // One at a time: many requests come at once, and one answer is good for all.
        return try await directories.turns.take(link.externalID) { () async throws(AccessError) -> Bool in
            guard passwordChecks.isDue(token, now: clock.now) else { return true }
            let present: DirectoryPasswordVersion
            do throws(AccessError) {
                present = try await directoryPasswordVersion(of: account.id)
            } catch {
                guard case .loginUnavailable = error else { throw error }
                passwordChecks.note(token, until: clock.now + RefreshTokenLife.passwordCheckAfterFailure)
                return true
            }
            guard present == .set(known) || present == .untold else {
                _ = try await transactions.perform(
                    EndRegistryLogins(account: account.id, directoryPasswordTime: known), as: .service)
                return false
            }
            passwordChecks.note(token, until: clock.now + RefreshTokenLife.passwordCheck)
            return true
        }
    }

    /// When a directory says that the password of one of its people was set.
    func directoryPasswordVersion(of id: AccountID) async throws(AccessError) -> DirectoryPasswordVersion {
        let found = try await store.read { (reader) throws(AccessError) -> (DirectoryLink, Directory, [UInt8]?)? in
            guard let link = try reader.account(id)?.value.directory,
                let directory = try reader.directory(named: link.directory)?.value
            else { return nil }
            return (link, directory, try reader.directorySecret(directory.name))
        }
        guard let (link, directory, sealed) = found else { return .noSuchPerson }
        if let seconds = directories.outages.secondsLeft(directory.name, at: clock.now) {
            throw .loginUnavailable(retryAfter: seconds)
        }
        do throws(DirectoryError) {
            return try await directories.source.passwordTime(
                externalID: link.externalID, directory.settings,
                bindPassword: try? directories.bindPassword(of: directory, sealed: sealed))
        } catch {
            throw directories.loginFailure(error, of: directory)
        }
    }
}

private struct MakeRefreshToken: Command {
    let account: AccountID
    let name: String
    let service: String
    let password: PasswordVersion
    let digest: [UInt8]
    let uses: TokenUses

    func perform(in context: WriteContext) throws(AccessError) {
        let holder = TokenHolder.user(account)
        guard let user = try context.writer.account(account)?.value, user.isActive else {
            throw .unauthenticated("the account is inactive")
        }
        var login = RegistryLogin(service: service)
        switch password {
        case .directory(let words): login.directoryPasswordTime = words
        case .kept(let changedAt):
            // Changed since it was verified.
            guard try context.writer.password(of: account)?.password.changedAt == changedAt else {
                throw .unauthenticated("the password was changed meanwhile: log in again")
            }
        }
        try makeRoom(for: holder, in: context)
        let token = AccessToken(
            id: context.newIdentifier(), holder: holder, name: name, createdAt: context.now,
            expiresAt: context.now + RefreshTokenLife.most, login: login)
        try context.insert(.accessToken(token), secret: digest)
    }

    /// Takes away those that have ended, and the ones that were not used for longest if there are too many.
    private func makeRoom(for holder: TokenHolder, in context: WriteContext) throws(AccessError) {
        let kept = try context.writer.tokenUses(of: holder)
        var alive: [(token: AccessToken, used: Timestamp)] = []
        for token in try context.writer.tokens(of: holder) where token.login?.service == service {
            let used = (uses.use(of: token.id) ?? kept[token.id])?.time ?? token.createdAt
            if used + RefreshTokenLife.idle <= context.now || token.expiresAt.map({ $0 <= context.now }) ?? false {
                try context.delete(.accessToken(token), reason: "ended")
            } else {
                alive.append((token, used))
            }
        }
        alive.sort { $0.used < $1.used }
        for entry in alive.dropLast(RefreshTokenLife.count - 1) {
            try context.delete(.accessToken(entry.token), reason: "too many logins at once")
        }
    }
}

/// Ends the logins at registries that began with a password which is none any more.
private struct EndRegistryLogins: Command {
    let account: AccountID
    let directoryPasswordTime: String

    func perform(in context: WriteContext) throws(AccessError) {
        for token in try context.writer.tokens(of: .user(account))
        where token.login?.directoryPasswordTime == directoryPasswordTime {
            try context.delete(
                .accessToken(token), reason: "the password was changed in the directory, or the person is gone")
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
