import AccessModel

extension AccessService {
    /// Whether a directory accepts the password of one of its people. Asked as seldom as may be:
    /// see `DirectoryLoginMemory` and `DirectoryOutages`.
    /// - Parameter login: the digest under which a right password is remembered.
    func isRight(
        _ secret: String, login: [UInt8], for link: DirectoryLink, in directory: Directory
    ) async throws(AccessError) -> Bool {
        // Linked a moment ago, and not found by a synchronisation yet.
        guard directory.settings.allowsLogin, !link.dn.isEmpty else { return false }
        let digest = digester.keyedDigest(secret, for: .directory(link.externalID, dn: link.dn))
        return try await directoryTurns.take(link.externalID) { () async throws(AccessError) -> Bool in
            if credentials.caller(for: login, at: clock.now) != nil { return true }
            guard directoryLogins.mayAsk(about: link.externalID, digest: digest, now: clock.now) else { return false }
            guard !outages.isOut(directory.name, at: clock.now) else { throw Self.outage }
            do throws(DirectoryError) {
                let isRight = try await directorySource.verify(
                    dn: link.dn, externalID: link.externalID, password: secret, settings: directory.settings)
                if isRight {
                    directoryLogins.succeeded(link.externalID, digest: digest)
                } else {
                    directoryLogins.failed(link.externalID, digest: digest, now: clock.now)
                }
                return isRight
            } catch {
                note(error, of: directory)
                throw Self.outage
            }
        }
    }

    /// Makes the account of a person whom a directory knows and whose password it accepts, where
    /// the directory's settings make accounts at the first login. Its teams come with the next
    /// synchronisation, which is asked for at once.
    /// - Returns: nil if there is no such person.
    /// - Throws: `.directory` while a directory whose people log in is out of reach, whatever the
    ///   name: its people must not be told from others by the answer.
    func makeAccount(
        atLoginOf login: LoginName, secret: String, digest: [UInt8]
    ) async throws(AccessError) -> Account? {
        let directories = try await store.read { (reader) throws(AccessError) in
            try reader.directories().map(\.value).filter(\.settings.allowsLogin)
                .map { (directory) throws(AccessError) in
                    (directory, try reader.directorySecret(directory.name))
                }
        }
        for (directory, sealed) in directories where directory.settings.justInTime {
            guard let asked = login.asked(of: directory.settings), !outages.isOut(directory.name, at: clock.now) else {
                continue
            }
            let person: DirectoryUser?
            do throws(DirectoryError) {
                person = try await directorySource.find(
                    login: asked, directory.settings,
                    bindPassword: try? bindPassword(of: directory, sealed: sealed))
            } catch {
                note(error, of: directory)
                continue
            }
            // Directories compare with more in mind than case: without spaces at the ends, without accents.
            guard let person, asked.isExactly(of: person), person.inactiveReason(at: clock.now) == nil else { continue }
            let link = DirectoryLink(
                directory: directory.name, externalID: person.externalID, dn: person.dn,
                principalName: person.principalName)
            guard let name = try? AccountName(person.login?.lowercasedASCII ?? ""),
                try await isRight(secret, login: digest, for: link, in: directory)
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
        guard !directories.contains(where: { outages.isOut($0.0.name, at: clock.now) }) else { throw Self.outage }
        return nil
    }

    /// Where the directory is, and what is wrong with it, is for the log and its administrators.
    func note(_ error: DirectoryError, of directory: Directory) {
        switch error {
        case .unreachable, .tlsRefused: outages.note(directory.name, at: clock.now)
        // Of one person, or of the settings: nobody waits long for these.
        case .bindRefused, .unusable, .incomplete, .cancelled: break
        }
        logger.warning(
            "a directory cannot tell a password",
            metadata: ["directory": "\(directory.name)", "reason": "\(error)"])
    }

    static var outage: AccessError {
        .directory(.unreachable(reason: "logging in with its passwords is not possible just now"))
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
