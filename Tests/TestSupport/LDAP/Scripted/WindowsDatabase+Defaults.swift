extension WindowsDatabase {
    /// What is in every domain, as far as a client needs it.
    mutating func addFoundations() throws {
        try insert(WindowsName(WindowsDirectory.base), [("objectClass", ["top", "domain", "domainDNS"])])
        try insert(WindowsName(WindowsDirectory.users), [("objectClass", ["container"])])
        try insert(
            WindowsName(WindowsDirectory.deletedObjects), [("objectClass", ["container"]), ("isDeleted", ["TRUE"])])
        let container = [("objectClass", ["container"])]
        try insert(WindowsName(WindowsDirectory.configuration), [("objectClass", ["configuration"])])
        var dn = WindowsDirectory.configuration
        for part in ["CN=Sites", "CN=Site", "CN=Servers", "CN=DC1", "CN=NTDS Settings"] {
            dn = "\(part),\(dn)"
            try insert(WindowsName(dn), part == "CN=NTDS Settings" ? [("objectClass", ["nTDSDSA"])] : container)
        }
    }

    /// Adds an entry, with what Windows itself adds to one of its classes.
    mutating func insert(_ name: WindowsName, _ attributes: [(String, [String])]) throws {
        let given = Dictionary(attributes.map { ($0.0.lowercased(), $0.1) }) { $1 }
        let guid = try given["objectguid"]?.first.map { text in
            guard let guid = WindowsIdentity.guid(text) else { throw ServerError("\(text) is no GUID") }
            return guid
        }
        let classes = Self.withAncestors(given["objectclass"] ?? ["top"])
        let defaults = Self.defaults(classes, number: nextID).filter { given[$0.0.lowercased()] == nil }
        let values = (defaults.map { ($0, [$1]) } + attributes)
            .filter { $0.0.lowercased() != "objectguid" && $0.0.lowercased() != "objectclass" }
            .map { attribute, texts in (attribute, texts.map { value(of: attribute, $0) }) }
        try insert(name, guid: guid) { entry, usn in
            entry.setName(name, usn: usn)
            entry.set("instanceType", "4", usn: usn)
            entry.set("objectClass", classes.map { .bytes(Array($0.utf8)) }, usn: usn)
            for (attribute, values) in values { entry.set(attribute, values, usn: usn) }
        }
    }

    /// The stored form of a value: names in links and identities have their own.
    func value(of attribute: String, _ text: String) -> WindowsEntry.Value {
        switch attribute.lowercased() {
        case let name where WindowsEntry.links.contains(name):
            find(WindowsName(text)).map { .entry($0.id) } ?? .bytes(Array(text.utf8))
        case "objectsid": .bytes(WindowsIdentity.sid(text) ?? Array(text.utf8))
        default: .bytes(Array(text.utf8))
        }
    }

    private static func withAncestors(_ classes: [String]) -> [String] {
        let chain =
            switch classes.last?.lowercased() {
            case "user": ["top", "person", "organizationalPerson"]
            case "computer": ["top", "person", "organizationalPerson", "user"]
            case "contact": ["top", "person", "organizationalPerson"]
            default: ["top"]
            }
        let given = Set(classes.map { $0.lowercased() })
        return chain.filter { !given.contains($0.lowercased()) } + classes
    }

    private static func defaults(_ classes: [String], number: Int) -> [(String, String)] {
        let sid = [("objectSid", "\(WindowsDirectory.domainSID)-\(1000 + number)")]
        let category = { (name: String) in
            [("objectCategory", "CN=\(name),CN=Schema,\(WindowsDirectory.configuration)")]
        }
        switch classes.last?.lowercased() {
        case "user":
            return sid + category("Person") + [("userAccountControl", "512"), ("primaryGroupID", "513")]
        case "computer":
            return sid + category("Computer") + [("userAccountControl", "4096"), ("primaryGroupID", "515")]
        case "contact": return category("Person")
        case "group": return sid + category("Group") + [("groupType", "-2147483646")]
        case "organizationalunit": return category("Organizational-Unit")
        case "container": return category("Container")
        case "domaindns": return [("objectSid", WindowsDirectory.domainSID)] + category("Domain-DNS")
        default: return []
        }
    }
}
