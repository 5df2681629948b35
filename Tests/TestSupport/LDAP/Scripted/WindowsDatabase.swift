/// The entries of a domain controller.
struct WindowsDatabase: Sendable {
    private(set) var entries: [Int: WindowsEntry] = [:]
    private(set) var usn: Int
    private(set) var invocationID: [UInt8]
    /// By the key of the name.
    private var ids: [String: Int] = [:]
    private var guids: [[UInt8]: Int] = [:]
    private(set) var nextID = 1

    init(usn: Int, invocationID: [UInt8]) throws {
        self.usn = usn
        self.invocationID = invocationID
        try addFoundations()
        setInvocationID(invocationID)
    }

    // MARK: - Looking up

    /// The entries in the order in which they came into being.
    var inOrder: some Sequence<WindowsEntry> { entries.keys.sorted().lazy.compactMap { entries[$0] } }

    func find(_ name: WindowsName) -> WindowsEntry? { ids[name.key].flatMap { entries[$0] } }

    func find(guid: [UInt8]) -> WindowsEntry? { guids[guid].flatMap { entries[$0] } }

    func get(_ dn: String) throws -> WindowsEntry {
        guard let entry = find(WindowsName(dn)) else { throw ServerError("there is no \(dn)") }
        return entry
    }

    func hasChildren(_ entry: WindowsEntry) -> Bool { entries.values.contains { $0.name.parentKey == entry.name.key } }

    // MARK: - Changing

    mutating func insert(
        _ name: WindowsName, guid given: [UInt8]?, _ fill: (inout WindowsEntry, _ usn: Int) -> Void
    ) throws {
        guard ids[name.key] == nil else { throw ServerError("\(name.text) exists already") }
        let id = nextID
        let guid = given ?? WindowsIdentity.guid(number: id)
        guard guids[guid] == nil else { throw ServerError("\(name.text) has the objectGUID of another entry") }
        nextID += 1
        entries[id] = WindowsEntry(id: id, guid: guid, name: name)
        ids[name.key] = id
        guids[guid] = id
        change(id) { entry, usn in
            entry.set("objectGUID", [.bytes(guid)], usn: usn)
            entry.set("uSNCreated", String(usn), usn: usn)
            fill(&entry, usn)
        }
    }

    /// A change that replicates: the counters move.
    mutating func change(_ id: Int, _ apply: (inout WindowsEntry, _ usn: Int) -> Void) {
        usn += 1
        let usn = usn
        changeSilently(id) { entry in
            apply(&entry, usn)
            entry.set("uSNChanged", String(usn), usn: usn)
        }
    }

    /// A change that only this server makes as the consequence of another one: no counter moves.
    mutating func changeSilently(_ id: Int, _ apply: (inout WindowsEntry) -> Void) {
        guard var entry = entries.removeValue(forKey: id) else { return }
        ids[entry.name.key] = nil
        apply(&entry)
        ids[entry.name.key] = id
        entries[id] = entry
    }

    mutating func remove(_ id: Int) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        ids[entry.name.key] = nil
        guids[entry.guid] = nil
    }

    mutating func setInvocationID(_ bytes: [UInt8]) {
        invocationID = bytes
        guard let settings = find(WindowsName(WindowsDirectory.settingsName)) else { return }
        changeSilently(settings.id) { $0.set("invocationId", [.bytes(bytes)], usn: $0.usn) }
    }
}
