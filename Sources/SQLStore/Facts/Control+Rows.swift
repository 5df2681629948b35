import AccessControl
import AccessModel
import StrictJSON

// The facts of the control plane.

extension Role: StoredFact {
    static let blank = Role(id: RoleID(rawValue: ""), name: RoleName(trusted: ""))
    static let table = FactTable("roles", of: blank)
    static let listing = table.select + " ORDER BY id"

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        let written = JSONValue.array(operations.map { .string($0.description) }).serialized
        var (name, json) = (self.name.rawValue, written)
        try coder.flag("built_in", &isBuiltIn, default: false, isSparse: true)
        try coder.text("description", &description, default: "")
        try coder.identity(.key("id"), &id)
        try coder.text("name", &name)
        try coder.json("operations", &json)
        self.name = RoleName(trusted: name)
        if json != written { operations = try Self.operations(in: json) }
    }

    private static func operations(in json: String) throws(AccessError) -> [ControlOperation] {
        let words = try StoredJSON.read([String].self, from: json)
        do throws(NameError) {
            return try words.map { (word) throws(NameError) in try ControlOperation(pattern: word) }
        } catch {
            throw .storage(.damaged("a stored role has an unknown operation: \(error)"))
        }
    }

    var fact: Fact { .role(self) }
}

extension ResourceCollection: StoredFact {
    static let blank = ResourceCollection.root
    static let table = FactTable("collections", of: blank)

    /// Parents before children, as teams are.
    static let listing = """
        WITH RECURSIVE depths (id, depth) AS (
            SELECT id, 0 FROM collections WHERE parent_id IS NULL
            UNION ALL
            SELECT collections.id, depth + 1 FROM collections JOIN depths ON collections.parent_id = depths.id
        )
        \(table.select) LEFT JOIN depths ON depths.id = collections.id
        ORDER BY depth IS NULL, depth, collections.id
        """

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        try coder.identity(.key("id"), &id)
        try coder.text("name", &name)
        try coder.identity(.init("owner", column: "owner_id"), &owner)
        try coder.identity(.init("parent", column: "parent_id"), &parent)
    }

    var fact: Fact { .collection(self) }
}

extension ControlGrant: StoredFact {
    static let blank = ControlGrant(
        subject: .everyone, role: RoleID(rawValue: ""), collection: CollectionID(rawValue: ""))
    static let table = FactTable(
        "control_grants", of: blank, parts: ["subject_id", "collection_id", "role_id"])
    static let listing = table.select + " ORDER BY subject_id, collection_id, role_id"

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        var (id, kind) = (subject.id, subject.kind)
        try coder.identity(.key("collection", column: "collection_id"), &collection)
        try coder.time("expires_at", &expiresAt)
        try coder.identity(.key("role", column: "role_id"), &role)
        try coder.text(.key("subject_id"), &id)
        try coder.text("subject_kind", &kind)
        guard let subject = ControlSubject(kind: kind, id: id) else { throw coder.damaged("subject_kind") }
        self.subject = subject
    }

    var fact: Fact { .controlGrant(self) }
}

extension Site: StoredFact {
    static let blank = Site(
        id: SiteID(rawValue: ""), form: .cluster, name: SiteName(trusted: ""), collection: CollectionID(rawValue: ""))
    static let table = FactTable("sites", of: blank)
    static let listing = table.select + " ORDER BY id"

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        var name = self.name.rawValue
        try coder.identity(.init("agent", column: "agent_id"), &agent)
        try coder.identity(.init("collection", column: "collection_id"), &collection)
        try coder.word("form", &form)
        try coder.identity(.key("id"), &id)
        try coder.text("name", &name)
        self.name = SiteName(trusted: name)
    }

    var fact: Fact { .site(self) }
}

extension Placement: StoredFact {
    static let blank = Placement(
        PlacedResource(type: "", site: nil, id: ""), in: CollectionID(rawValue: ""))
    static let table = FactTable("placements", of: blank, parts: ["type", "site_id", "resource_id"])
    static let listing = table.select + " ORDER BY type, site_id, resource_id"

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        var (type, site, id) = (resource.type, resource.siteKey, resource.id)
        try coder.identity(.init("collection", column: "collection_id"), &collection)
        try coder.text(.key("id", column: "resource_id"), &id)
        try coder.text(.key("site", column: "site_id"), &site)
        try coder.text(.key("type"), &type)
        resource = PlacedResource(
            type: type, site: site == PlacedResource.noSite ? nil : SiteID(rawValue: site), id: id)
    }

    var fact: Fact { .placement(self) }
}

extension ControlSettings: StoredFact {
    static let blank = ControlSettings()
    static let table = FactTable("control_settings", of: blank)
    static let listing = table.select

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        var id = Self.id
        try coder.identity(.init("default_role", column: "default_role_id"), &defaultRole)
        try coder.text(.key("id"), &id)
    }

    var fact: Fact { .controlSettings(self) }
}
