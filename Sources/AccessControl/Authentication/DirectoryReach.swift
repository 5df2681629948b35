import AccessModel

extension AccessService {
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
}
