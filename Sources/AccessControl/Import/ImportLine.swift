import AccessModel
import StrictJSON

/// One kind of line of the import and export format: JSON Lines, one thing each.
protocol ImportLine: Sendable {
    /// The word of the line's member `kind`.
    static var kind: String { get }

    /// Reads the members beside `kind`.
    init(_ line: inout JSONMembers) throws(JSONError)

    /// The members beside `kind`; null says nothing.
    var members: [JSONValue.Member] { get }

    /// Whose it is; nil for what belongs to nobody.
    var namespace: AccountName? { get }

    /// When what it gives ends; nil for what says nothing of it.
    var end: Timestamp? { get }

    /// Makes what the line says, or changes it: absent members keep their value.
    func put(in context: WriteContext) throws(AccessError)

    /// Everything of this kind that there is.
    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError)
}

extension ImportLine {
    var end: Timestamp? { nil }
}

/// A kind of line, type-erased.
struct ImportLineKind: Sendable {
    let word: String
    /// Reads the members beside `kind`.
    let read: @Sendable (inout JSONMembers) throws(JSONError) -> any ImportLine
    /// Visits every line of this kind.
    let forEach: @Sendable (ExportedWorld, (any ImportLine) throws(AccessError) -> Void) throws(AccessError) -> Void

    private init<Line: ImportLine>(_ type: Line.Type) {
        word = Line.kind
        read = { (members) throws(JSONError) in try Line(&members) }
        forEach = { (world, visit) throws(AccessError) in
            try Line.forEach(in: world) { (line) throws(AccessError) in try visit(line) }
        }
    }

    /// In an order in which each names only what came before it.
    static let all = [
        Self(UserLine.self), Self(OrganizationLine.self), Self(OrganizationMemberLine.self), Self(TeamLine.self),
        Self(TeamMemberLine.self), Self(ServiceAccountLine.self), Self(RepositoryLine.self), Self(GrantLine.self),
        Self(NamespaceLine.self), Self(RoleLine.self), Self(CollectionLine.self), Self(ControlGrantLine.self),
        Self(ClusterLine.self), Self(EngineLine.self), Self(PlacementLine.self), Self(ControlPlaneLine.self),
    ]

    private static let byWord = Dictionary(uniqueKeysWithValues: all.map { ($0.word, $0) })

    static func line(parsing bytes: some Sequence<UInt8>) throws(JSONError) -> any ImportLine {
        var members = try JSONMembers(try JSONParser.parse(bytes))
        let word = try members.required(String.self, "kind")
        guard let kind = byWord[word] else {
            let words = all.map(\.word)
            throw JSONError(
                "use \(words.dropLast().joined(separator: ", ")) or \(words.last ?? "")", at: "kind", value: word)
        }
        let line = try kind.read(&members)
        try members.refuseUnknown()
        return line
    }
}

/// Who there is, for the kinds of lines to go through.
struct ExportedWorld {
    let context: ReadContext
    let users: [Account]
    let organizations: [Account]
    /// Both, ordered by name.
    let accounts: [Account]

    init(_ context: ReadContext) throws(AccessError) {
        self.context = context
        users = try context.reader.accounts(.user, .all).map(\.value)
        organizations = try context.reader.accounts(.organization, .all).map(\.value)
        accounts = (users + organizations).sorted { $0.name < $1.name }
    }

    var reader: any StoreReader { context.reader }
}

extension JSONValue.Member {
    init(_ name: String, _ value: some JSONWritable) { self.init(name: name, value: value.json) }
}
