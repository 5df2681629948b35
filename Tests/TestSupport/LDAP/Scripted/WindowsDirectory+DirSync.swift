extension WindowsDirectory.State {
    /// The changes since a cookie (MS-ADTS 3.1.1.3.4.1.3). The limit in bytes is not kept.
    func dirSync(_ request: SearchRequest) -> SearchAnswer {
        guard let (flags, bytes) = request.dirSync, let cookie = DirSyncCookie(bytes) else {
            return .refused(.badControl)
        }
        guard cookie.isStart || cookie.invocationID == database.invocationID else { return .refused(.badControl) }
        let base = database.base(of: request)
        guard base?.name.key == WindowsName(WindowsDirectory.base).key,
            settings.grantsDirSync || flags & Self.objectSecurity != 0
        else { return .refused(.mayNotReplicate) }

        let changed = database.inOrder.filter { !$0.isConfiguration && $0.usn > cookie.usn }
            .sorted { $0.usn < $1.usn }
            .filter { database.isFound($0, by: request, showsDeleted: settings.showsDeleted) }
        let entries = changed.compactMap { entry in
            wire(entry, request, flags, since: cookie.usn).map { (entry.usn, $0) }
        }
        let batch = entries.prefix(max(1, settings.dirSyncBatch))
        let isLast = batch.count == entries.count
        let reached = DirSyncCookie(
            invocationID: database.invocationID, usn: isLast ? database.usn : batch.last?.0 ?? cookie.usn)
        let value = BER.sequence(BER.number(isLast ? 0 : 1), BER.number(0), BER.bytes(reached.bytes))
        return SearchAnswer(
            entries: batch.map(\.1), controls: [WireControl(WindowsOID.dirSync, isCritical: true, value: value)])
    }

    /// An object of a DirSync answer; nil if nothing in it changed that was asked for.
    private func wire(_ entry: WindowsEntry, _ request: SearchRequest, _ flags: Int, since usn: Int) -> WireEntry? {
        let always = ["objectGUID", "instanceType"]
        let wantsAll = request.attributes.isEmpty || request.attributes.contains("*")
        var names = wantsAll ? database.attributeNames(of: entry) : request.attributes.filter { $0 != "1.1" }
        names.removeAll { name in always.contains { $0.lowercased() == name.lowercased() } }
        let onlyChanges = settings.dirSyncSendsChangesOnly && usn > 0
        if onlyChanges {
            names.removeAll { lastChange(of: $0.lowercased(), in: entry) <= usn }
            // The counters themselves change with anything and tell nothing.
            guard names.contains(where: { !$0.lowercased().hasPrefix("usn") }) || entry.isDeleted else { return nil }
        }
        let attributes = (always + names).flatMap { name in
            if flags & Self.incrementalValues != 0, WindowsEntry.links.contains(name.lowercased()) {
                return entry.attributes[name.lowercased()].map { database.linkChanges($0, since: usn) } ?? []
            }
            // An attribute that has been emptied comes without values.
            let attribute = database.attribute(name, of: entry)
            return onlyChanges || !attribute.values.isEmpty ? [attribute] : []
        }
        return WireEntry(dn: entry.name.text, attributes: attributes)
    }

    /// A move to another parent is a change of the name.
    private func lastChange(of attribute: String, in entry: WindowsEntry) -> Int {
        let source = attribute == "parentguid" ? "name" : attribute
        return entry.attributes[source]?.usn ?? 0
    }

    private static let objectSecurity = 1
    private static let incrementalValues = 0x8000_0000
}

/// How far a client has got, and in which generation of the database.
struct DirSyncCookie {
    private static let mark = Array("MSDS".utf8)

    var invocationID: [UInt8]
    var usn: Int

    /// Of a client that has nothing yet.
    var isStart: Bool { invocationID.isEmpty }

    var bytes: [UInt8] { Self.mark + invocationID + UInt64(usn).bytes }

    init(invocationID: [UInt8], usn: Int) {
        self.invocationID = invocationID
        self.usn = usn
    }

    /// nil for bytes that are no cookie; no bytes are the start.
    init?(_ bytes: [UInt8]) {
        if bytes.isEmpty {
            self.init(invocationID: [], usn: 0)
            return
        }
        guard bytes.count == 28, bytes.starts(with: Self.mark) else { return nil }
        self.init(invocationID: Array(bytes[4..<20]), usn: Int(UInt64(bytes: bytes[20...]) & 0x7FFF_FFFF_FFFF_FFFF))
    }
}
