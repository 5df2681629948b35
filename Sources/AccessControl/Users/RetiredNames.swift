public import AccessModel

/// Names of deleted accounts, ordered by name.
public struct ListRetiredNames: Query {
    public var page: Page

    public init(page: Page = Page()) { self.page = page }

    public func answer(in context: ReadContext) throws(AccessError) -> [RetiredName] {
        try context.require(.administer, to: "read retired names")
        return try context.reader.retiredNames(page)
    }
}

/// Gives a retired name back for use, after the registry is known to hold nothing there.
public struct FreeRetiredName: Command {
    public var name: AccountName

    public init(name: AccountName) { self.name = name }

    public func perform(in context: WriteContext) throws(AccessError) {
        try context.require(.administer, to: "free retired names")
        guard let retired = try context.writer.retiredName(name) else {
            throw .notFound(kind: "retired name", name: name.rawValue)
        }
        try context.delete(.retiredName(retired.value))
    }
}
