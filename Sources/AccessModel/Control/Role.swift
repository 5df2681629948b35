/// A named set of operations, the same for everybody.
public struct Role: Hashable, Sendable {
    public var id: RoleID
    public var name: String
    public var description: String
    /// In order, each once.
    public private(set) var operations: [ControlOperation]
    /// Whether it came with Portreeve, which alone changes it.
    public var isBuiltIn: Bool

    public init(
        id: RoleID, name: String, description: String = "", operations: some Sequence<ControlOperation>,
        isBuiltIn: Bool = false
    ) {
        (self.id, self.name, self.description, self.isBuiltIn) = (id, name, description, isBuiltIn)
        self.operations = Set(operations).sorted()
    }

    public mutating func set(operations: some Sequence<ControlOperation>) { self.operations = Set(operations).sorted() }
}

public typealias RoleID = Identifier<Role>
