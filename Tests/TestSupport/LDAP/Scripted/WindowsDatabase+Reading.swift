extension WindowsDatabase {
    /// The values of an attribute, whose name comes in lower case.
    func values(_ attribute: String, of entry: WindowsEntry) -> [[UInt8]] {
        switch attribute {
        case "distinguishedname": [Array(entry.name.text.utf8)]
        case "parentguid": find(WindowsName(entry.name.parentText)).map { [$0.guid] } ?? []
        case "memberof": groups(holding: entry).map { Array($0.name.text.utf8) }
        default: entry.attributes[attribute]?.values.compactMap(bytes) ?? []
        }
    }

    private func groups(holding entry: WindowsEntry) -> [WindowsEntry] {
        entries.values.filter { group in
            group.attributes["member"]?.values.contains { if case .entry(entry.id) = $0 { true } else { false } }
                ?? false
        }
    }

    private func bytes(_ value: WindowsEntry.Value) -> [UInt8]? {
        switch value {
        case .bytes(let bytes): bytes
        case .entry(let id): entries[id].map { Array($0.name.text.utf8) }
        }
    }

    func attribute(_ name: String, of entry: WindowsEntry) -> WireAttribute {
        let key = name.lowercased()
        return WireAttribute(name: entry.attributes[key]?.name ?? name, values: values(key, of: entry))
    }

    /// The values of a link that came after a change, and those that went (LDAP_DIRSYNC_INCREMENTAL_VALUES).
    func linkChanges(_ attribute: WindowsEntry.Attribute, since usn: Int) -> [WireAttribute] {
        let came = attribute.values.filter { attribute.came[$0] ?? 0 > usn }
        let went = attribute.went.filter { $0.value > usn }.map(\.key)
        return [("1-1", came), ("0-0", went)].filter { !$1.isEmpty }.map { range, values in
            WireAttribute(name: "\(attribute.name);range=\(range)", values: values.compactMap(bytes))
        }
    }

    /// What `*` stands for; parentGUID and memberOf, which are computed, come on request only.
    func attributeNames(of entry: WindowsEntry) -> [String] { entry.attributes.keys.sorted() + ["distinguishedName"] }

    /// The entry that a search begins at.
    func base(of request: SearchRequest) -> WindowsEntry? {
        if let guid = WindowsIdentity.guid(base: request.base) { return find(guid: guid) }
        let known = Self.wellKnown.first {
            "<WKGUID=\($0.key),\(WindowsDirectory.base)>".lowercased() == request.base.lowercased()
        }
        return find(WindowsName(known?.value ?? request.base))
    }

    /// Containers that have a GUID in every domain (MS-ADTS 6.1.1.4).
    private static let wellKnown = [
        "A9D1CA15768811D1ADED00C04FD8D5CD": WindowsDirectory.users,
        "18E2EA80684F11D2B9AA00C04F79F805": WindowsDirectory.deletedObjects,
    ]

    /// The entries that a search finds, in order.
    func results(of request: SearchRequest, at base: WindowsEntry, showsDeleted: Bool) -> [WindowsEntry] {
        let candidates = request.scope == .base ? [base] : inOrder.filter { isInScope($0, of: request, at: base) }
        return candidates.filter { isFound($0, by: request, showsDeleted: showsDeleted) }
    }

    /// Whether the search may show the entry as it is now, wherever it is.
    func isFound(_ entry: WindowsEntry, by request: SearchRequest, showsDeleted: Bool) -> Bool {
        (showsDeleted || !entry.isDeleted) && request.condition.accepts { values($0, of: entry) }
    }

    private func isInScope(_ entry: WindowsEntry, of request: SearchRequest, at base: WindowsEntry) -> Bool {
        // The configuration is a naming context of its own.
        guard entry.isConfiguration == base.isConfiguration else { return false }
        return request.scope == .one ? entry.name.parentKey == base.name.key : entry.name.isWithin(base.name)
    }
}

extension WindowsEntry {
    var isConfiguration: Bool { name.isWithin(Self.configuration) }

    private static let configuration = WindowsName(WindowsDirectory.configuration)
}
