import AccessModel

extension AccessService {
    /// Whether a directory accepts the password of one of its people. Asked as seldom as may be:
    /// see `DirectoryLoginMemory` and `DirectoryOutages`.
    func isRight(
        _ attempt: PasswordAttempt, for link: DirectoryLink, in directory: Directory
    ) async throws(AccessError) -> Bool {
        // Linked a moment ago, and not found by a synchronisation yet.
        guard directory.settings.allowsLogin, !link.dn.isEmpty else { return false }
        let digest = digester.keyedDigest(attempt.secret, for: .directory(link.externalID, dn: link.dn))
        // Compared before the person's turn: those who wait for a hash hold up nobody else.
        try await recognise(attempt, digest, about: link, in: directory)
        return try await directoryTurns.take(link.externalID) { () async throws(AccessError) -> Bool in
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
        if try await isRight(attempt, sealedHash: hash, of: person) {
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
        if let seconds = outages.secondsLeft(directory.name, at: clock.now) {
            throw .loginUnavailable(retryAfter: seconds)
        }
        let verdict: PasswordVerdict
        do throws(DirectoryError) {
            verdict = try await directorySource.verify(
                dn: link.dn, externalID: link.externalID, password: attempt.secret, settings: directory.settings)
        } catch {
            if case .unanswered = error {
                directoryLogins.unanswered(link.person, digest: digest, from: attempt.network, now: clock.now)
            }
            throw loginFailure(error, of: directory)
        }
        outages.note(directory.name, answered: true, at: clock.now)
        switch verdict {
        case .right:
            directoryLogins.succeeded(link.person, digest: digest, from: attempt.network)
            await keepHash(of: attempt, digest, link.person)
            return true
        case .wrong:
            directoryLogins.failed(link.person, digest: digest, from: attempt.network, now: clock.now)
            return false
        case .refused(let reason):
            directoryLogins.refused(link.person, digest: digest, now: clock.now)
            logger.notice(
                "a directory refused a login, whatever the password",
                metadata: ["directory": "\(directory.name)", "login": "\(attempt.login.text)", "reason": "\(reason)"])
            return false
        }
    }

    private func waiting(for seconds: Int, _ attempt: PasswordAttempt, _ link: DirectoryLink) -> AccessError {
        if directoryLogins.mayComplain(about: link.person, now: clock.now) {
            logger.warning(
                "too many wrong passwords: the directory is not asked for a while, lest it lock the person out",
                metadata: [
                    "directory": "\(link.directory)", "login": "\(attempt.login.text)",
                    "address": "\(attempt.network)", "seconds": "\(seconds)",
                ])
        }
        return .loginsExhausted(retryAfter: seconds)
    }

    // MARK: The password that was right last

    private func isRight(
        _ attempt: PasswordAttempt, sealedHash: [UInt8], of person: String
    ) async throws(AccessError) -> Bool {
        // Sealed under another key: nothing is known of it any more.
        guard let hash = try? secretBox.open(sealedHash, context: person) else { return false }
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
        if let known, (try? await isRight(attempt, sealedHash: known, of: person)) ?? false {
            directoryLogins.recognised(person, digest: digest)
        } else if let hash = try? await hasher.hash(attempt.secret, for: attempt.network),
            let sealed = try? secretBox.seal(hash, context: person)
        {
            directoryLogins.keep(person, sealedHash: sealed, of: digest)
        }
    }

    /// Keeps in the store what logins told since the last time. Not a change: it has no number.
    public func keepDirectoryLogins() async throws(AccessError) {
        let changed = directoryLogins.takeChanged()
        guard !changed.isEmpty else { return }
        do throws(AccessError) {
            try await store.write(as: .service) { (writer) throws(AccessError) in try writer.keep(changed) }
        } catch {
            directoryLogins.giveBack(changed.keys)
            throw error
        }
    }

    // MARK: Directories that are down

    /// Throws `.loginUnavailable` while a directory whose people log in is out of reach: until it is back, nobody
    /// can tell a wrong password from one that cannot be verified, and its people are not told from others.
    func requireDirectories() async throws(AccessError) {
        let directories = try await store.read { (reader) throws(AccessError) in
            try reader.directories().map(\.value).filter(\.settings.allowsLogin)
        }
        for directory in directories {
            if !outages.isKnown(directory.name, at: clock.now) {
                await directoryTurns.take("reach \(directory.name)") { await reach(directory) }
            }
            if let seconds = outages.secondsLeft(directory.name, at: clock.now) {
                throw .loginUnavailable(retryAfter: seconds)
            }
            // So many logins at once that nobody could even ask.
            if !outages.isKnown(directory.name, at: clock.now) { throw .loginUnavailable(retryAfter: 1) }
        }
    }

    private func reach(_ directory: Directory) async {
        guard !outages.isKnown(directory.name, at: clock.now) else { return }
        do throws(DirectoryError) {
            try await directorySource.reach(directory.settings)
            outages.note(directory.name, answered: true, at: clock.now)
        } catch {
            _ = loginFailure(error, of: directory)
        }
    }

    /// Where the directory is, and what is wrong with it, is for the log and its administrators.
    func loginFailure(_ error: DirectoryError, of directory: Directory) -> AccessError {
        noteContact(error, with: directory)
        logger.warning(
            "a directory cannot tell a password",
            metadata: ["directory": "\(directory.name)", "reason": "\(error)"])
        return .loginUnavailable(retryAfter: outages.secondsLeft(directory.name, at: clock.now) ?? 10)
    }

    /// What a failure says of a directory being there.
    func noteContact(_ error: DirectoryError, with directory: Directory) {
        switch error {
        case .unreachable, .tlsRefused, .unanswered(_, isLastServer: true):
            outages.note(directory.name, answered: false, at: clock.now)
        // Of one person, or of the settings: nobody waits long for these.
        case .bindRefused, .unusable: outages.note(directory.name, answered: true, at: clock.now)
        case .incomplete, .cancelled, .unanswered: break
        }
    }

    // MARK: Accounts made at the first login

    /// Makes the account of a person whom a directory knows and whose password it accepts, where
    /// the directory's settings make accounts at the first login. Its teams come with the next
    /// synchronisation, which is asked for at once.
    /// - Returns: nil if there is no such person.
    func makeAccount(atLogin attempt: PasswordAttempt) async throws(AccessError) -> Account? {
        let directories = try await store.read { (reader) throws(AccessError) in
            try reader.directories().map(\.value).filter(\.settings.allowsLogin)
                .map { (directory) throws(AccessError) in
                    (directory, try reader.directorySecret(directory.name))
                }
        }
        for (directory, sealed) in directories where directory.settings.justInTime {
            guard let asked = attempt.login.asked(of: directory.settings), !outages.isOut(directory.name, at: clock.now)
            else {
                continue
            }
            let person: DirectoryUser?
            do throws(DirectoryError) {
                person = try await directorySource.find(
                    login: asked, directory.settings,
                    bindPassword: try? bindPassword(of: directory, sealed: sealed))
            } catch {
                _ = loginFailure(error, of: directory)
                continue
            }
            // Directories compare with more in mind than case: without spaces at the ends, without accents.
            guard let person, asked.isExactly(of: person), person.inactiveReason(at: clock.now) == nil else { continue }
            let link = DirectoryLink(
                directory: directory.name, externalID: person.externalID, dn: person.dn,
                principalName: person.principalName)
            guard let name = try? AccountName(person.login?.lowercasedASCII ?? ""),
                try await isRight(attempt, for: link, in: directory)
            else { continue }
            do throws(AccessError) {
                let command = MakeAccountAtLogin(name: name, person: person, directory: directory.name)
                let made = try await perform(command, as: Caller(actor: .directory(directory.name), proof: .file)).value
                requestSync(of: directory.name)
                return made
            } catch {
                guard error.isAboutInput else { throw error }
                logger.warning(
                    "no account was made at a login",
                    metadata: ["directory": "\(directory.name)", "reason": "\(error)"])
            }
        }
        return nil
    }
}

private struct MakeAccountAtLogin: Command {
    let name: AccountName
    let person: DirectoryUser
    let directory: String

    func perform(in context: WriteContext) throws(AccessError) -> Account {
        let linked = try context.writer.accounts(linkedTo: directory)
        // Renamed since the last synchronisation: the account is there, and the next one renames it.
        if let known = linked.first(where: { $0.directory?.externalID == person.externalID }) {
            guard known.isActive else {
                throw .conflict(code: "inactive", detail: "the account \(known.name) is inactive")
            }
            return known
        }
        try context.requireFreeName(name)
        let profile = SyncProfile(
            fullName: person.fullName, email: person.email, principalName: person.principalName, dn: person.dn)
        let account = Account.made(
            context.newIdentifier(), name, profile, isActive: true, directory, externalID: person.externalID)
        try context.insert(.account(account), reason: "first login")
        return account
    }
}
