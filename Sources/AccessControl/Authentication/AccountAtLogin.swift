import AccessModel

extension Authentication {
    /// Makes the account of a person whom a directory knows and whose password it accepts, where
    /// the directory's settings make accounts at the first login. Its teams come with the next
    /// synchronisation, which is asked for at once.
    /// - Returns: nil if there is no such person.
    func makeAccount(atLogin attempt: PasswordAttempt) async throws(AccessError) -> Account? {
        let known = try await store.read { (reader) throws(AccessError) in
            try reader.directories().map(\.value).filter(\.settings.allowsLogin)
                .map { (directory) throws(AccessError) in
                    (directory, try reader.directorySecret(directory.name))
                }
        }
        for (directory, sealed) in known where directory.settings.justInTime {
            guard let asked = attempt.login.asked(of: directory.settings),
                !directories.outages.isOut(directory.name, at: clock.now)
            else {
                continue
            }
            let person: DirectoryUser?
            do throws(DirectoryError) {
                person = try await directories.source.find(
                    login: asked, directory.settings,
                    bindPassword: try? directories.bindPassword(of: directory, sealed: sealed))
            } catch {
                _ = directories.loginFailure(error, of: directory)
                continue
            }
            // Directories compare with more in mind than case: without spaces at the ends, without accents.
            guard let person, asked.isExactly(of: person), person.inactiveReason(at: clock.now) == nil else { continue }
            let link = DirectoryLink(
                directory: directory.name, externalID: person.externalID, dn: person.dn,
                principalName: person.principalName)
            guard let name = try? AccountName(person.login?.lowercasedASCII ?? ""),
                try await isAccepted(attempt, of: link, by: directory)
            else { continue }
            do throws(AccessError) {
                let command = MakeAccountAtLogin(name: name, person: person, directory: directory.name)
                let made = try await transactions.perform(
                    command, as: Caller(actor: .directory(directory.name), proof: .file)
                ).value
                syncRequests.add(directory.name)
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
                throw .conflict(code: .inactive, detail: "the account \(known.name) is inactive")
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
