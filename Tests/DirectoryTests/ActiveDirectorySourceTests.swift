import AccessControl
import AccessModel
import LDAPClient
import LDAPDirectory
import TestSupport
import Testing

/// The adapter and the ranged retrieval of the wrapper against a real Samba domain controller.
@Suite struct ActiveDirectorySourceTests {
    private let source = makeSource()
    private let worker = LDAPWorker()

    /// Makes an organisational unit with enabled people `NAME-1` and so on.
    private func unit(_ name: String, people: Int, on server: SambaDomainController) async throws -> String {
        let base = "OU=\(name),\(SambaDomainController.base)"
        var ldif = LDIF.entry(base, [("objectClass", "organizationalUnit")])
        for number in 1...people {
            ldif += SambaDomainController.user("\(name)-\(number)", dn: "CN=\(name)-\(number),\(base)")
        }
        try await server.apply(ldif)
        return base
    }

    private func read(
        _ settings: DirectorySettings, password: String? = SambaDomainController.password
    ) async throws(DirectoryError) -> DirectorySnapshot {
        try await source.read(settings, password: password) { _ in }
    }

    /// One entry by the domain controller's own lookup of an identity in text form.
    private func entry(_ base: String, on server: SambaDomainController) async throws -> LDAPEntry? {
        let url = try #require(LDAPURL(server.tlsURL))
        let endpoint = LDAPEndpoint(url: url, security: .ldaps, caFile: server.caFile)
        return try await worker.run { _ throws(LDAPError) in
            var connection = try LDAPConnection.connect(to: endpoint)
            try connection.bind(
                dn: SambaDomainController.administrator, password: SambaDomainController.password)
            return try connection.search(LDAPSearch(base: base, scope: .base, attributes: ["sAMAccountName"])).first
        }
    }

    @Test func `people carry their identity, their standing and their primary group`() async throws {
        let server = try await TestServers.samba.value
        let base = try await unit("people", people: 5, on: server)
        let dns = (1...5).map { "CN=people-\($0),\(base)" }
        try await server.apply(
            LDIF.replace(dns[0], "displayName", with: ["Müller, Jörg (ext)"])
                + LDIF.replace(dns[0], "mail", with: ["jm@corp.example.com"])
                + LDIF.replace(dns[1], "userAccountControl", with: ["514"])
                + LDIF.replace(dns[2], "accountExpires", with: ["134117280000000000"])
                + LDIF.replace(dns[3], "accountExpires", with: ["9223372036854775807"])
                + LDIF.replace(dns[4], "accountExpires", with: ["0"]))
        var settings = DirectorySettings.samba(server, base: base)
        settings.groups.base = SambaDomainController.users
        let snapshot = try await read(settings)
        #expect(snapshot.usersReading == .complete)
        let users = snapshot.users.sorted { $0.dn < $1.dn }
        #expect(users.map(\.login) == (1...5).map { "people-\($0)" })
        #expect(users.map { $0.inactiveReason(at: testTime) } == [nil, "disabled", "expired on 2026-01-01", nil, nil])
        #expect(users[0].fullName == "Müller, Jörg (ext)")
        #expect(users[0].email == "jm@corp.example.com")
        #expect(try await entry("<GUID=\(users[0].externalID)>", on: server)?.dn == users[0].dn)
        let everybody = try #require(snapshot.groups.first { $0.dn.hasPrefix("CN=Domain Users,") })
        #expect(users.map(\.primaryGroup) == Array(repeating: everybody.primaryID.map { .id($0) }, count: 5))
        let sid = try #require(everybody.primaryID)
        #expect(sid.hasPrefix("S-1-5-21-") && sid.hasSuffix("-513"))
        #expect(try await entry("<SID=\(sid)>", on: server)?.dn == everybody.dn)
        #expect(everybody.members.isEmpty)
    }

    @Test func `more than a thousand groups arrive`() async throws {
        let server = try await TestServers.samba.value
        let base = try await unit("many-groups", people: 1, on: server)
        let groups = (1...1010).map { SambaDomainController.group("mg-\($0)", dn: "CN=mg-\($0),\(base)") }
        try await server.apply(groups.joined())
        let snapshot = try await read(.samba(server, base: base))
        #expect(snapshot.groupsReading == .complete)
        #expect(Set(snapshot.groups.map(\.dn)) == Set((1...1010).map { "CN=mg-\($0),\(base)" }))
        #expect(Set(snapshot.groups.map(\.externalID)).count == 1010)
    }

