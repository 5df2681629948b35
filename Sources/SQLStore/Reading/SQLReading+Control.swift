import AccessControl
import AccessModel

// The control plane.
extension SQLReading {
    func role(_ id: RoleID) throws(AccessError) -> Stored<Role>? { try one("WHERE id = ?", .text(id.rawValue)) }

    func roles() throws(AccessError) -> [Stored<Role>] { try all("ORDER BY name") }

    func collection(_ id: CollectionID) throws(AccessError) -> Stored<ResourceCollection>? {
        try one("WHERE id = ?", .text(id.rawValue))
    }

    func privateCollectionOwners() throws(AccessError) -> Set<AccountID> {
        let query = "SELECT owner_id FROM collections WHERE owner_id IS NOT NULL"
        return Set(
            try connection.rows(query, []) { (row) throws(AccessError) in
                AccountID(rawValue: try row.requiredText(0))
            })
    }

    func controlGrant(
        _ subject: ControlSubject, _ role: RoleID, on collection: CollectionID
    ) throws(AccessError) -> Stored<ControlGrant>? {
        try one(
            "WHERE collection_id = ? AND role_id = ? AND subject_id = ? AND subject_kind = ?",
            .text(collection.rawValue), .text(role.rawValue), .text(subject.id), .text(subject.kind))
    }

    func controlGrants() throws(AccessError) -> [Stored<ControlGrant>] { try all("") }

    func controlGrants(on collection: CollectionID) throws(AccessError) -> [Stored<ControlGrant>] {
        try all("WHERE collection_id = ?", .text(collection.rawValue))
    }

    func controlGrants(to subject: ControlSubject) throws(AccessError) -> [Stored<ControlGrant>] {
        try all("WHERE subject_id = ? AND subject_kind = ?", .text(subject.id), .text(subject.kind))
    }

    func controlGrants(of role: RoleID) throws(AccessError) -> [Stored<ControlGrant>] {
        try all("WHERE role_id = ?", .text(role.rawValue))
    }

    func site(_ id: SiteID) throws(AccessError) -> Stored<Site>? { try one("WHERE id = ?", .text(id.rawValue)) }

    func sites(in collection: CollectionID) throws(AccessError) -> [Stored<Site>] {
        try all("WHERE collection_id = ?", .text(collection.rawValue))
    }

    func sites(withAgent agent: ServiceAccountID) throws(AccessError) -> [Stored<Site>] {
        try all("WHERE agent_id = ?", .text(agent.rawValue))
    }

    func placement(of resource: PlacedResource) throws(AccessError) -> Stored<Placement>? {
        try one(
            "WHERE resource_id = ? AND site_id = ? AND type = ?", .text(resource.id), .text(resource.siteKey),
            .text(resource.type))
    }

    func placements() throws(AccessError) -> [Stored<Placement>] { try all("") }

    func placements(in collection: CollectionID) throws(AccessError) -> [Stored<Placement>] {
        try all("WHERE collection_id = ?", .text(collection.rawValue))
    }

    func placements(at site: SiteID) throws(AccessError) -> [Stored<Placement>] {
        try all("WHERE site_id = ?", .text(site.rawValue))
    }

    func controlSettings() throws(AccessError) -> Stored<ControlSettings>? { try one("") }
}
