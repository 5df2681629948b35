extension WindowsDirectory.State {
    /// What a search of the whole domain leaves out, because other servers or partitions keep it.
    func references(_ request: SearchRequest, _ base: WindowsEntry) -> [String] {
        guard request.scope == .subtree, base.name.key == Self.domain.key else { return [] }
        let partitions = [
            "ldap://ForestDnsZones.win.example.com/DC=ForestDnsZones,\(WindowsDirectory.base)",
            "ldap://DomainDnsZones.win.example.com/DC=DomainDnsZones,\(WindowsDirectory.base)",
            "ldap://win.example.com/\(WindowsDirectory.configuration)",
        ]
        return settings.childDomains + (settings.refersToPartitions ? partitions : [])
    }

    /// Whether there is no such entry, or another domain may have it.
    func unknownBase(_ dn: String) -> WireResult {
        // By a GUID nothing is found that is elsewhere.
        if dn.hasPrefix("<") { return .noSuchObject(bestMatch: "") }
        let name = WindowsName(dn)
        for url in settings.childDomains {
            let parts = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
            if parts.count == 3, name.isWithin(WindowsName(String(parts[2]))) {
                return .elsewhere("ldap://\(parts[1])/\(dn)")
            }
        }
        guard !name.isWithin(Self.domain), name.key.contains("dc=") else {
            return .noSuchObject(bestMatch: bestMatch(name))
        }
        let host = dn.split(separator: ",").filter { $0.lowercased().hasPrefix("dc=") }.map { $0.dropFirst(3) }
        return .elsewhere("ldap://\(host.joined(separator: "."))/\(dn)")
    }

    private func bestMatch(_ name: WindowsName) -> String {
        var name = name
        while !name.key.isEmpty {
            if let entry = database.find(name), !entry.isDeleted { return entry.name.text }
            name = WindowsName(name.parentText)
        }
        return ""
    }

    private static let domain = WindowsName(WindowsDirectory.base)
}
