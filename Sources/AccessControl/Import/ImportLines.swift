public import AccessModel
public import Foundation

/// Makes everything that the lines name, all or nothing. For things that exist, absent members
/// keep their value.
public struct ImportLines: Command {
    /// JSON Lines; empty lines are passed over.
    public var text: Data
    /// What all lines have to be about; nil for anything. An owner may import what is their organisation's.
    public var organization: AccountName?
    /// Called now and then with the number of bytes done.
    public var progress: @Sendable (Int) -> Void

    public init(
        text: Data, organization: AccountName? = nil, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.text = text
        self.organization = organization
        self.progress = progress
    }

    public struct Summary: Hashable, Sendable {
        public var lines = 0
        public var changes = 0
        /// Grants that have ended by now, and are passed over: they gave something when the file was written.
        public var ended = 0
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Summary {
        if let organization {
            let id = try context.organization(organization).value.id
            try context.require(.manageOrganization(id), to: "import into \(organization)")
        } else {
            try context.require(
                .administer,
                to: "import everything: an owner imports into their organisation, by its name (--org, ?org=)")
        }
        var lines = DecodedLines(text)
        var summary = Summary()
        while let line = lines.next() {
            let content = try line.content.get()
            do throws(AccessError) {
                if let organization, content.namespace != organization {
                    throw .forbidden(
                        "it is about \(content.namespace?.rawValue ?? "a user"), and an import into \(organization) is about "
                            + "that alone")
                }
                if let end = content.end, end <= context.now {
                    summary.ended += 1
                } else {
                    try content.put(in: context)
                }
            } catch {
                throw error.isAboutInput ? .importLine(line: line.number, reason: error.description) : error
            }
            summary.lines += 1
            if summary.lines % 1_000 == 0 { progress(line.end - text.startIndex) }
        }
        progress(text.count)
        summary.changes = context.changeCount
        return summary
    }
}

extension AccessError {
    /// Whether the one who wrote the request can mend it, as opposed to a failing disk.
    var isAboutInput: Bool {
        switch self {
        case .notFound, .invalid, .unusable, .conflict, .forbidden, .beyondOwnRights: true
        default: false
        }
    }
}
