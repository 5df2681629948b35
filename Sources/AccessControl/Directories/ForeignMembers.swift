import AccessModel

extension Synchronization {
    /// Names members from other forests, of whom a group knows the SID only, as the directory names them that knows them.
    /// One that cannot be asked knows nobody: then nobody of another directory leaves these groups.
    func foreignMembersNamed(
        in reading: inout DirectoryReading
    ) async throws(AccessError) -> DirectorySnapshot {
        var snapshot = reading.snapshot
        let places = snapshot.foreignMembers
        guard !places.isEmpty else { return snapshot }
        var unknown = Set(places.map(\.sid))
        var names: [String: String] = [:]
        for (other, sealed) in try await otherForests() where !unknown.isEmpty {
            let sids = unknown
            do throws(AccessError) {
                let found = try await time.ask { () async throws(AccessError) in
                    try await synchronization.directories.names(of: sids, in: other, sealed: sealed)
                }
                names.merge(found) { first, _ in first }
                unknown.subtract(found.keys)
            } catch {
                guard !Task.isCancelled else { throw .directory(.cancelled) }
                reading.log.append("members from other forests are not looked for in \(other.name): \(error)")
            }
        }
        for place in places {
            if let dn = names[place.sid] { snapshot.groups[place.group].members[place.member] = .dn(dn) }
        }
        return snapshot
    }

    private func otherForests() async throws(AccessError) -> [(Directory, [UInt8]?)] {
        try await synchronization.store.read { (reader) throws(AccessError) in
            try reader.directories().map(\.value)
                .filter { $0.name != directory.name && $0.settings.preset == .activeDirectory }
                .map { (other) throws(AccessError) in (other, try reader.directorySecret(other.name)) }
        }
    }
}

extension DirectorySnapshot {
    /// The members of groups of whom Active Directory keeps a SID only.
    fileprivate var foreignMembers: [(group: Int, member: Int, sid: String)] {
        groups.indices.flatMap { group in
            groups[group].members.indices.compactMap { member in
                guard case .dn(let dn) = groups[group].members[member], dn.utf8.prefix(7).elementsEqual("CN=S-1-".utf8),
                    let sid = DistinguishedName(dn)?.foreignSID
                else { return nil }
                return (group, member, sid)
            }
        }
    }
}
