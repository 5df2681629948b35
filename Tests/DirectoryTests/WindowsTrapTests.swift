import AccessControl
import AccessModel
import LDAPDirectory
import ReferenceModel
import TestSupport
import Testing

/// What Windows does and neither Samba nor OpenLDAP: played by a scripted domain controller.
@Suite(.timeLimit(.minutes(5)))
struct WindowsTrapTests {
    private let source = makeSource()

    private func read(
        _ settings: DirectorySettings, since mirror: DirectoryMirror? = nil
    ) async throws(DirectoryError) -> DirectoryReading {
        try await source.read(settings, password: WindowsDirectory.password, since: mirror) { _ in }
    }

    @Test func `a server that gives a thousand entries an answer is read in pages`() async throws {
        let windows = try WindowsDirectory()
        defer { windows.stop() }
        for number in 1...1_203 { _ = try windows.addUser("u\(number)") }
        var settings = DirectorySettings.windows(windows)
        settings.pageSize = 5_000
        let reading = try await read(settings)
        #expect(reading.snapshot.users.count == 1_203 && reading.snapshot.usersReading == .complete)
        #expect(windows.requests.filter { $0.filter.contains("user") && $0.cookie != nil }.count >= 2)
    }

    @Test(arguments: [0, 1_900]) func `a member whose name takes long to compare is none, in whatever range it comes`(
        _ place: Int
    ) async throws {
        let windows = try WindowsDirectory()
        defer { windows.stop() }
        var people = (1...2_000).map { "CN=m\($0),OU=Staff,DC=elsewhere,DC=example,DC=com" }
        people[place] = "CN=a" + String(repeating: "\u{301}", count: 40) + ",OU=Staff,DC=elsewhere,DC=example,DC=com"
        let all = try windows.addGroup("everyone", members: people)
        let few = try windows.addGroup("few", members: Array(people[10..<13]))
        let snapshot = try await read(.windows(windows)).snapshot
        let group = snapshot.groups.first { $0.dn == all }
        #expect(group?.members.count == 1_999 && group?.membersReading.gap?.contains("combining marks") == true)
        #expect(
            snapshot.groupsReading == .complete && snapshot.groups.first { $0.dn == few }?.membersReading == .complete)
    }

    @Test func `members that come in ranges by themselves are put together`() async throws {
        let windows = try WindowsDirectory()
        defer { windows.stop() }
        // People of another domain, who are members as any, and of whom there are no entries here.
        let people = (1...20_000).map { "CN=m\($0),OU=Staff,DC=elsewhere,DC=example,DC=com" }
        let all = try windows.addGroup("everyone", members: people)
        _ = try windows.addGroup("few", members: Array(people.prefix(3)))
        let reading = try await read(.windows(windows))
        let groups = reading.snapshot.groups
        #expect(groups.first { $0.dn == all }?.members == people.map { .dn($0) })
        #expect(groups.allSatisfy { $0.membersReading == .complete })
        #expect(windows.requests.count { $0.attributes.contains { $0.contains("range=") } } == 13)
    }

    @Test func `DirSync answers that come in several parts are read to the last`() async throws {
        let windows = try WindowsDirectory()
        defer { windows.stop() }
        windows.settings.showsDeleted = true
        windows.settings.dirSyncBatch = 7
        let settings = DirectorySettings.windows(windows)
        let first = try await read(settings)
        for number in 1...50 { _ = try windows.addUser("late\(number)") }
        windows.forgetRequests()
        let second = try await read(settings, since: #require(first.mirror))
        #expect(second.extent == .incremental && second.entriesChanged == 50)
        #expect(second.snapshot.users.count == first.snapshot.users.count + 50)
        let dirSyncs = windows.requests.filter { $0.controls.contains("1.2.840.113556.1.4.841") }
        #expect(dirSyncs.count >= 8, "\(dirSyncs.count)")
    }

    @Test(arguments: [true, false])
    func `after any history changes give what a full reading gives`(_ usesDirSync: Bool) async throws {
        let windows = try WindowsDirectory()
        defer { windows.stop() }
        windows.settings.showsDeleted = true
        windows.settings.dirSyncBatch = 3
        if !usesDirSync {
            windows.settings.supportedControls = ["1.2.840.113556.1.4.319", "1.2.840.113556.1.4.417"]
        }
        let staff = try windows.addUnit("Staff")
        let settings = DirectorySettings.windows(windows, base: staff)
        var life = WindowsLife(windows, units: [staff, WindowsDirectory.users], seed: usesDirSync ? 11 : 12)
        var mirror = try await read(settings).mirror
        for step in 0..<120 {
            var done: [String] = []
            for _ in 0...(step % 4) { done.append(try life.step()) }
            let changed = try await read(settings, since: #require(mirror, "after \(done)"))
            let full = try await read(settings)
            #expect(changed.extent == .incremental, "after \(done): \(changed.log)")
            #expect(
                changed.snapshot.comparable(settings) == full.snapshot.comparable(settings),
                "after \(done): \(changed.log)")
            #expect(changed.snapshot.feeds(settings) == full.snapshot.feeds(settings), "after \(done)")
            mirror = changed.mirror
        }
    }

    @Test func `a controller that was restored, or another one, is read in full`() async throws {
        let windows = try WindowsDirectory()
        defer { windows.stop() }
        _ = try windows.addUser("ada")
        let settings = DirectorySettings.windows(windows)
        let first = try await read(settings)
        windows.invocationID = Array(repeating: 7, count: 16)
        let second = try await read(settings, since: #require(first.mirror))
        #expect(second.extent == .full && second.log.contains { $0.contains("restored") }, "\(second.log)")
        #expect(second.mirror != nil)
    }

    @Test func `a renamed unit is read in full, and everybody in it is still themselves`() async throws {
        let windows = try WindowsDirectory()
        defer { windows.stop() }
        let unit = try windows.addUnit("Old")
        let ada = try windows.addUser("ada", in: unit)
        _ = try windows.addGroup("ops", members: [ada])
        let settings = DirectorySettings.windows(windows)
        let first = try await read(settings)
        try windows.rename(unit, to: "OU=New,\(WindowsDirectory.base)")
        let second = try await read(settings, since: #require(first.mirror))
        #expect(second.extent == .full && second.log.contains { $0.contains("moved all in it") }, "\(second.log)")
        #expect(second.snapshot.users.map(\.externalID) == first.snapshot.users.map(\.externalID))
        #expect(second.snapshot.users.first?.dn == "CN=ada,OU=New,\(WindowsDirectory.base)")
    }

    @Test func `a new unit needs no full reading, also when somebody is moved into it`() async throws {
        let windows = try WindowsDirectory()
        defer { windows.stop() }
        windows.settings.showsDeleted = true
        let ada = try windows.addUser("ada")
        let settings = DirectorySettings.windows(windows)
        let first = try await read(settings)
        let unit = try windows.addUnit("New")
        _ = try windows.addUser("bob", in: unit)
        try windows.rename(ada, to: "CN=ada,\(unit)")
        let second = try await read(settings, since: #require(first.mirror))
        #expect(second.extent == .incremental, "\(second.log)")
        #expect(Set(second.snapshot.users.map(\.dn)) == ["CN=ada,\(unit)", "CN=bob,\(unit)"])
    }

    @Test func `a child domain below the base makes the reading incomplete, its own partitions do not`() async throws {
        let windows = try WindowsDirectory()
        defer { windows.stop() }
        _ = try windows.addUser("ada")
        let settings = DirectorySettings.windows(windows, base: WindowsDirectory.base)
        #expect(try await read(settings).snapshot.usersReading == .complete)
        windows.settings.childDomains = ["ldap://child.win.example.com/DC=child,\(WindowsDirectory.base)"]
        let reading = try await read(settings)
        #expect(reading.snapshot.usersReading.gap?.contains("kept by another server") == true)
        #expect(reading.mirror == nil)
    }

    @Test func `a global catalogue's groups are frozen unless they are universal, and read in full`() async throws {
        let windows = try WindowsDirectory(port: 3268)
        defer { windows.stop() }
        let ada = try windows.addUser("ada")
        let universal = try windows.addGroup("universal", members: [ada])
        let global = try windows.addGroup("global")
        try windows.replace(universal, "groupType", ["-2147483640"])
        try windows.replace(global, "groupType", ["-2147483646"])
        let settings = DirectorySettings.windows(windows)
        #expect(settings.readsGlobalCatalogue)
        let reading = try await read(settings)
        let frozen = reading.snapshot.groups.filter { $0.membersReading != .complete }
        #expect(frozen.map(\.dn) == [global])
        #expect(frozen.first?.membersReading.gap?.contains("universal groups only") == true)
        #expect(reading.mirror == nil)
    }

    @Test func `a deleted member leaves, though nobody says that the group has changed`() async throws {
        let windows = try WindowsDirectory()
        defer { windows.stop() }
        windows.settings.showsDeleted = true
        let (ada, bob) = (try windows.addUser("ada"), try windows.addUser("bob"))
        let ops = try windows.addGroup("ops", members: [ada, bob])
        let settings = DirectorySettings.windows(windows)
        let first = try await read(settings)
        let usn = try windows.usn(ops)
        try windows.delete(ada)
        #expect(try windows.usn(ops) == usn)
        let second = try await read(settings, since: #require(first.mirror))
        #expect(second.extent == .incremental && second.snapshot.usersReading == .complete)
        #expect(second.snapshot.users.map(\.dn) == [bob])
        #expect(second.snapshot.groups.first { $0.dn == ops }?.members == [.dn(bob)])
    }

    @Test func `a name made anew is another person`() async throws {
        let windows = try WindowsDirectory()
        defer { windows.stop() }
        windows.settings.showsDeleted = true
        let ada = try windows.addUser("ada")
        let settings = DirectorySettings.windows(windows)
        let first = try await read(settings)
        try windows.delete(ada)
        _ = try windows.addUser("ada")
        let second = try await read(settings, since: #require(first.mirror))
        #expect(second.snapshot.users.map(\.login) == ["ada"])
        #expect(second.snapshot.users.map(\.externalID) != first.snapshot.users.map(\.externalID))
    }

    @Test func `tombstones that are gone for good leave nobody behind`() async throws {
        let windows = try WindowsDirectory()
        defer { windows.stop() }
        windows.settings.showsDeleted = true
        let ada = try windows.addUser("ada")
        let settings = DirectorySettings.windows(windows)
        let first = try await read(settings)
        try windows.delete(ada)
        windows.expungeTombstones()
        // Away for longer than tombstones live: no change is told any more, and only a full reading sees it.
        let later = try await read(settings, since: #require(first.mirror))
        #expect(later.snapshot.users.count == 1)
        #expect(try await read(settings).snapshot.users.isEmpty)
    }

    @Test func `a refused password is told by Windows' own words`() async throws {
        let windows = try WindowsDirectory()
        defer { windows.stop() }
        let error = await #expect(throws: DirectoryError.self) {
            _ = try await source.read(.windows(windows), password: "wrong", since: nil) { _ in }
        }
        #expect("\(try #require(error))".contains("the name or the password is wrong"))
    }
}

/// A random life of a scripted domain.
struct WindowsLife {
    private let windows: WindowsDirectory
    private let units: [String]
    private var random: SplitMix64
    private var people: [String] = []
    private var groups: [String] = []
    private var count = 0

    init(_ windows: WindowsDirectory, units: [String], seed: UInt64) {
        self.windows = windows
        self.units = units
        random = SplitMix64(seed: seed)
    }

    private mutating func unit() -> String { units[Int.random(in: 0..<units.count, using: &random)] }

    /// Does something, and says what.
    mutating func step() throws -> String {
        count += 1
        let person = people.randomElement(using: &random)
        let group = groups.randomElement(using: &random)
        switch (Int.random(in: 0..<14, using: &random), person, group) {
        case (0..<3, _, _):
            people.append(try windows.addUser("p\(count)", in: unit()))
            return "add p\(count)"
        case (3, _, _):
            let place = unit()
            let members = (people + groups).filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
            groups.append(try windows.addGroup("g\(count)", in: place, members: members))
            return "add g\(count) in \(place) with \(members)"
        case (4, let person?, _), (5, let person?, _):
            let new = "CN=r\(count),\(unit())"
            try windows.rename(person, to: new)
            people = people.map { $0 == person ? new : $0 }
            return "rename \(person) to \(new)"
        case (6, let person?, _):
            try windows.delete(person)
            people.removeAll { $0 == person }
            return "delete \(person)"
        case (7, let person?, _):
            try windows.replace(person, "userAccountControl", [Bool.random(using: &random) ? "514" : "512"])
            return "disable or enable \(person)"
        case (8, _, let group?):
            let new = "CN=r\(count),\(unit())"
            try windows.rename(group, to: new)
            groups = groups.map { $0 == group ? new : $0 }
            return "rename \(group) to \(new)"
        case (9, _, let group?) where groups.count > 3:
            try windows.delete(group)
            groups.removeAll { $0 == group }
            return "delete \(group)"
        case (_, _, let group?):
            let members = try windows.texts(of: "member", at: group)
            if let member = members.randomElement(using: &random), Bool.random(using: &random) {
                try windows.removeMember(member, from: group)
                return "take \(member) out of \(group)"
            }
            guard
                let member = (people + groups).filter({ !members.contains($0) && $0 != group }).randomElement(
                    using: &random)
            else { return "nothing" }
            try windows.addMember(member, to: group)
            return "add \(member) to \(group)"
        default:
            return "nothing"
        }
    }
}

extension DirectorySettings {
    /// People and groups of the scripted domain controller, in clear.
    static func windows(_ windows: WindowsDirectory, base: String = WindowsDirectory.base, url: String? = nil) -> Self {
        DirectorySettings(
            preset: .activeDirectory, urls: [url ?? windows.url], tls: TLS(mode: .none, allowCleartext: true),
            bind: Bind(dn: WindowsDirectory.syncPrincipal),
            users: Search(base: base, filter: "(&(objectCategory=person)(objectClass=user))"),
            groups: Search(base: base, filter: "(objectClass=group)"),
            attributes: Attributes(
                login: "sAMAccountName", fullName: "displayName", email: "mail", member: "member",
                principalName: "userPrincipalName"),
            rules: [], pageSize: 500, timeout: 60)
    }
}
