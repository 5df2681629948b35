import AccessControl
import AccessModel
import LDAPDirectory
import TestSupport
import Testing

/// Reading what has changed against reading everything, on the real servers.
@Suite(.timeLimit(.minutes(5)))
struct IncrementalReadingTests {
    private let source = makeSource()

    private static func openLDAP(_ unit: String) -> DirectoryHistory.Dialect {
        DirectoryHistory.Dialect(
            person: { ("uid=\($0),\($1)", TestServers.person($0, base: $1)) },
            group: { name, unit, members in
                let dn = "cn=\(name),\(unit)"
                return (
                    dn,
                    LDIF.entry(dn, [("objectClass", "groupOfNames"), ("cn", name)] + members.map { ("member", $0) })
                )
            },
            disable: { LDIF.replace($0, "pwdAccountLockedTime", with: ["000001010000Z"]) },
            enable: { LDIF.replace($0, "pwdAccountLockedTime", with: []) }, rdn: { "uid=\($0)" }, needsMember: true)
    }

    /// - Parameter prefix: before every account's name, which is unique in a domain.
    private static func activeDirectory(_ prefix: String) -> DirectoryHistory.Dialect {
        DirectoryHistory.Dialect(
            person: { login, unit in
                ("CN=\(login),\(unit)", SambaDomainController.user(prefix + login, dn: "CN=\(login),\(unit)"))
            },
            group: { name, unit, members in
                (
                    "CN=\(name),\(unit)",
                    SambaDomainController.group(prefix + name, dn: "CN=\(name),\(unit)", members: members)
                )
            },
            disable: { LDIF.replace($0, "userAccountControl", with: ["514"]) },
            enable: { LDIF.replace($0, "userAccountControl", with: ["512"]) }, rdn: { "CN=\($0)" }, needsMember: false)
    }

    private func units(_ names: [String], under base: String) -> (dns: [String], ldif: String) {
        let dns = names.map { "OU=\($0),\(base)" }
        return (
            dns, zip(names, dns).map { LDIF.entry($1, [("objectClass", "organizationalUnit"), ("ou", $0)]) }.joined()
        )
    }

