public import AccessModel

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
