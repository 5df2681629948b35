/// A place for resources of the control plane. Collections are a tree with `/` on top.
public struct ResourceCollection: FactValue {
    public static let kind = Fact.Kind.collection
    public var key: FactKey { .collection(id) }
    public var changeKeys: [ChangeKey] {
        [.identity(id), .everything] + (parent.map { [.identity($0)] } ?? [])
            + (owner.map { [.identity($0)] } ?? [])
    }
    public var concerned: [Concerned] {
        [.collection(id)] + (parent.map { [.collection($0)] } ?? []) + (owner.map { [.account($0)] } ?? [])
    }
    public var named: [FactKey] {
        [key] + (parent.map { [.collection($0)] } ?? []) + (owner.map { [.account($0)] } ?? [])
    }

    public var id: CollectionID
    /// In the one above. Empty for `/`, and for somebody's own, which is called as they are.
    public var name: String
    /// nil for `/`.
    public var parent: CollectionID?
    /// The user whose private collection it is.
    public var owner: AccountID?

    public init(id: CollectionID, name: CollectionName, parent: CollectionID) {
        (self.id, self.name, self.parent) = (id, name.rawValue, parent)
    }

    /// The private collection of a user. It is a fact only once something is in it.
    public init(id: CollectionID, owner: AccountID) {
        (self.id, name, parent, self.owner) = (id, "", Self.privates.id, owner)
    }

    package init(storedID id: CollectionID, name: String, parent: CollectionID?, owner: AccountID?) {
        (self.id, self.name, self.parent, self.owner) = (id, name, parent, owner)
    }

    /// Those that every installation has, each behind the one above it. They are not moved, renamed or deleted.
    public static let fixed: [ResourceCollection] = [root, system, shared, privates]
    public static let root = ResourceCollection(
        storedID: CollectionID(rawValue: "root"), name: "", parent: nil, owner: nil)
    /// For what runs the cluster: managers, registry nodes.
    public static let system: ResourceCollection = made("system", CollectionName.system, below: root)
    public static let shared = made("shared", .shared, below: root)
    /// Below it everybody has a collection of their own.
    public static let privates = made("private", .private, below: shared)

    public var isFixed: Bool { Self.fixed.contains { $0.id == id } }

    private static func made(_ id: String, _ name: CollectionName, below parent: Self) -> Self {
        Self(id: CollectionID(rawValue: id), name: name, parent: parent.id)
    }

    enum CodingKeys: String, CodingKey {
        case id, name, owner, parent
    }
}

public typealias CollectionID = Identifier<ResourceCollection>
