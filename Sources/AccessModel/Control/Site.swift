/// A Kubernetes cluster or a Docker Engine that asks; a Swarm is one engine.
public struct Site: FactValue {
    public static let kind = Fact.Kind.site
    public var key: FactKey { .site(id) }
    public var changeKeys: [ChangeKey] {
        [.identity(id), .identity(collection), .everything] + (agent.map { [.identity($0)] } ?? [])
    }
    public var concerned: [Concerned] {
        [.collection(collection)] + (agent.map { [.owner(.serviceAccount, $0.rawValue)] } ?? [])
    }
    public var named: [FactKey] { [key, .collection(collection)] + (agent.map { [.serviceAccount($0)] } ?? []) }

    public enum Form: String, Hashable, Sendable, Codable, CaseIterable {
        case cluster, engine
    }

    public var id: SiteID
    public var form: Form
    /// One of each form may have it.
    public var name: SiteName
    /// Where its resources are that are nowhere else.
    public var collection: CollectionID
    /// The service account that may ask for it; nil while nobody may.
    public var agent: ServiceAccountID?

    public init(
        id: SiteID, form: Form, name: SiteName, collection: CollectionID, agent: ServiceAccountID? = nil
    ) {
        (self.id, self.form, self.name, self.collection, self.agent) = (id, form, name, collection, agent)
    }

    enum CodingKeys: String, CodingKey {
        case id, form, name, collection, agent
    }
}

public typealias SiteID = Identifier<Site>

/// What a cluster or an engine is called: as a part of a repository's path.
public struct SiteName: Hashable, Sendable, Comparable, Encodable, CustomStringConvertible {
    public let rawValue: String

    public init(_ text: some StringProtocol) throws(NameError) {
        rawValue = try TeamName(text, kind: "name of a cluster or an engine").rawValue
    }

    package init(trusted text: String) { rawValue = text }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    public var description: String { rawValue }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// That a resource is in a collection, whatever is said of it elsewhere.
public struct Placement: FactValue {
    public static let kind = Fact.Kind.placement
    public var key: FactKey { FactKey(Self.kind, resource.type, resource.siteKey, resource.id) }
    public var changeKeys: [ChangeKey] {
        [.identity(collection), .everything] + (resource.site.map { [.identity($0)] } ?? [])
    }
    public var concerned: [Concerned] { [.collection(collection)] }
    public var named: [FactKey] { [.collection(collection)] + (resource.site.map { [.site($0)] } ?? []) }

    public var resource: PlacedResource
    public var collection: CollectionID

    public init(_ resource: PlacedResource, in collection: CollectionID) {
        (self.resource, self.collection) = (resource, collection)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(collection, forKey: .collection)
        try container.encode(resource.id, forKey: .id)
        try container.encode(resource.siteKey, forKey: .site)
        try container.encode(resource.type, forKey: .type)
    }

    enum CodingKeys: String, CodingKey {
        case collection, id, site, type
    }
}

/// What may be placed: a namespace of a cluster, something of an engine, or what others ask about.
public struct PlacedResource: Hashable, Sendable {
    /// `namespace`, a type of an engine, or one of others.
    public let type: String
    /// nil for a type of others.
    public let site: SiteID?
    /// 1 to 512 characters.
    public let id: String

    public init(type: String, site: SiteID?, id: String) {
        (self.type, self.site, self.id) = (type, site, id)
    }

    /// How a site, or that there is none, is written where a text has to be.
    package var siteKey: String { site?.rawValue ?? Self.noSite }
    package static let noSite = "-"
}

/// What holds for the whole control plane. One fact.
public struct ControlSettings: FactValue {
    public static let kind = Fact.Kind.controlSettings
    package static let id = "settings"
    public var key: FactKey { FactKey(Self.kind, Self.id) }
    public var changeKeys: [ChangeKey] { [.identity(Self.id), .everything, .identity(defaultRole)] }
    public var concerned: [Concerned] { [] }
    public var named: [FactKey] { [.role(defaultRole)] }

    /// What everybody has in their own private collection.
    public var defaultRole: RoleID

    public init(defaultRole: RoleID = Role.restrictedControl.id) { self.defaultRole = defaultRole }

    enum CodingKeys: String, CodingKey {
        case defaultRole = "default_role"
    }
}
