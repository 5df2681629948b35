public import AccessModel
import Foundation

/// Entries of the change log, oldest first.
public struct ListChanges: Query {
    public var after: Revision
    public var limit: Int
    /// Only what is about this account.
    public var subject: AccountName?

    public init(after: Revision = 0, limit: Int = 100, subject: AccountName? = nil) {
        self.after = after
        self.limit = limit
        self.subject = subject
    }

    public func answer(in context: ReadContext) throws(AccessError) -> [LoggedChange] {
        guard let account = try subjectOfReader(in: context) else {
            return try context.reader.changes(after: after, limit: limit)
        }
        return try context.reader.changes(about: account, after: after, limit: limit)
    }

    /// The account whose part is asked for; nil for the whole log. Refuses whoever may not read it.
    func subjectOfReader(in context: ReadContext) throws(AccessError) -> AccountID? {
        guard let subject else {
            try context.require(.administer, to: "read the whole change log: name a subject that you own")
            return nil
        }
        let account = try context.account(subject).value
        try context.require(.readChanges(of: account.id), to: "read the changes of \(subject)")
        return account.id
    }
}

extension AccessService {
    /// Checks the log, the rows and the file.
    /// - Parameter head: a hash noted before, which must be in the chain.
    public func verify(head: String?, as caller: Caller) async throws(AccessError) -> LogVerification {
        guard published.current.allows(caller.actor, .administer, at: clock.now) else {
            throw .forbidden("you may not verify the database")
        }
        if let head, head.utf8.count != 64 || !head.allSatisfy(\.isHexDigit) {
            throw .invalid(field: "head", value: head, reason: "a head is 64 hexadecimal digits, as `verify` prints it")
        }
        let now = clock.now
        return try await longReadings.pass(caller.actor) { () async throws(AccessError) in
            try await store.read { (reader) throws(AccessError) in try reader.verify(head: head, now: now) }
        }
    }

    /// How far the clock is behind the newest entry of the change log, in whole seconds; 0 if it is not.
    public func secondsBehindLog() async throws(AccessError) -> Int64 {
        let last = try await store.read { (reader) throws(AccessError) in try reader.lastChangeTime() }
        return max(0, last.map { clock.now.duration(to: $0).components.seconds } ?? 0)
    }

    /// Writes a consistent copy of the database into a new file on this machine. Whoever is not on the machine names
    /// one below the folder for backups.
    /// - Parameter withKeys: also copies the keys, each into a file beside it.
    /// - Returns: the path of the file.
    public func backup(to path: String, withKeys: Bool, as caller: Caller) async throws(AccessError) -> String {
        try require(.administer, of: caller, to: "make backups")
        let path = try backupPath(path, of: caller)
        do throws(AccessError) {
            try await store.backup(to: path)
        } catch {
            guard case .storage(.failed(let reason)) = error else { throw error }
            throw .invalid(field: "path", value: path, reason: reason)
        }
        guard withKeys else { return path }
        for (suffix, file) in settings.keyFiles where FileManager.default.fileExists(atPath: file) {
            do {
                try FileManager.default.copyItem(atPath: file, toPath: path + suffix)
            } catch {
                throw .conflict(code: .fileExists, detail: "the key \(file) could not be copied to \(path)\(suffix)")
            }
        }
        return path
    }

    private func backupPath(_ path: String, of caller: Caller) throws(AccessError) -> String {
        guard !path.utf8.contains(0) else {
            throw .invalid(field: "path", value: nil, reason: "it contains a NUL character: leave that out")
        }
        if caller.proof == .file { return path }
        guard let folder = settings.backupDirectory else {
            throw .conflict(
                code: .noBackupDirectory,
                detail: "set backup.directory to a folder of the service's machine, or run portreeve backup there")
        }
        guard let file = ConfinedFolder(folder).path(of: path) else {
            throw .invalid(field: "path", value: path, reason: "it is not below backup.directory")
        }
        return file
    }
}
