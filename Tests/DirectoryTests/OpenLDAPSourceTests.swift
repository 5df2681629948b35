import AccessControl
import AccessModel
import LDAPDirectory
import Synchronization
import TestSupport
import Testing

/// The adapter against a real slapd.
@Suite struct OpenLDAPSourceTests {
    private let source = makeSource()

    private func read(_ settings: DirectorySettings) async throws(DirectoryError) -> DirectorySnapshot {
        try await source.read(settings, password: SlapdServer.password) { _ in }
    }

    @Test func `people and groups are read whole, over many pages`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(1100, unit: "whole", on: server)
        let members = (1...1050).map { "uid=whole-\($0),\(base)" }
        try await server.apply(
            LDIF.entry(
                "cn=everybody,\(base)",
                [("objectClass", "groupOfNames"), ("cn", "everybody")] + members.map { ("member", $0) }))
        let counts = Mutex<[Int]>([])
        let snapshot = try await source.read(.slapd(server, base: base), password: SlapdServer.password) { count in
            counts.withLock { $0.append(count) }
        }
        #expect(snapshot.usersReading == .complete)
        #expect(snapshot.groupsReading == .complete)
        #expect(Set(snapshot.users.compactMap(\.login)) == Set((1...1100).map { "whole-\($0)" }))
        #expect(Set(snapshot.users.map(\.externalID)).count == 1100)
        let first = try #require(snapshot.users.first { $0.login == "whole-1" })
        #expect(first.dn == "uid=whole-1,\(base)")
        #expect(first.fullName == "Person whole-1")
        #expect(first.email == "whole-1@corp.example.com")
        #expect(first.inactiveReason(at: testTime) == nil)
        #expect(first.externalID.count == 36 && first.externalID == first.externalID.lowercased())
        #expect(snapshot.groups.map(\.members) == [members.map { .dn($0) }])
        #expect(snapshot.groups.map(\.membersReading) == [.complete])
        #expect(counts.withLock { $0 } == [500, 1000, 1101])
    }

    @Test func `members are names or logins as the group's class has them`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(1, unit: "kinds", on: server)
        let person = "uid=kinds-1,\(base)"
        try await server.apply(
            LDIF.entry("cn=a,\(base)", [("objectClass", "groupOfNames"), ("cn", "a"), ("member", "")])
                + LDIF.entry(
                    "cn=b,\(base)",
                    [
                        ("objectClass", "groupOfUniqueNames"), ("cn", "b"), ("uniqueMember", person),
                        ("uniqueMember", "\(person)#'0101'B"),
                    ])
                + LDIF.entry(
                    "cn=c,\(base)",
                    [("objectClass", "posixGroup"), ("cn", "c"), ("gidNumber", "7"), ("memberUid", "kinds-1")]))
        let placeholder = try await read(.slapd(server, base: base))
        #expect(placeholder.groups.map(\.members) == [[]])
        let unique = try await read(
            .slapd(server, base: base, member: "uniqueMember", groupClass: "groupOfUniqueNames"))
        #expect(unique.groups.map(\.members) == [[.dn(person), .dn(person)]])
        let posix = try await read(.slapd(server, base: base, member: "memberUid", groupClass: "posixGroup"))
        #expect(posix.groups.map(\.members) == [[.login("kinds-1")]])
    }

    @Test(arguments: LDAPClientTests.awkwardNames)
    func `people of any name are read as they are called`(name: String) async throws {
        let server = try await TestServers.slapd.value
        let unit = "named-\(name.unicodeScalars.map { String($0.value, radix: 16) }.joined())"
        let base = try await TestServers.crowd(1, unit: unit, on: server)
        try await server.apply(LDIF.replace("uid=\(unit)-1,\(base)", "cn", with: [name]))
        #expect(try await read(.slapd(server, base: base)).users.map(\.fullName) == [name])
    }

    @Test func `locked and expired people are inactive`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(6, unit: "standing", on: server)
        let dns = (1...6).map { "uid=standing-\($0),\(base)" }
        let shadow = { (number: Int, day: String) in
            LDIF.add(dns[number], "objectClass", ["shadowAccount"])
                + LDIF.replace(dns[number], "shadowExpire", with: [day])
        }
        try await server.apply(
            LDIF.replace(dns[1], "pwdAccountLockedTime", with: ["000001010000Z"])
                + LDIF.replace(dns[2], "pwdAccountLockedTime", with: ["20260101000000Z"])
                + shadow(3, "20454") + shadow(4, "20600") + shadow(5, "-1"))
        let users = try await read(.slapd(server, base: base)).users
        #expect(
            users.map { $0.inactiveReason(at: testTime) } == [nil, "locked", nil, "expired on 2026-01-01", nil, nil])
    }

    @Test func `the size limit leaves the reading incomplete, pages or not`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(510, unit: "too-many", on: server)
        let snapshot = try await read(.slapd(server, base: base, account: SlapdServer.limitedAccount))
        #expect(snapshot.users.count == 500)
        #expect(snapshot.usersReading.gap?.contains("size limit") == true)
        #expect(snapshot.groupsReading == .complete)
    }

    @Test func `a missing base leaves that search incomplete and the other one whole`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(2, unit: "half", on: server)
        var settings = DirectorySettings.slapd(server, base: base)
        settings.groups.base = "ou=Nowhere,\(SlapdServer.suffix)"
        let noGroups = try await read(settings)
        #expect(noGroups.users.count == 2)
        #expect(noGroups.usersReading == .complete)
        #expect(noGroups.groupsReading.gap?.contains("ou=Nowhere") == true)
        swap(&settings.users, &settings.groups)
        let noUsers = try await read(settings)
        #expect(noUsers.usersReading.gap?.contains("ou=Nowhere") == true)
        #expect(noUsers.groupsReading == .complete)
    }

    @Test func `a person whose identity is hidden leaves the reading incomplete`() async throws {
        let server = try await SlapdServer.start()
        let base = try await TestServers.crowd(2, unit: "hidden", on: server)
        try await server.apply(
            LDIF.replace(
                "olcDatabase={1}mdb,cn=config", "olcAccess",
                with: [
                    "to attrs=userPassword by anonymous auth by * none",
                    "to dn.base=\"uid=hidden-1,\(base)\" attrs=entryUUID by * none", "to * by users read by * none",
                ]))
        let snapshot = try await read(.slapd(server, base: base))
        #expect(snapshot.users.compactMap(\.login) == ["hidden-2"])
        #expect(snapshot.usersReading.gap?.contains("uid=hidden-1,\(base): its entryUUID") == true)
        try await server.remove()
    }

    @Test func `a connection cut anywhere never looks complete`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(300, unit: "broken", on: server)
        try await server.apply(
            LDIF.entry(
                "cn=all,\(base)",
                [("objectClass", "groupOfNames"), ("cn", "all"), ("member", "uid=broken-1,\(base)")]))
        let whole = try CuttingProxy(upstream: server.tlsPort)
        var settings = DirectorySettings.slapd(server, base: base)
        settings.urls = ["ldaps://127.0.0.1:\(whole.port)"]
        #expect(try await read(settings).usersReading == .complete)
        // The last bytes of a TLS connection belong to its end, which nobody needs.
        let used = whole.bytesPassed - 64
        for part in 1...20 {
            let proxy = try CuttingProxy(upstream: server.tlsPort, limit: used * part / 21)
            settings.urls = ["ldaps://127.0.0.1:\(proxy.port)"]
            do throws(DirectoryError) {
                let snapshot = try await read(settings)
                #expect(snapshot.groupsReading.gap?.contains("connection was lost") == true)
                #expect(snapshot.users.count == 300 || snapshot.usersReading != .complete)
            } catch {
                #expect(part == 1, "\(error)")
            }
        }
    }

    @Test func `a server that falls silent leaves the reading incomplete in time`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(300, unit: "silent", on: server)
        let proxy = try CuttingProxy(upstream: server.tlsPort, limit: 20_000, end: .silence)
        var settings = DirectorySettings.slapd(server, base: base)
        settings.urls = ["ldaps://127.0.0.1:\(proxy.port)"]
        settings.timeout = 1
        let snapshot = try await read(settings)
        #expect(snapshot.usersReading.gap?.contains("no answer for 1 s") == true)
        #expect(snapshot.groupsReading != .complete)
    }

    // MARK: - Connecting

    @Test func `the next server is asked when one cannot be reached`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(1, unit: "failover", on: server)
        var settings = DirectorySettings.slapd(server, base: base)
        let dead = "ldaps://127.0.0.1:\(try Loopback.freePort())"
        settings.urls = [dead, server.tlsURL]
        #expect(try await read(settings).users.count == 1)
        settings.urls = [dead]
        await #expect(
            throws: DirectoryError.unreachable(
                reason: "\(dead): no connection: nobody listens there, or no way leads there")
        ) { try await read(settings) }
    }

    @Test func `people whom another server keeps make the reading incomplete`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(2, unit: "divided", on: server)
        try await server.apply(
            LDIF.entry(
                "ou=elsewhere,\(base)",
                [
                    ("objectClass", "referral"), ("objectClass", "extensibleObject"), ("ou", "elsewhere"),
                    ("ref", "ldap://127.0.0.1:9/ou=elsewhere,\(base)"),
                ]))
        let snapshot = try await read(.slapd(server, base: base))
        #expect(snapshot.users.count == 2)
        #expect(snapshot.usersReading != .complete)
    }

    @Test func `a refused bind is final and says why`() async throws {
        let server = try await TestServers.slapd.value
        var settings = DirectorySettings.slapd(server, base: SlapdServer.suffix)
        settings.urls = [server.tlsURL, "ldaps://127.0.0.1:\(try Loopback.freePort())"]
        await #expect(
            throws: DirectoryError.bindRefused(
                dn: SlapdServer.syncAccount, reason: "\(server.tlsURL): the name or the password is wrong")
        ) {
            try await source.read(settings, password: "wrong") { _ in }
        }
    }

    @Test(arguments: [DirectorySettings.TLS.Mode.ldaps, .starttls])
    func `a certificate of an unknown authority is refused`(mode: DirectorySettings.TLS.Mode) async throws {
        let server = try await TestServers.slapd.value
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        var settings = DirectorySettings.slapd(server, base: SlapdServer.suffix)
        settings.urls = [mode == .ldaps ? server.tlsURL : server.url]
        settings.tls = .init(mode: mode, caFile: try await TestCertificates(in: folder).caFile)
        let error = await #expect(throws: DirectoryError.self) { try await read(settings) }
        guard case .tlsRefused(let url, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(url == settings.urls[0])
    }

    @Test func `StartTLS protects a password as LDAPS does`() async throws {
        let server = try await TestServers.slapd.value
        var settings = DirectorySettings.slapd(server, base: SlapdServer.people)
        settings.urls = [server.url]
        settings.tls.mode = .starttls
        #expect(try await read(settings).usersReading == .complete)
    }

    @Test func `a password goes in clear only where the settings say so`() async throws {
        let server = try await TestServers.slapd.value
        var settings = DirectorySettings.slapd(server, base: SlapdServer.people)
        settings.urls = [server.url]
        settings.tls = .init(mode: .none)
        await expectUnusable("tls") { try await read(settings) }
        await expectUnusable("tls") {
            try await source.verify(dn: "cn=x", externalID: "x", password: "y", settings: settings)
        }
        settings.tls.allowCleartext = true
        #expect(try await read(settings).usersReading == .complete)
        settings.urls = [server.tlsURL]
        await expectUnusable("urls") { try await read(settings) }
        settings.urls = ["\(server.tlsURL) \(server.url)"]
        settings.tls = .init(mode: .ldaps, caFile: server.caFile)
        await expectUnusable("urls") { try await read(settings) }
    }

    @Test func `settings that cannot be used are told by name`() async throws {
        let server = try await TestServers.slapd.value
        let good = DirectorySettings.slapd(server, base: SlapdServer.people)
        var settings = good
        settings.users.filter = "(uid=a"
        await expectUnusable("users.filter") { try await read(settings) }
        settings = good
        settings.tls.caFile = server.folder.path("missing.pem")
        await expectUnusable("tls.ca_file") { try await read(settings) }
        await expectUnusable("bind") { try await source.read(good, password: nil) { _ in } }
        await expectUnusable("bind") { try await source.read(good, password: "") { _ in } }
        struct Forbidden: Error {}
        let strict = LDAPDirectorySource { _ in throw Forbidden() }
        await expectUnusable("tls.ca_file") { try await strict.read(good, password: "x") { _ in } }
    }

    @Test func `without a bind account the reading is anonymous`() async throws {
        let server = try await TestServers.slapd.value
        var settings = DirectorySettings.slapd(server, base: SlapdServer.people)
        settings.bind = nil
        let snapshot = try await source.read(settings, password: nil) { _ in }
        #expect(snapshot.users.isEmpty)
        #expect(snapshot.usersReading != .complete)
    }

    // MARK: - Logins

    @Test func `a person proves who they are with the right password only`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(1, unit: "login", on: server)
        let settings = DirectorySettings.slapd(server, base: base)
        let dn = "uid=login-1,\(base)"
        let id = try #require(try await read(settings).users.first { $0.dn == dn }).externalID
        func verify(_ dn: String, _ id: String, _ password: String) async throws -> Bool {
            try await source.verify(dn: dn, externalID: id, password: password, settings: settings) == .right
        }
        #expect(try await verify(dn, id, SlapdServer.password))
        #expect(try await !verify(dn, id, "wrong"))
        #expect(try await !verify(dn, id, ""))
        #expect(try await !verify("", id, SlapdServer.password))
        #expect(try await !verify("uid=nobody,\(base)", id, SlapdServer.password))
        #expect(try await !verify("ou=login,\(SlapdServer.suffix)", id, "x"))
        #expect(
            try await !verify(dn, "another-person", SlapdServer.password), "the name belongs to somebody else by now")
    }

    @Test func `no answer is not a no`() async throws {
        let server = try await TestServers.slapd.value
        var settings = DirectorySettings.slapd(server, base: SlapdServer.people)
        settings.urls = ["ldaps://127.0.0.1:\(try Loopback.freePort())"]
        let error = await #expect(throws: DirectoryError.self) {
            try await source.verify(
                dn: SlapdServer.syncAccount, externalID: "unknown", password: "x", settings: settings)
        }
        guard case .unreachable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    private func expectUnusable<Value>(_ setting: String, _ body: () async throws -> Value) async {
        do {
            _ = try await body()
            Issue.record("\(setting) was used")
        } catch DirectoryError.unusable(setting: let name, reason: _) {
            #expect(name == setting)
        } catch {
            Issue.record(error)
        }
    }
}
