import AccessModel

/// A password that somebody shows for a login.
struct PasswordAttempt: Sendable {
    let login: LoginName
    let secret: String
    /// Under which it is remembered once it was right.
    let digest: [UInt8]
    /// Where it comes from, and what is counted of that.
    let address: String
    let network: String
    /// Whether the client is to keep the login.
    let isForRefreshToken: Bool
}

extension Authentication {
    /// Whose password it is.
    /// - Throws: `.unauthenticated` if it is nobody's; `.tooManyAttempts` if it was not tried;
    ///   `.loginUnavailable` if it is nobody's here, while a directory whose people log in is out of reach.
    func verifyPassword(_ attempt: PasswordAttempt) async throws(AccessError) -> Caller {
        let (login, network) = (attempt.login.user, attempt.network)
        if let wait = attempts.beginGuess(login: login, network: network, now: clock.now) {
            logSlowed(attempt.address, network)
            throw .tooManyAttempts(retryAfter: wait)
        }
        do throws(AccessError) {
            let caller = try await caller(of: attempt)
            attempts.takeBack(login: login, network: network)
            return caller
        } catch {
            if !error.isAboutCredentials { attempts.takeBack(login: login, network: network) }
            throw error
        }
    }

    private func caller(of attempt: PasswordAttempt) async throws(AccessError) -> Caller {
        let found: KnownLogin? = try await store.read { (reader) throws(AccessError) in
            guard let account = try attempt.login.account(in: reader) else { return nil }
            let password = try reader.password(of: account.id)
            return KnownLogin(
                account: account, hash: password?.hash, changedAt: password?.password.changedAt,
                directory: try account.directory.flatMap { (link) throws(AccessError) in
                    try reader.directory(named: link.directory)?.value
                }, revision: try reader.revision())
        }
        // Before it is verified: should it be changed meanwhile, the mark is that of the old one.
        let mark = attempt.isForRefreshToken ? try await passwordVersion(of: found) : nil
        guard let account = try await holder(of: attempt, found: found) else {
            let reason =
                found.map { $0.account.isActive ? "the password is wrong" : "the account is inactive" }
                ?? "there is no such login"
            logger.notice(
                "login refused",
                metadata: ["address": "\(attempt.address)", "login": "\(attempt.login.text)", "reason": "\(reason)"])
            throw .unauthenticated("the login or the password is wrong, or the account is inactive")
        }
        let caller = Caller(actor: .user(account.id), proof: .password, password: mark)
        if let found, !attempt.isForRefreshToken {
            let memory =
                found.hash == nil ? found.directory.map { Duration.seconds(min($0.settings.loginMemory, 3_600)) } : nil
            credentials.remember(
                caller, for: attempt.digest, of: [account.id.rawValue], readAt: found.revision, end: nil,
                now: clock.now, lifetime: memory)
        }
        return caller
    }

    /// nil where nothing marks it, or a directory cannot tell just now.
    private func passwordVersion(of found: KnownLogin?) async throws(AccessError) -> PasswordVersion? {
        guard let found else { return nil }
        if found.hash != nil { return found.changedAt.map { .kept(changedAt: $0) } }
        do throws(AccessError) {
            guard case .set(let words) = try await directoryPasswordVersion(of: found.account.id) else { return nil }
            return .directory(words)
        } catch {
            guard case .loginUnavailable = error else { throw error }
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

    /// The active account whose password this is. Costs one hash, whether the login exists or not and whoever
    /// keeps its password, so that neither time nor a directory that is down tells one from another.
    private func holder(of attempt: PasswordAttempt, found: KnownLogin?) async throws(AccessError) -> Account? {
        if let found, let hash = found.hash {
            if try await isRight(attempt, hash: hash), found.account.isActive { return found.account }
        } else {
            let refusal: AccessError?
            do throws(AccessError) {
                if let account = try await directoryHolder(of: attempt, found: found) { return account }
                refusal = nil
            } catch {
                guard error.isAboutCredentials else { throw error }
                refusal = error
            }
            // A guess that the directory was spared was compared with the password that was right last: it costs
            // as much as any.
            _ = try await isRight(attempt, hash: nil)
            if let refusal {
                if case .loginsExhausted = refusal { try await directories.requireDirectories() }
                throw refusal
            }
        }
        try await directories.requireDirectories()
        return nil
    }

    private func directoryHolder(
        of attempt: PasswordAttempt, found: KnownLogin?
    ) async throws(AccessError) -> Account? {
        guard !attempt.secret.isEmpty else { return nil }
        guard let found else { return try await makeAccount(atLogin: attempt) }
        guard found.account.isActive, let link = found.account.directory, let directory = found.directory,
            try await isAccepted(attempt, of: link, by: directory)
        else { return nil }
        return found.account
    }

    /// - Parameter hash: nil for a login that has none here, which costs as much.
    private func isRight(_ attempt: PasswordAttempt, hash: String?) async throws(AccessError) -> Bool {
        do {
            if let hash { return try await hasher.verify(attempt.secret, against: hash, for: attempt.network) }
            try await hasher.verifyNothing(attempt.secret, for: attempt.network)
            return false
        } catch {
            throw .tooManyAttempts(retryAfter: 1)
        }
    }
}

extension AccessError {
    /// Whether a password was tried, and what came of it.
    fileprivate var isAboutCredentials: Bool {
        switch self {
        case .unauthenticated, .loginUnavailable, .loginsExhausted: true
        default: false
        }
    }
}