    @Test func `members that come in ranges are put together`() async throws {
        let server = try await TestServers.samba.value
        let base = try await unit("ranged", people: 95, on: server)
        let members = (1...95).map { "CN=ranged-\($0),\(base)" }
        try await server.apply(
            SambaDomainController.group("ranged-all", dn: "CN=all,\(base)", members: members)
                + SambaDomainController.group("ranged-ten", dn: "CN=ten,\(base)", members: Array(members.prefix(10)))
                + SambaDomainController.group("ranged-none", dn: "CN=none,\(base)"))
        let settings = DirectorySettings.samba(server, base: base)
        let whole = try await read(settings)
        for size in [1, 10, 47, 94, 95, 96] {
            let pieces = try await makeSource(membersPerRange: size).read(
                settings, password: SambaDomainController.password
            ) { _ in }
            #expect(pieces.groups == whole.groups)
        }
        let all = try #require(whole.groups.first { $0.dn == "CN=all,\(base)" })
        #expect(Set(all.members) == Set(members.map { .dn($0) }))
        #expect(all.membersReading == .complete)
    }

    @Test func `ranges that break off leave the group incomplete`() async throws {
        let server = try await TestServers.samba.value
        let base = try await unit("torn", people: 60, on: server)
        let members = (1...60).map { "CN=torn-\($0),\(base)" }
        try await server.apply(SambaDomainController.group("torn-all", dn: "CN=all,\(base)", members: members))
        let whole = try CuttingProxy(upstream: 636, address: server.address)
        var settings = DirectorySettings.samba(server, base: base)
        settings.urls = ["ldaps://127.0.0.1:\(whole.port)"]
        let ranged = makeSource(membersPerRange: 2)
        let password = SambaDomainController.password
        #expect(try await ranged.read(settings, password: password) { _ in }.groups.first?.members.count == 60)
        let proxy = try CuttingProxy(upstream: 636, address: server.address, limit: whole.bytesPassed * 9 / 10)
        settings.urls = ["ldaps://127.0.0.1:\(proxy.port)"]
        let snapshot = try await ranged.read(settings, password: password) { _ in }
        #expect(snapshot.groupsReading == .complete)
        let torn = try #require(snapshot.groups.first)
        #expect(torn.membersReading.gap?.contains("broke off") == true)
        #expect((2..<60).contains(torn.members.count))
    }

