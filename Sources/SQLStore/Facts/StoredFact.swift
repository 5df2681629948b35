import AccessControl
import AccessModel

/// A fact as a row of its table and as JSON in the change log.
protocol StoredFact: Sendable {
    static var table: FactTable { get }
    /// How to visit the whole table: by key, or as `Store.forEachFact` asks otherwise.
    static var listing: String { get }
    /// One to be read into.
    static var blank: Self { get }

    /// Goes through the members in the order of their names in the log.
    mutating func code(_ coder: inout some FactCoder) throws(AccessError)

    // Requirements, so that each kind has its own code of them.

    /// Reads a row of `table.select`.
    init(row: any SQLRow) throws(AccessError)
    /// A value for each of `table.names`.
    func row(_ digests: PersonalDigests) throws(AccessError) -> [SQLValue]
    /// Reads what `json` wrote. Personal texts come as they are there: digests.
    init(json: String) throws(AccessError)
    /// As it is in the log.
    func json(_ digests: PersonalDigests) throws(AccessError) -> String

    var fact: Fact { get }
}

extension StoredFact {
    init(row: any SQLRow) throws(AccessError) {
        self = Self.blank
        var reader = RowReader(row, Self.table)
        try code(&reader)
    }

    func row(_ digests: PersonalDigests) throws(AccessError) -> [SQLValue] {
        var (copy, writer) = (self, RowWriter(digests, Self.table))
        try copy.code(&writer)
        return writer.values
    }

    init(json: String) throws(AccessError) {
        self = Self.blank
        var reader = try LogReader(json)
        try code(&reader)
        try reader.finish()
    }

    func json(_ digests: PersonalDigests) throws(AccessError) -> String {
        var (copy, writer) = (self, LogWriter(digests))
        try copy.code(&writer)
        return writer.finish()
    }
}

/// What stands in the log for an account's personal fields: nil for one that is empty or absent.
struct PersonalDigests: Hashable, Sendable {
    var fullName: String?
    var email: String?
    /// Of the place in a directory, which is made of the person's name.
    var dn: String?
    var principalName: String?

    static let none = PersonalDigests()
}

extension StoredFact {
    static func stored(_ row: any SQLRow) throws(AccessError) -> Stored<Self> {
        Stored(try Self(row: row), revision: try row.requiredInteger(table.revisionColumn))
    }
}

extension Fact {
    var stored: any StoredFact {
        switch self {
        case .account(let value): value
        case .organizationMember(let value): value
        case .team(let value): value
        case .teamMember(let value): value
        case .serviceAccount(let value): value
        case .repository(let value): value
        case .grant(let value): value
        case .role(let value): value
        case .collection(let value): value
        case .controlGrant(let value): value
        case .site(let value): value
        case .placement(let value): value
        case .controlSettings(let value): value
        case .retiredName(let value): value
        case .password(let value): value
        case .accessToken(let value): value
        case .directory(let value): value
        }
    }

    init(kind: Kind, json: String) throws(AccessError) {
        self = try kind.type.init(json: json).fact
    }
}

extension Fact.Kind {
    var type: any StoredFact.Type {
        switch self {
        case .account: Account.self
        case .organizationMember: OrganizationMember.self
        case .team: Team.self
        case .teamMember: TeamMember.self
        case .serviceAccount: ServiceAccount.self
        case .repository: Repository.self
        case .grant: Grant.self
        case .role: Role.self
        case .collection: ResourceCollection.self
        case .controlGrant: ControlGrant.self
        case .site: Site.self
        case .placement: Placement.self
        case .controlSettings: ControlSettings.self
        case .retiredName: RetiredName.self
        case .password: Password.self
        case .accessToken: AccessToken.self
        case .directory: Directory.self
        }
    }
}
