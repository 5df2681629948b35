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
        let owners = try Owners(after: after, in: context.reader)
        var found: [LoggedChange] = []
        var last = after
        while found.count < limit {
            let batch = try context.reader.changes(after: last, limit: 1_000)
            guard let end = batch.last else { break }
            for entry in batch where try owners.concerns(entry, account) { found.append(entry) }
            last = end.revision
        }
        return Array(found.prefix(limit))
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

/// To which account teams, repositories and service accounts belonged at each entry: those that are gone or
/// were moved by a later one are still the old owner's.
private struct Owners {
    private let reader: any StoreReader
    /// Up to which entry something was whose, oldest first.
    private var earlier: [String: [(end: Revision, owner: AccountID)]] = [:]

    init(after revision: Revision, in reader: any StoreReader) throws(AccessError) {
        self.reader = reader
        var last = revision
        while true {
            let batch = try reader.changes(after: last, limit: 1_000)
            guard let end = batch.last else { return }
            for entry in batch {
                guard let (id, owner) = entry.change.before.flatMap(Self.owned),
                    entry.change.after.flatMap(Self.owned)?.owner != owner
                else { continue }
                earlier[id, default: []].append((entry.revision, owner))
            }
            last = end.revision
        }
    }

    private static func owned(_ fact: Fact) -> (id: String, owner: AccountID)? {
        switch fact {
        case .team(let team): (team.id.rawValue, team.organization)
        case .repository(let repository): (repository.id.rawValue, repository.namespace)
        case .serviceAccount(let service): (service.id.rawValue, service.owner)
        default: nil
        }
    }

    /// Whether an entry is about an account: what was there before, or what is there after it.
    func concerns(_ entry: LoggedChange, _ account: AccountID) throws(AccessError) -> Bool {
        for fact in [entry.change.before, entry.change.after].compactMap(\.self)
        where try concerns(fact, at: entry.revision, account) { return true }
        return false
    }

    private func concerns(_ fact: Fact, at revision: Revision, _ account: AccountID) throws(AccessError) -> Bool {
        switch fact {
        case .account(let changed): return changed.id == account
        case .organizationMember(let member): return member.organization == account || member.user == account
        case .team, .serviceAccount, .repository: return Self.owned(fact)?.owner == account
        case .teamMember(let member):
            if member.user == account { return true }
            return try owner(of: member.team.rawValue, at: revision) { (reader) throws(AccessError) in
                try reader.team(member.team)?.value.organization
            } == account
        case .grant(let grant):
            if grant.subject == .user(account) || grant.target == .namespace(account) { return true }
            guard case .repository(let id) = grant.target else { return false }
            return try owner(of: id.rawValue, at: revision) { (reader) throws(AccessError) in
                try reader.repository(id)?.value.namespace
            } == account
        case .password(let password): return password.account == account
        case .accessToken(let token):
            switch token.holder {
            case .user(let holder): return holder == account
            case .serviceAccount(let id):
                return try owner(of: id.rawValue, at: revision) { (reader) throws(AccessError) in
                    try reader.serviceAccount(id)?.value.owner
                } == account
            }
        case .retiredName, .directory: return false
        }
    }

    private func owner(
        of id: String, at revision: Revision, now: (any StoreReader) throws(AccessError) -> AccountID?
    ) throws(AccessError) -> AccountID? {
        if let past = earlier[id]?.first(where: { revision <= $0.end }) { return past.owner }
        return try now(reader)
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
        return try await store.read { (reader) throws(AccessError) in try reader.verify(head: head) }
    }

    /// Writes a consistent copy of the database into a new file on this machine.
    /// - Parameter withKeys: also copies the keys, each into a file beside it.
    public func backup(to path: String, withKeys: Bool, as caller: Caller) async throws(AccessError) {
        guard published.current.allows(caller.actor, .administer, at: clock.now) else {
            throw .forbidden("you may not make backups")
        }
        do throws(AccessError) {
            try await store.backup(to: path)
        } catch {
            guard case .storage(.failed(let reason)) = error else { throw error }
            throw .invalid(field: "path", value: path, reason: reason)
        }
        guard withKeys else { return }
        for (suffix, file) in settings.keyFiles where FileManager.default.fileExists(atPath: file) {
            do {
                try FileManager.default.copyItem(atPath: file, toPath: path + suffix)
            } catch {
                throw .conflict(code: "file-exists", detail: "the key \(file) could not be copied to \(path)\(suffix)")
            }
        }
    }
}
