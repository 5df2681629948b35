import AccessModel
import Logging

/// How directories are asked, by synchronisations and at logins, and which of them are out of reach.
struct DirectoryConnections: Sendable {
    let source: any DirectorySource
    let secretBox: any SecretBox
    let secretFiles: any SecretFiles
    let store: any Store
    let clock: WallClock
    let logger: Logger
    let outages = DirectoryOutages()
    let refusals = LoginRefusals()
    let turns = Turns()

    /// Throws `.loginUnavailable` while a directory whose people log in is out of reach: until it is back, nobody
    /// can tell a wrong password from one that cannot be verified, and its people are not told from others.
    func requireDirectories() async throws(AccessError) {
        let directories = try await store.read { (reader) throws(AccessError) in
            try reader.directories().map(\.value).filter(\.settings.allowsLogin)
        }
        for directory in directories {
            if !outages.isKnown(directory.name, at: clock.now) {
                await turns.take("reach \(directory.name)") { await reach(directory) }
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
            try await source.reach(directory.settings)
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

    // MARK: For synchronisations

    /// Reads a directory, or what has changed in it since a mirror.
    func read(
        _ directory: Directory, sealed: [UInt8]?, since mirror: DirectoryMirror?, watching: Set<String>,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws(AccessError) -> DirectoryReading {
        let password = try bindPassword(of: directory, sealed: sealed)
        do throws(DirectoryError) {
            let reading = try await source.read(
                directory.settings, password: password, since: mirror, watching: watching, progress: progress)
            // Logins need not wait any longer for what is back.
            outages.note(directory.name, answered: true, at: clock.now)
            return reading
        } catch {
            noteContact(error, with: directory)
            throw .directory(error)
        }
    }

    /// The names of members from other forests, of which there are only SIDs.
    func names(
        of sids: Set<String>, in directory: Directory, sealed: [UInt8]?
    ) async throws(AccessError) -> [String: String] {
        let password = try bindPassword(of: directory, sealed: sealed)
        do throws(DirectoryError) {
            return try await source.names(of: sids, directory.settings, bindPassword: password)
        } catch {
            throw .directory(error)
        }
    }

    /// Looks once more at what would be removed.
    func look(
        again question: SecondLook, in directory: Directory, sealed: [UInt8]?
    ) async throws(AccessError) -> SecondLook.Answer {
        let password = try bindPassword(of: directory, sealed: sealed)
        do throws(DirectoryError) {
            return try await source.look(again: question, directory.settings, bindPassword: password)
        } catch {
            throw .directory(error)
        }
    }

    /// The password of the bind DN, from its file or from the database; nil for an anonymous bind.
    func bindPassword(of directory: Directory, sealed: [UInt8]?) throws(AccessError) -> String? {
        if let file = directory.settings.bind?.passwordFile {
            return try secretFiles.text(at: file, field: "bind.password_file")
        }
        guard let sealed else { return nil }
        do {
            return try secretBox.open(sealed, context: "directory:\(directory.name)")
        } catch {
            throw .directory(
                .unusable(
                    setting: "bind.password",
                    reason:
                        "it cannot be decrypted with the present key file: put the directory again with its password"))
        }
    }
}
