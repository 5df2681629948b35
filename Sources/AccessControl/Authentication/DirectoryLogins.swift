public import AccessModel

extension Authentication {
    /// Whether a directory accepts the password of one of its people. Asked as seldom as may be:
    /// see `DirectoryLoginMemory` and `DirectoryOutages`.
    func isAccepted(
        _ attempt: PasswordAttempt, of link: DirectoryLink, by directory: Directory
    ) async throws(AccessError) -> Bool {
        // Linked a moment ago, and not found by a synchronisation yet.
        guard directory.settings.allowsLogin, !link.dn.isEmpty else { return false }
        let digest = digester.keyedDigest(attempt.secret, for: .directory(link.externalID, dn: link.dn))
        // Compared before the person's turn: those who wait for a hash hold up nobody else.
        try await recognise(attempt, digest, about: link, in: directory)
        return try await directories.turns.take(link.externalID) { () async throws(AccessError) -> Bool in
            if credentials.caller(for: attempt.digest, at: clock.now) != nil { return true }
            guard try mayAsk(about: link, attempt, digest, in: directory) else { return false }
            return try await ask(about: link, attempt, digest, in: directory)
        }
    }

    /// Finds out after a restart whether a password is the one that was right last, where that decides.
    private func recognise(
        _ attempt: PasswordAttempt, _ digest: [UInt8], about link: DirectoryLink, in directory: Directory
    ) async throws(AccessError) {
        let person = link.person
        if !directoryLogins.knows(person) {
            let kept = try await store.read { (reader) throws(AccessError) in try reader.directoryLogins(of: person) }
            directoryLogins.load(person, kept)
        }
        guard case .compare(let hash, _) = advice(about: person, attempt, digest, in: directory) else { return }
        if try await isLastRight(attempt, sealedHash: hash, of: person) {
            directoryLogins.recognised(person, digest: digest)
        }
    }

    private func advice(
        about person: String, _ attempt: PasswordAttempt, _ digest: [UInt8], in directory: Directory
    ) -> DirectoryLoginMemory.Advice {
        directoryLogins.advice(
            person, digest: digest, from: attempt.network, limit: directory.settings.loginAttempts, now: clock.now)
    }

    /// - Returns: false for a password that was wrong a short while ago.
    /// - Throws: `.loginsExhausted` if the directory has been told enough wrong ones.
    private func mayAsk(
        about link: DirectoryLink, _ attempt: PasswordAttempt, _ digest: [UInt8], in directory: Directory
    ) throws(AccessError) -> Bool {
        switch advice(about: link.person, attempt, digest, in: directory) {
        case .ask: true
        case .wrong: false
        case .wait(let seconds), .compare(_, orWait: let seconds): throw waiting(for: seconds, attempt, link)
        }
    }

    private func ask(
        about link: DirectoryLink, _ attempt: PasswordAttempt, _ digest: [UInt8], in directory: Directory
    ) async throws(AccessError) -> Bool {
        if let seconds = directories.outages.secondsLeft(directory.name, at: clock.now) {
            throw .loginUnavailable(retryAfter: seconds)
        }
        let verdict: PasswordVerdict
        do throws(DirectoryError) {
            verdict = try await directories.source.verify(
                dn: link.dn, externalID: link.externalID, password: attempt.secret, settings: directory.settings)
        } catch {
            if case .unanswered = error {
                directoryLogins.unanswered(link.person, digest: digest, from: attempt.network, now: clock.now)
            }
            throw directories.loginFailure(error, of: directory)
        }
        directories.outages.note(directory.name, answered: true, at: clock.now)
        switch verdict {
        case .right, .expired:
            if case .expired(let graceLogins) = verdict {
                logger.notice(
                    "a password has expired, and the directory accepts it a few times more",
                    metadata: [
                        "directory": "\(directory.name)", "login": "\(attempt.login.text)",
                        "grace_logins": "\(graceLogins)",
                    ])
            }
            directoryLogins.succeeded(link.person, digest: digest, from: attempt.network)
            directories.refusals.end(of: link.person)
            await keepHash(of: attempt, digest, link.person)
            return true
        case .wrong:
            directoryLogins.failed(link.person, digest: digest, from: attempt.network, now: clock.now)
            return false
        case .refused(let reason):
            directoryLogins.refused(link.person, digest: digest, from: attempt.network, now: clock.now)
            directories.refusals.note(link.person, reason, now: clock.now)
            logger.notice(
                "a directory refused a login for another reason than the password",
                metadata: ["directory": "\(directory.name)", "login": "\(attempt.login.text)", "reason": "\(reason)"])
            return false
        }
    }

    private func waiting(for seconds: Int, _ attempt: PasswordAttempt, _ link: DirectoryLink) -> AccessError {
        if complaints.isDue("directory \(link.person)", now: clock.now) {
            logger.warning(
                "too many wrong passwords: the directory is not asked for a while, lest it lock the person out",
                metadata: [
                    "directory": "\(link.directory)", "login": "\(attempt.login.text)",
                    "address": "\(attempt.network)", "seconds": "\(seconds)",
                ])
        }
        return .loginsExhausted(retryAfter: seconds)
    }

    /// The last login of somebody that their directory refused for another reason than the password, if none was accepted
    /// since, nor the service started.
    public func lastRefusal(of account: Account) -> LoginRefusal? {
        account.directory.flatMap { directories.refusals.last(of: $0.person) }
    }

    // MARK: The password that was right last

    private func isLastRight(
        _ attempt: PasswordAttempt, sealedHash: [UInt8], of person: String
    ) async throws(AccessError) -> Bool {
        // Sealed under another key: nothing is known of it any more.
        guard let hash = try? directories.secretBox.open(sealedHash, context: person) else { return false }
        do {
            return try await hasher.verify(attempt.secret, against: hash, for: attempt.network)
        } catch {
            throw .tooManyAttempts(retryAfter: 1)
        }
    }

    /// Keeps it in a form that says after a restart whether a password is the same, and that nobody can try
    /// passwords at who has the database without its key. What cannot be kept now is kept at the next login.
    private func keepHash(of attempt: PasswordAttempt, _ digest: [UInt8], _ person: String) async {
        let (isNeeded, known) = directoryLogins.needsHash(person, digest: digest)
        guard isNeeded else { return }
        if let known, (try? await isLastRight(attempt, sealedHash: known, of: person)) ?? false {
            directoryLogins.recognised(person, digest: digest)
        } else if let hash = try? await hasher.hash(attempt.secret, for: attempt.network),
            let sealed = try? directories.secretBox.seal(hash, context: person)
        {
            directoryLogins.keep(person, sealedHash: sealed, of: digest)
        }
    }

    /// Keeps in the store what logins told since the last time. Not a change: it has no number.
    public func keepDirectoryLogins() async throws(AccessError) {
        let changed = directoryLogins.takeChanged()
        guard !changed.isEmpty else { return }
        do throws(AccessError) {
            try await store.writeAside { (writer) throws(AccessError) in try writer.upsert(changed) }
        } catch {
            directoryLogins.giveBack(changed.keys)
            throw error
        }
    }
}
