// Each change moves the entry's uSNChanged and the server's counter, as far as nothing else is said. A
// name that does not exist, or exists already, is an error.
extension WindowsDirectory {
    /// Adds an entry below an existing one. Windows' own attributes need not be given; a given objectGUID
    /// or objectSid is in its usual text form. Member names that belong to no entry stay as they are.
    package func add(_ dn: String, _ attributes: [(String, [String])]) throws {
        try state.withLock { try $0.database.add(dn, attributes) }
    }

    /// Adds an enabled person.
    /// - Returns: the DN.
    @discardableResult
    package func addUser(
        _ login: String, in container: String = users, _ attributes: [(String, [String])] = []
    ) throws -> String {
        let dn = "CN=\(WindowsName.escaped(login)),\(container)"
        let own = [
            ("objectClass", ["user"]), ("sAMAccountName", [login]),
            ("userPrincipalName", ["\(login)@win.example.com"]), ("displayName", [login]),
        ]
        try add(dn, own.filter { own in !attributes.contains { $0.0 == own.0 } } + attributes)
        return dn
    }

    /// Adds a security group.
    /// - Returns: the DN.
    @discardableResult
    package func addGroup(_ name: String, in container: String = users, members: [String] = []) throws -> String {
        let dn = "CN=\(WindowsName.escaped(name)),\(container)"
        try add(dn, [("objectClass", ["group"]), ("sAMAccountName", [name]), ("member", members)])
        return dn
    }

    /// Adds an organisational unit.
    /// - Returns: the DN.
    @discardableResult
    package func addUnit(_ name: String, in container: String = base) throws -> String {
        let dn = "OU=\(WindowsName.escaped(name)),\(container)"
        try add(dn, [("objectClass", ["organizationalUnit"])])
        return dn
    }

    /// No values empty the attribute.
    package func replace(_ dn: String, _ attribute: String, _ values: [String]) throws {
        try state.withLock { try $0.database.replace(dn, attribute, values) }
    }

    package func addMember(_ members: String..., to group: String) throws {
        try state.withLock { try $0.database.addMembers(members, to: group) }
    }

    package func removeMember(_ members: String..., from group: String) throws {
        try state.withLock { try $0.database.removeMembers(members, from: group) }
    }

    /// Renames or moves an entry. The names of entries below it and those in `member` follow, but no
    /// uSNChanged but its own moves.
    package func rename(_ dn: String, to new: String) throws {
        try state.withLock { try $0.database.rename(dn, to: new) }
    }

    /// Makes a tombstone of an entry without children. It leaves all groups, whose uSNChanged stay.
    package func delete(_ dn: String) throws { try state.withLock { try $0.database.delete(dn) } }

    /// Removes the tombstones for good, as Windows does after months.
    package func expungeTombstones() { state.withLock { $0.database.expungeTombstones() } }

    /// All entries as they are at a time, to be restored later.
    package struct Backup: Sendable {
        fileprivate let database: WindowsDatabase
    }

    package func backup() -> Backup { state.withLock { Backup(database: $0.database) } }

    /// As a virtual machine that is set back, whose server does not notice: the same invocationId, and the counter of
    /// changes as it was.
    package func restore(_ backup: Backup) { state.withLock { $0.database = backup.database } }

    // MARK: - Reading

    package var highestCommittedUSN: Int { state.withLock { $0.database.usn } }

    /// The values of an attribute, all of them. A tombstone can be named as well.
    package func values(of attribute: String, at dn: String) throws -> [[UInt8]] {
        try state.withLock { state in
            state.database.values(attribute.lowercased(), of: try state.database.get(dn))
        }
    }

    package func texts(of attribute: String, at dn: String) throws -> [String] {
        try values(of: attribute, at: dn).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The objectGUID, as `f81d4fae-7dec-11d0-a765-00a0c91e6bf6`.
    package func guid(_ dn: String) throws -> String {
        try state.withLock { WindowsIdentity.text(guid: try $0.database.get(dn).guid) }
    }

    /// The objectSid, as `S-1-5-21-…-1105`.
    package func sid(_ dn: String) throws -> String {
        let bytes = try values(of: "objectSid", at: dn).first ?? []
        let parts = stride(from: 8, to: bytes.count, by: 4).map { place in
            bytes[place..<place + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        return "S-1-5-" + parts.map(String.init).joined(separator: "-")
    }

    /// The present name of an entry, tombstones included; nil if there is none with this objectGUID.
    package func dn(guid: String) -> String? {
        state.withLock { state in
            WindowsIdentity.guid(guid).flatMap { state.database.find(guid: $0)?.name.text }
        }
    }

    /// The entry's uSNChanged.
    package func usn(_ dn: String) throws -> Int { try state.withLock { try $0.database.get(dn).usn } }
}
