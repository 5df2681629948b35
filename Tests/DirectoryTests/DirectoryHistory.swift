import AccessControl
import AccessModel
import LDAPDirectory
import ReferenceModel
import TestSupport

/// A random company's life on a real server: people come, are renamed, moved, disabled and enabled,
/// leave and come anew under the same name; groups are made, nested and edited.
struct DirectoryHistory {
    /// What one kind of server needs for each step.
    struct Dialect: Sendable {
        var person: @Sendable (_ login: String, _ unit: String) -> (dn: String, ldif: String)
        var group: @Sendable (_ name: String, _ unit: String, _ members: [String]) -> (dn: String, ldif: String)
        var disable: @Sendable (_ dn: String) -> String
        var enable: @Sendable (_ dn: String) -> String
        /// The first part of a person's name.
        var rdn: @Sendable (_ login: String) -> String
        /// Groups may not be without a member.
        var needsMember: Bool
    }

    private let dialect: Dialect
    private let units: [String]
    private var random: SplitMix64
    private var people: [String] = []
    private var disabled: Set<String> = []
    private var groups: [String: Set<String>] = [:]
    private var freeLogins: [String] = []
    private var count = 0

    init(_ dialect: Dialect, units: [String], seed: UInt64) {
        self.dialect = dialect
        self.units = units
        random = SplitMix64(seed: seed)
    }