    /// Lives through a history, reads after every few steps what has changed, and compares it with everything.
    private func follow(
        _ history: DirectoryHistory, steps: Int, _ settings: DirectorySettings, password: String,
        apply: (String) async throws -> Void
    ) async throws {
        var history = history
        var mirror = try await source.read(settings, password: password, since: nil, progress: { _ in }).mirror
        var incremental = 0
        var done: [String] = []
        for step in 0..<steps {
            for _ in 0..<(step % 3 + 1) {
                guard let (what, ldif) = history.next() else { continue }
                try await apply(ldif)
                done.append(what)
            }
            let before = try #require(mirror, "\(done.suffix(5))")
            let changed = try await source.read(settings, password: password, since: before, progress: { _ in })
            let full = try await source.read(settings, password: password, since: nil, progress: { _ in })
            let (one, other) = (changed.snapshot.comparable(settings), full.snapshot.comparable(settings))
            #expect(one.users == other.users, "after \(done.suffix(5)): \(changed.log)")
            #expect(one.groups == other.groups, "after \(done.suffix(5)): \(changed.log)")
            #expect(changed.snapshot.feeds(settings) == full.snapshot.feeds(settings), "after \(done.suffix(5))")
            #expect(full.snapshot.usersReading == .complete && changed.snapshot.usersReading == .complete)
            if changed.extent == .incremental { incremental += 1 } else { done.append("read all: \(changed.log)") }
            mirror = changed.mirror
        }
        #expect(incremental == steps, "every reading is incremental: \(done)")
        let idle = try await source.read(settings, password: password, since: #require(mirror), progress: { _ in })
        #expect(idle.entriesChanged == 0 && idle.extent == .incremental, "\(idle.log)")
    }

    @Test(arguments: UInt64(1)...4)
    func `after any history OpenLDAP's changes give what a full reading gives`(_ seed: UInt64) async throws {
        let server = try await TestServers.following.value
        let (units, ldif) = units(["history-\(seed)", "elsewhere-\(seed)"], under: SlapdServer.suffix)
        let (rooms, more) = self.units(["rooms"], under: units[0])
        try await server.apply(ldif + more)
        // The second unit is outside of what is read: who moves there is gone.
        let settings = DirectorySettings.slapd(server, base: units[0])
        try await follow(
            DirectoryHistory(Self.openLDAP(units[0]), units: [units[0], rooms[0], units[1]], seed: seed), steps: 40,
            settings, password: SlapdServer.password, apply: server.apply)
    }

    @Test(arguments: UInt64(1)...2)
    func `after any history a domain's changes give what a full reading gives`(_ seed: UInt64) async throws {
        let server = try await SambaDomainController.start()
        let (units, ldif) = units(["history-\(seed)", "elsewhere-\(seed)"], under: SambaDomainController.base)
        try await server.apply(ldif)
        var settings = DirectorySettings.samba(server, base: units[0])
        // Only administrators see what was deleted.
        settings.bind = .init(dn: SambaDomainController.administrator)
        try await follow(
            DirectoryHistory(Self.activeDirectory("h\(seed)-"), units: units, seed: seed), steps: 30, settings,
            password: SambaDomainController.password, apply: server.apply)
        try await server.remove()
    }

    /// Each of two bases is asked by itself, and slapd names who is there for one of them only.
    @Test func `of two bases, what one says of itself says nothing of the other`() async throws {
        let server = try await TestServers.following.value
        let (units, ldif) = units(["people-of-two", "groups-of-two", "third"], under: SlapdServer.suffix)
        let (ada, bob) = ("uid=two-1,\(units[0])", "uid=two-2,\(units[0])")
        let group = LDIF.entry(
            "cn=two,\(units[1])",
            [("objectClass", "groupOfNames"), ("cn", "two"), ("member", ada), ("member", bob)])
        try await server.apply(
            ldif + TestServers.person("two-1", base: units[0]) + TestServers.person("two-2", base: units[0]) + group)
        var settings = DirectorySettings.slapd(server, base: units[0])
        settings.groups.base = units[1]
        let first = try await source.read(settings, password: SlapdServer.password, since: nil, progress: { _ in })
        // Something else changes between the questions about the one base and about the other.
        try await server.apply(TestServers.person("two-3", base: units[2]))
        let second = try await source.read(settings, password: SlapdServer.password, since: nil, progress: { _ in })
        guard case .syncCookies(let before)? = first.mirror?.position.mark,
            case .syncCookies(let after)? = second.mirror?.position.mark, let mirror = second.mirror
        else {
            Issue.record("\(first.log), \(second.log)")
            return
        }
        for old in units.prefix(2) {
            var cookies = after
            cookies[old] = before[old]
            let position = DirectoryPosition(url: mirror.position.url, server: "", mark: .syncCookies(cookies))
            let mixed = DirectoryMirror(
                snapshot: mirror.snapshot, position: position, digest: mirror.digest)
            let reading = try await source.read(
                settings, password: SlapdServer.password, since: mixed, progress: { _ in })
            #expect(reading.extent == .incremental && reading.entriesChanged == 0, "\(reading.log)")
            #expect(reading.snapshot.users.count == 2 && reading.snapshot.groups.count == 1)
        }
        // And who has really gone is gone.
        try await server.apply(LDIF.delete(bob))
        let last = try await source.read(
            settings, password: SlapdServer.password, since: mirror, progress: { _ in })
        #expect(last.extent == .incremental && last.snapshot.users.map(\.login) == ["two-1"])
    }

    @Test func `a renamed unit is read anew with all that is in it`() async throws {
        let server = try await TestServers.following.value
        let (units, ldif) = units(["moving"], under: SlapdServer.suffix)
        let (rooms, more) = self.units(["old"], under: units[0])
        try await server.apply(
            ldif + more + TestServers.person("moved-1", base: rooms[0]) + TestServers.person("moved-2", base: rooms[0]))
        let settings = DirectorySettings.slapd(server, base: units[0])
        let first = try await source.read(settings, password: SlapdServer.password, since: nil, progress: { _ in })
        try await server.apply(LDIF.rename(rooms[0], to: "ou=new"))
        let second = try await source.read(
            settings, password: SlapdServer.password, since: #require(first.mirror), progress: { _ in })
        #expect(
            second.extent == .full && second.log.contains { $0.contains("may have moved all in it") }, "\(second.log)")
        #expect(second.snapshot.users.allSatisfy { $0.dn.lowercased().contains("ou=new,") })
    }

    @Test func `whoever does not see deleted objects removes nobody until the next full reading`() async throws {
        let server = try await SambaDomainController.start()
        let (units, ldif) = units(["unseen"], under: SambaDomainController.base)
        let people = ["unseen-1", "unseen-2"].map { SambaDomainController.user($0, dn: "CN=\($0),\(units[0])") }
        try await server.apply(ldif + people.joined())
        let settings = DirectorySettings.samba(server, base: units[0])
        let password = SambaDomainController.password
        let first = try await source.read(settings, password: password, since: nil, progress: { _ in })
        #expect(first.snapshot.usersReading == .complete)
        try await server.apply(
            LDIF.delete("CN=unseen-1,\(units[0])")
                + SambaDomainController.user("unseen-3", dn: "CN=unseen-3,\(units[0])"))
        let second = try await source.read(
            settings, password: password, since: #require(first.mirror), progress: { _ in })
        #expect(second.extent == .incremental)
        #expect(second.snapshot.users.count == 3, "the new one is there, and the deleted one still")
        #expect(second.snapshot.usersReading.gap?.contains("CN=Deleted Objects") == true)
        let third = try await source.read(settings, password: password, since: nil, progress: { _ in })
        #expect(third.snapshot.users.count == 2 && third.snapshot.usersReading == .complete)
        try await server.remove()
    }

    @Test func `without content synchronisation changes are followed by time, and removals wait`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(3, unit: "timed", on: server)
        try await server.apply(
            LDIF.entry(
                "cn=timed,\(base)",
                [("objectClass", "groupOfNames"), ("cn", "timed"), ("member", "uid=timed-2,\(base)")]))
        let settings = DirectorySettings.slapd(server, base: base)
        let first = try await source.read(settings, password: SlapdServer.password, since: nil, progress: { _ in })
        try await server.apply(
            LDIF.delete("uid=timed-1,\(base)") + LDIF.replace("uid=timed-2,\(base)", "mail", with: ["new@example.com"])
                + TestServers.person("timed-9", base: base)
                + LDIF.replace("cn=timed,\(base)", "member", with: ["uid=timed-2,\(base)", "uid=timed-9,\(base)"]))
        let second = try await source.read(
            settings, password: SlapdServer.password, since: #require(first.mirror), progress: { _ in })
        #expect(second.extent == .incremental && second.entriesChanged == 3, "\(second.log)")
        #expect(Set(second.snapshot.users.compactMap(\.login)) == ["timed-1", "timed-2", "timed-3", "timed-9"])
        #expect(second.snapshot.users.contains { $0.email == "new@example.com" })
        #expect(second.snapshot.usersReading.gap?.contains("removals wait") == true)
        let full = try await source.read(settings, password: SlapdServer.password, since: nil, progress: { _ in })
        #expect(full.snapshot.users.count == 3 && full.snapshot.usersReading == .complete)
    }

    @Test func `a filter by memberOf is read in full every time`() async throws {
        let server = try await TestServers.samba.value
        var settings = DirectorySettings.samba(server, base: SambaDomainController.users)
        settings.users.filter = "(&(objectClass=user)(memberOf=CN=Domain Admins,\(SambaDomainController.users)))"
        let first = try await source.read(
            settings, password: SambaDomainController.password, since: nil, progress: { _ in })
        #expect(first.mirror == nil)
        #expect(first.log.contains { $0.contains("memberOf") }, "\(first.log)")
    }

    @Test func `a server that lost its last changes is read in full`() async throws {
        let server = try await SlapdServer.start(followsChanges: true)
        let (units, ldif) = units(["crashed"], under: SlapdServer.suffix)
        try await server.apply(ldif + TestServers.person("crashed-1", base: units[0]))
        let settings = DirectorySettings.slapd(server, base: units[0])
        let first = try await source.read(settings, password: SlapdServer.password, since: nil, progress: { _ in })
        var mirror = try #require(first.mirror)
        guard case .syncCookies(let cookies) = mirror.position.mark else {
            Issue.record("\(mirror.position)")
            return
        }
        // A cookie of the future, as a client has of a server that was restored.
        let future = cookies.mapValues { _ in "rid=000,csn=20990101000000.000000Z#000000#000#000000" }
        mirror = DirectoryMirror(
            snapshot: mirror.snapshot,
            position: .init(url: mirror.position.url, server: "", mark: .syncCookies(future)),
            digest: mirror.digest)
        let second = try await source.read(
            settings, password: SlapdServer.password, since: mirror, progress: { _ in })
        #expect(second.extent == .full && second.snapshot.users.count == 1, "\(second.log)")
        try await server.remove()
    }

    @Test func `what one server says means nothing to another`() async throws {
        let server = try await TestServers.following.value
        let (units, ldif) = units(["failover"], under: SlapdServer.suffix)
        try await server.apply(ldif + TestServers.person("failover-1", base: units[0]))
        var settings = DirectorySettings.slapd(server, base: units[0])
        let proxy = try CuttingProxy(upstream: server.tlsPort)
        settings.urls = ["ldaps://127.0.0.1:\(proxy.port)", server.tlsURL]
        let first = try await source.read(settings, password: SlapdServer.password, since: nil, progress: { _ in })
        #expect(first.mirror?.position.url.contains("\(proxy.port)") == true)
        // The proxy takes one connection only: the second server is asked now.
        let second = try await source.read(
            settings, password: SlapdServer.password, since: #require(first.mirror), progress: { _ in })
        #expect(
            second.extent == .full && second.log.contains { $0.contains("was read the last time") }, "\(second.log)")
        #expect(second.mirror?.position.url == server.tlsURL)
    }
}