    @Test func `a group that changes while its ranges are read is incomplete`() async throws {
        let server = try await TestServers.samba.value
        let base = try await unit("moving", people: 2, on: server)
        let group = "CN=all,\(base)"
        try await server.apply(
            SambaDomainController.group(
                "moving-all", dn: group, members: ["CN=moving-1,\(base)", "CN=moving-2,\(base)"]))
        let url = try #require(LDAPURL(server.tlsURL))
        let endpoint = LDAPEndpoint(url: url, security: .ldaps, caFile: server.caFile)
        let error = await #expect(throws: LDAPError.self) {
            try await worker.run { _ throws(LDAPError) in
                var connection = try LDAPConnection.connect(to: endpoint)
                try connection.bind(
                    dn: SambaDomainController.administrator, password: SambaDomainController.password)
                var values = LDAPValues()
                let earlier = LDAPConnection.Stamp(attribute: "uSNChanged", value: Array("1".utf8))
                try connection.readValues(of: "member", at: group, unchanged: earlier, into: &values)
            }
        }
        #expect(error?.code == .other)
    }

    @Test func `references to other partitions are noted and not followed`() async throws {
        let server = try await TestServers.samba.value
        var settings = DirectorySettings.samba(server, base: SambaDomainController.base)
        settings.users.filter = "(sAMAccountName=svc-sync)"
        settings.groups.filter = "(sAMAccountName=Domain Users)"
        let snapshot = try await read(settings)
        #expect(snapshot.usersReading == .complete)
        #expect(snapshot.users.map(\.login) == ["svc-sync"])
        #expect(snapshot.referrals == ["ldaps://corp.example.com/CN=Configuration,\(SambaDomainController.base)"])
    }

    @Test(arguments: [
        "Doe, John", "#lead", "a+b", "say \"hi\"", "back\\slash", "Müller", "(ext) *", " lead", "trail ", "a=b;c<d>e",
        "a/b",
    ])
    func `people and members of any name are the same name`(name: String) async throws {
        let server = try await TestServers.samba.value
        let key = "n" + name.unicodeScalars.map { String($0.value, radix: 16) }.joined()
        let base = try await unit(key, people: 1, on: server)
        let login = "x\(key)"
        let dn = "CN=\(LDAPDN.escape(name)),\(base)"
        try await server.apply(
            SambaDomainController.user(login, dn: dn, [("displayName", name)])
                + SambaDomainController.group("g\(key)", dn: "CN=group,\(base)", members: [dn]))
        let snapshot = try await read(.samba(server, base: base))
        let person = try #require(snapshot.users.first { $0.login == login })
        #expect(person.fullName == name)
        #expect(snapshot.groups.map(\.members) == [[.dn(person.dn)]])
        #expect(
            try await source.verify(
                dn: person.dn, externalID: person.externalID, password: SambaDomainController.password,
                settings: .samba(server, base: base)) == .right)
    }

    @Test func `somebody disabled whose login was cleared is disabled`() async throws {
        let server = try await TestServers.samba.value
        let base = try await unit("cleared", people: 2, on: server)
        var settings = DirectorySettings.samba(server, base: base)
        settings.attributes.login = "mail"
        let dn = "CN=cleared-1,\(base)"
        try await server.apply(LDIF.replace(dn, "mail", with: ["cleared-1@example.com"]))
        let before = try #require(try await read(settings).users.first { $0.dn == dn })
        #expect(before.login == "cleared-1@example.com" && before.inactiveReason == nil)
        try await server.apply(
            LDIF.replace(dn, "userAccountControl", with: ["514"]) + LDIF.replace(dn, "mail", with: []))
        let after = try #require(try await read(settings).users.first { $0.dn == dn })
        #expect(after.login == nil && after.inactiveReason == "disabled")
    }

    @Test func `refusals are told in words`() async throws {
        let server = try await TestServers.samba.value
        let base = try await unit("refused", people: 4, on: server)
        let dns = (1...4).map { "CN=refused-\($0),\(base)" }
        try await server.apply(
            LDIF.replace(dns[1], "userAccountControl", with: ["514"])
                + LDIF.replace(dns[2], "accountExpires", with: ["134117280000000000"])
                + LDIF.replace(dns[3], "pwdLastSet", with: ["0"]))
        let expected = [
            (dns[0], "wrong", "the name or the password is wrong", PasswordVerdict.wrong),
            ("CN=nobody,\(base)", SambaDomainController.password, "the name or the password is wrong", .wrong),
            (
                dns[1], SambaDomainController.password, "the account is disabled",
                .refused(reason: "the account is disabled")
            ),
            (
                dns[2], SambaDomainController.password, "the account has expired",
                .refused(reason: "the account has expired")
            ),
            (
                dns[3], SambaDomainController.password, "the password must be changed first",
                .refused(reason: "the password must be changed first")
            ),
            (dns[3], "wrong", "the name or the password is wrong", .wrong),
        ]
        for (dn, password, reason, verdict) in expected {
            var settings = DirectorySettings.samba(server, base: base)
            settings.bind = .init(dn: dn)
            await #expect(throws: DirectoryError.bindRefused(dn: dn, reason: "\(server.tlsURL):636: \(reason)")) {
                try await read(settings, password: password)
            }
            let found = try await source.verify(dn: dn, externalID: "anybody", password: password, settings: settings)
            #expect(found == verdict)
        }
        let snapshot = try await read(.samba(server, base: base))
        let first = try #require(snapshot.users.first { $0.dn == dns[0] })
        #expect(
            try await source.verify(
                dn: dns[0], externalID: first.externalID, password: SambaDomainController.password,
                settings: .samba(server, base: base)) == .right)
    }

    @Test func `StartTLS works, and clear text is refused by the server in words`() async throws {
        let server = try await TestServers.samba.value
        var settings = DirectorySettings.samba(server, base: SambaDomainController.users)
        settings.urls = [server.url]
        settings.tls.mode = .starttls
        #expect(try await read(settings).usersReading == .complete)
        settings.tls = .init(mode: .none, allowCleartext: true)
        let error = await #expect(throws: DirectoryError.self) { try await read(settings) }
        guard case .bindRefused(_, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains(": it wants TLS before a password"))
    }
}