    /// LDIF of the next change, and what it is in words. nil if the dice chose what is not possible now.
    mutating func next() -> (what: String, ldif: String)? {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<4: return create()
        case 4..<6: return rename()
        case 6..<8: return move()
        case 8: return disable()
        case 9: return enable()
        case 10: return delete()
        case 11: return createGroup()
        case 12: return renameGroup()
        case 13: return deleteGroup()
        case 14: return touch()
        case 15..<18: return addMember()
        default: return removeMember()
        }
    }

    private mutating func pick<Value>(_ values: some Collection<Value>) -> Value? {
        values.randomElement(using: &random)
    }

    private mutating func create() -> (String, String)? {
        count += 1
        // A name that somebody left behind, sometimes: another person with the name of one who is gone.
        let login = Bool.random(using: &random) ? freeLogins.popLast() ?? "person-\(count)" : "person-\(count)"
        let (dn, ldif) = dialect.person(login, units[Int.random(in: 0..<units.count, using: &random)])
        people.append(dn)
        return ("create \(dn)", ldif)
    }

    private mutating func rename() -> (String, String)? {
        guard let dn = pick(people) else { return nil }
        count += 1
        let rdn = dialect.rdn("renamed-\(count)")
        let parent = dn.split(separator: ",", maxSplits: 1)[1]
        replace(dn, with: "\(rdn),\(parent)")
        return ("rename \(dn) to \(rdn)", LDIF.rename(dn, to: rdn))
    }

    private mutating func move() -> (String, String)? {
        guard let dn = pick(people), let unit = pick(units) else { return nil }
        let rdn = String(dn.split(separator: ",", maxSplits: 1)[0])
        let target = "\(rdn),\(unit)"
        guard target != dn, !people.contains(target) else { return nil }
        replace(dn, with: target)
        return ("move \(dn) to \(unit)", LDIF.rename(dn, to: rdn, under: unit))
    }

    private mutating func replace(_ dn: String, with new: String) {
        people = people.map { $0 == dn ? new : $0 }
        if disabled.remove(dn) != nil { disabled.insert(new) }
        for (group, members) in groups where members.contains(dn) {
            groups[group] = members.subtracting([dn]).union([new])
        }
    }

    private mutating func disable() -> (String, String)? {
        guard let dn = pick(people.filter { !disabled.contains($0) }) else { return nil }
        disabled.insert(dn)
        return ("disable \(dn)", dialect.disable(dn))
    }

    private mutating func enable() -> (String, String)? {
        guard let dn = pick(disabled.sorted()) else { return nil }
        disabled.remove(dn)
        return ("enable \(dn)", dialect.enable(dn))
    }

    private mutating func delete() -> (String, String)? {
        guard let dn = pick(people) else { return nil }
        people.removeAll { $0 == dn }
        disabled.remove(dn)
        for group in groups.keys { groups[group]?.remove(dn) }
        let rdn = dn.split(separator: ",", maxSplits: 1)[0]
        freeLogins.append(String(rdn.split(separator: "=")[1]))
        return ("delete \(dn)", LDIF.delete(dn))
    }

    private mutating func createGroup() -> (String, String)? {
        guard let unit = pick(units) else { return nil }
        count += 1
        let members = (people + groups.keys.sorted()).filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
        guard !members.isEmpty || !dialect.needsMember else { return nil }
        let (dn, ldif) = dialect.group("group-\(count)", unit, members)
        groups[dn] = Set(members)
        return ("create \(dn) with \(members.count) members", ldif)
    }

    private mutating func renameGroup() -> (String, String)? {
        guard let dn = pick(groups.keys.sorted()), let unit = pick(units) else { return nil }
        count += 1
        let rdn = "\(dn.prefix(3))renamed-\(count)"
        let new = "\(rdn),\(unit)"
        groups[new] = groups.removeValue(forKey: dn)
        for (group, members) in groups where members.contains(dn) {
            groups[group] = members.subtracting([dn]).union([new])
        }
        return ("rename \(dn) to \(new)", LDIF.rename(dn, to: rdn, under: unit))
    }

    private mutating func deleteGroup() -> (String, String)? {
        guard groups.count > 3, let dn = pick(groups.keys.sorted()) else { return nil }
        groups[dn] = nil
        for group in groups.keys { groups[group]?.remove(dn) }
        return ("delete \(dn)", LDIF.delete(dn))
    }

    private mutating func touch() -> (String, String)? {
        guard let dn = pick(people) else { return nil }
        count += 1
        return ("change the mail of \(dn)", LDIF.replace(dn, "mail", with: ["mail-\(count)@corp.example.com"]))
    }

    private mutating func addMember() -> (String, String)? {
        guard let group = pick(groups.keys.sorted()), let members = groups[group] else { return nil }
        guard let member = pick((people + groups.keys.sorted()).filter { !members.contains($0) && $0 != group }) else {
            return nil
        }
        groups[group]?.insert(member)
        return ("add \(member) to \(group)", LDIF.add(group, "member", [member]))
    }

    private mutating func removeMember() -> (String, String)? {
        guard let group = pick(groups.keys.sorted()), let members = groups[group],
            members.count > (dialect.needsMember ? 1 : 0), let member = pick(members.sorted())
        else { return nil }
        groups[group]?.remove(member)
        return ("take \(member) out of \(group)", LDIF.remove(group, "member", [member]))
    }
}

extension DirectorySnapshot {
    /// The same for two readings that saw the same, in whatever order. Members outside of what is
    /// read are left out: what they are called is told by nobody, and matters to nobody here.
    func comparable(_ settings: DirectorySettings) -> DirectorySnapshot {
        let base = DistinguishedName(settings.users.base)
        var snapshot = self
        snapshot.users.sort { $0.externalID < $1.externalID }
        snapshot.groups.sort { $0.externalID < $1.externalID }
        for index in snapshot.groups.indices {
            let members = snapshot.groups[index].members.compactMap { member -> DistinguishedName? in
                guard case .dn(let dn) = member, let name = DistinguishedName(dn), let base, name.isWithin(base) else {
                    return nil
                }
                return name
            }
            snapshot.groups[index].members = members.map(\.normalized).sorted().map { .dn($0) }
        }
        return snapshot
    }

    /// Whom every group feeds, by identity.
    func feeds(_ settings: DirectorySettings) -> [[String]] {
        var settings = settings
        settings.rules = groups.map(\.externalID).sorted().map { .init(group: $0, feeds: .systemAdmin) }
        return ResolvedDirectory(self, settings: settings, now: testTime).feeds.map(\.members)
    }
}
