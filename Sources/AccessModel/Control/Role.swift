/// A named set of operations, the same for everybody.
public struct Role: FactValue {
    public static let kind = Fact.Kind.role
    public var key: FactKey { .role(id) }
    public var changeKeys: [ChangeKey] { [.identity(id), .everything] }
    public var concerned: [Concerned] { [] }
    public var named: [FactKey] { [key] }

    public var id: RoleID
    public var name: RoleName
    public var description: String
    /// In order, each once.
    public var operations: [ControlOperation] { didSet { operations = Self.canonical(operations) } }
    /// Whether it came with Portreeve, which alone changes it.
    public var isBuiltIn: Bool

    public init(
        id: RoleID, name: RoleName, description: String = "", operations: [ControlOperation] = [],
        isBuiltIn: Bool = false
    ) {
        (self.id, self.name, self.description, self.isBuiltIn) = (id, name, description, isBuiltIn)
        self.operations = Self.canonical(operations)
    }

    private static func canonical(_ operations: [ControlOperation]) -> [ControlOperation] {
        Set(operations).sorted()
    }

    enum CodingKeys: String, CodingKey {
        case id, name, description, operations
        case isBuiltIn = "built_in"
    }
}

public typealias RoleID = Identifier<Role>

/// What a role is called: 1 to 100 characters of any script, without spaces at its ends and without control characters.
public struct RoleName: Hashable, Sendable, Comparable, Encodable, CustomStringConvertible {
    public let rawValue: String

    public init(_ text: some StringProtocol) throws(NameError) {
        let text = String(text)
        guard (1...100).contains(text.count), text.utf8.count <= 400, text.first != " ", text.last != " ",
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control || $0 == "/" })
        else {
            throw NameError(
                "role name", text,
                "it has 1 to 100 characters, no space at its beginning or end, no '/' and no control characters")
        }
        rawValue = text
    }

    package init(trusted text: String) { rawValue = text }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    public var description: String { rawValue }

    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}
