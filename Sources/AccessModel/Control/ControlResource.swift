/// What a question of the control plane is about. Where it is follows from what is known of it (`AccessGraph.place`).
public struct ControlResource: Hashable, Sendable {
    /// `collection`, `namespace`, a type of an engine, or one of others.
    public let type: String
    /// A collection's path; empty for what has no name yet, and for a whole cluster or engine.
    public let id: String
    /// The cluster or engine that it is at.
    public var site: SiteReference?
    /// What it says itself: an engine's label.
    public var label: CollectionPath?
    /// What somebody says of it who is believed.
    public var given: CollectionPath?
    /// Of a collection itself.
    let path: CollectionPath?

    public struct SiteReference: Hashable, Sendable {
        public let form: Site.Form
        public let name: SiteName

        public init(_ form: Site.Form, _ name: SiteName) { (self.form, self.name) = (form, name) }
    }

    public init(
        type: String, id: String, at site: SiteReference? = nil, label: CollectionPath? = nil,
        given: CollectionPath? = nil
    ) {
        (self.type, self.id, self.site, self.label, self.given) = (type, id, site, label, given)
        path = type == Self.collectionType ? try? CollectionPath(id) : nil
    }

    public init(_ path: CollectionPath) {
        (type, id, self.path) = (Self.collectionType, path.description, path)
    }

    public static let collectionType = "collection"
    /// Of a cluster.
    public static let namespaceType = "namespace"

    /// Whether a namespace of a cluster may be called so (RFC 1123, a label).
    public static func isNamespace(_ name: String) -> Bool {
        name.utf8.count <= 63 && name.wholeMatch(of: /[a-z0-9]([a-z0-9-]*[a-z0-9])?/) != nil
    }
}

extension ControlResource: CustomStringConvertible {
    public var description: String {
        guard type != Self.collectionType else { return id }
        let parts = [site?.name.rawValue ?? "", id].filter { !$0.isEmpty }
        return ([type] + (parts.isEmpty ? [] : [parts.joined(separator: "/")])).joined(separator: " ")
    }
}

/// "May they?" in the control plane: every one of the operations.
public struct ControlQuestion: Hashable, Sendable {
    public var subject: Principal
    public var operations: [ControlOperation]
    public var resource: ControlResource

    public init(subject: Principal, operations: [ControlOperation], resource: ControlResource) {
        (self.subject, self.operations, self.resource) = (subject, operations, resource)
    }
}
