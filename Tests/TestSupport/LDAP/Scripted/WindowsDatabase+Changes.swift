extension WindowsDatabase {
    mutating func add(_ dn: String, _ attributes: [(String, [String])]) throws {
        let name = WindowsName(dn)
        guard let parent = find(WindowsName(name.parentText)), !parent.isDeleted else {
            throw ServerError("\(dn) would have no parent")
        }
        try insert(name, attributes)
    }

    mutating func replace(_ dn: String, _ attribute: String, _ values: [String]) throws {
        let new = values.map { value(of: attribute, $0) }
        change(try get(dn).id) { $0.set(attribute, new, usn: $1) }
    }

    mutating func addMembers(_ members: [String], to group: String) throws {
        let entry = try get(group)
        let old = entry.attributes["member"]?.values ?? []
        let new = members.map { value(of: "member", $0) }
        guard Set(old).isDisjoint(with: new) else { throw ServerError("\(group) has one of these members already") }
        change(entry.id) { $0.set("member", old + new, usn: $1) }
    }

    mutating func removeMembers(_ members: [String], from group: String) throws {
        let entry = try get(group)
        let gone = Set(members.map { value(of: "member", $0) })
        let old = entry.attributes["member"]?.values ?? []
        guard gone.isSubset(of: old) else { throw ServerError("\(group) has not all of these members") }
        change(entry.id) { $0.set("member", old.filter { !gone.contains($0) }, usn: $1) }
    }

    /// Links to the entry and to those below it follow by themselves.
    mutating func rename(_ dn: String, to new: String) throws {
        let (entry, name) = (try get(dn), WindowsName(new))
        guard let parent = find(WindowsName(name.parentText)), !parent.isDeleted else {
            throw ServerError("\(new) would have no parent")
        }
        guard !parent.name.isWithin(entry.name) else { throw ServerError("\(new) would lie below itself") }
        if let other = find(name), other.id != entry.id { throw ServerError("\(new) exists already") }
        let below = inOrder.filter { $0.name.isWithin(entry.name) && $0.id != entry.id }
        change(entry.id) { $0.setName(name, usn: $1) }
        for child in below {
            let moved = WindowsName(Self.name(of: child.name, movedFrom: entry.name, to: name))
            changeSilently(child.id) { $0.name = moved }
        }
    }

    private static func name(of child: WindowsName, movedFrom old: WindowsName, to new: WindowsName) -> String {
        child.key == old.key
            ? new.text : "\(child.first),\(name(of: WindowsName(child.parentText), movedFrom: old, to: new))"
    }

    /// Makes a tombstone of the entry (MS-ADTS 3.1.1.5.5).
    mutating func delete(_ dn: String) throws {
        let entry = try get(dn)
        guard !entry.isDeleted else { throw ServerError("\(dn) is deleted already") }
        guard !hasChildren(entry) else { throw ServerError("\(dn) has entries below it") }
        let mark = "\(entry.name.value)\nDEL:\(WindowsIdentity.text(guid: entry.guid))"
        let first = "\(entry.name.type)=\(WindowsName.escaped(mark))"
        change(entry.id) { entry, usn in
            entry.attributes = entry.attributes.filter { Self.keptByTombstones.contains($0.key) }
            entry.set("lastKnownParent", entry.name.parentText, usn: usn)
            entry.set("isDeleted", "TRUE", usn: usn)
            entry.setName(WindowsName("\(first),\(WindowsDirectory.deletedObjects)"), usn: usn)
        }
        dropLinks(to: entry.id)
    }

    mutating func expungeTombstones() {
        let container = find(WindowsName(WindowsDirectory.deletedObjects))?.id
        for entry in inOrder where entry.isDeleted && entry.id != container { remove(entry.id) }
    }

    private static let keptByTombstones: Set<String> = [
        "objectclass", "objectguid", "objectsid", "samaccountname", "useraccountcontrol", "instancetype", "usncreated",
    ]

    private mutating func dropLinks(to target: Int) {
        for entry in inOrder {
            for attribute in WindowsEntry.links
            where entry.attributes[attribute]?.values.contains(.entry(target)) ?? false {
                changeSilently(entry.id) { entry in
                    entry.attributes[attribute]?.values.removeAll { $0 == .entry(target) }
                    entry.attributes[attribute]?.came[.entry(target)] = nil
                }
            }
        }
    }
}

extension WindowsEntry {
    mutating func setName(_ name: WindowsName, usn: Int) {
        self.name = name
        set(name.type.lowercased(), name.value, usn: usn)
        set("name", name.value, usn: usn)
    }
}
