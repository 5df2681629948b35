import AccessControl
import AccessModel
import LDAPDirectory
import TestSupport
import Testing

/// The test of a directory against real servers: what it reads there.
@Suite struct DirectoryTestReadingTests: TestsOfDirectories {
    @Test func `a missing base fails what needs it`() async throws {
        let server = try await TestServers.slapd.value
        var (_, settings) = try await unit("test-base", on: server)
        settings.groups.base = "ou=Nowhere,\(SlapdServer.suffix)"
        let steps = await test(settings)
        expectAdvice(steps)
        #expect(try step("groups base", of: steps).outcome == .failed)
        #expect(try step("groups base", of: steps).advice?.hasSuffix("end in \(SlapdServer.suffix)") == true)
        #expect(try step("groups", of: steps).outcome == .skipped)
        #expect(try step("rules", of: steps).outcome == .skipped)
        #expect(try step("users", of: steps).outcome == .passed)
        #expect(try step("sample user", of: steps).outcome == .passed)
    }

    @Test func `a filter that selects nobody, or does not parse, fails`() async throws {
        let server = try await TestServers.slapd.value
        var (_, settings) = try await unit("test-filter", on: server)
        settings.users.filter = "(objectClass=pilotPerson)"
        let steps = await test(settings)
        expectAdvice(steps)
        #expect(try step("users", of: steps).outcome == .failed)
        #expect(try step("users", of: steps).saw.contains("(objectClass=pilotPerson) selects nothing"))
        #expect(try step("attributes", of: steps).outcome == .skipped)
        #expect(try step("sample user", of: steps).outcome == .skipped)
        settings.users.filter = "(uid=a"
        let broken = await test(settings)
        #expect(try step("users", of: broken).saw == "the filter (uid=a does not parse")
        #expect(try step("groups", of: broken).outcome == .passed)
    }

    @Test func `a misspelt attribute is named`() async throws {
        let server = try await TestServers.slapd.value
        var (_, settings) = try await unit("test-spelling", on: server)
        settings.attributes.fullName = "displayNam"
        let warned = try step("attributes", of: await test(settings))
        #expect(warned.outcome == .warning)
        #expect(warned.saw.hasSuffix("nobody has full_name (displayNam)"))
        settings.attributes.login = "udi"
        let failed = await test(settings)
        expectAdvice(failed)
        #expect(try step("attributes", of: failed).outcome == .failed)
        #expect(try step("attributes", of: failed).saw.hasSuffix("nobody has login (udi), full_name (displayNam)"))
        #expect(try step("users", of: failed).outcome == .failed)
        #expect(try step("sample user", of: failed).outcome == .skipped)
    }

    @Test func `groups of any class show their members, whatever the settings name`() async throws {
        let server = try await TestServers.slapd.value
        var (base, settings) = try await unit("test-member", on: server)
        try await server.apply(
            LDIF.entry(
                "cn=posix,\(base)",
                [("objectClass", "posixGroup"), ("cn", "posix"), ("gidNumber", "7"), ("memberUid", "test-member-1")]))
        settings.groups.filter = "(objectClass=posixGroup)"
        for member in ["member", "memberUid"] {
            settings.attributes.member = member
            let steps = await test(settings, login: "test-member-1")
            #expect(try step("attributes", of: steps).outcome == .passed)
            #expect(try step("sample user", of: steps).saw.contains("named by cn=posix,\(base)"))
        }
        try await server.apply(LDIF.delete("cn=posix,\(base)"))
        try await server.apply(
            LDIF.entry("cn=empty,\(base)", [("objectClass", "posixGroup"), ("cn", "empty"), ("gidNumber", "7")]))
        let empty = try step("attributes", of: await test(settings))
        #expect(empty.outcome == .warning && empty.saw.hasSuffix("no group has member (memberUid)"), "\(empty)")
    }

    @Test func `each group of a rule that is not found has its reason`() async throws {
        let server = try await TestServers.slapd.value
        var (base, settings) = try await unit("test-rules", on: server)
        settings.rules = [
            "cn=ops,\(base)", "cn=gone,\(base)", "cn=ops,\(SlapdServer.groups)", "uid=test-rules-1,\(base)",
            "7a0c3f5e-1b7c-4a56-9f0e-6b1d2c3e4f50",
        ].map { .init(group: $0, feeds: .systemAdmin) }
        let steps = await test(settings)
        expectAdvice(steps)
        let rules = try step("rules", of: steps)
        #expect(rules.outcome == .failed)
        #expect(rules.saw.hasPrefix("the groups of 1 of 5 rules are found; not found: cn=gone,"))
        for reason in ["there is no such entry", "it is not below", "does not select it", "with this identity"] {
            #expect(rules.saw.contains(reason), "\(reason)")
        }
        settings.groups.scope = .one
        settings.groups.base = SlapdServer.suffix
        settings.rules = Array(settings.rules.prefix(1))
        #expect(try step("rules", of: await test(settings)).saw.contains("it is not below \(SlapdServer.suffix)"))
    }

    @Test func `a size limit is a warning, whatever the size of a page`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(510, unit: "test-limit", on: server)
        var settings = DirectorySettings.slapd(server, base: base, account: SlapdServer.limitedAccount)
        for size in [100, 500] {
            settings.pageSize = size
            let users = try step("users", of: await test(settings))
            #expect(users.outcome == .warning)
            #expect(users.saw.hasPrefix("500 and more entries: 500 with a usable login"))
            #expect(users.advice?.contains("dn.exact=\"\(SlapdServer.limitedAccount)\"") == true)
            #expect(users.advice?.contains("size.prtotal=unlimited") == true)
        }
    }

    @Test func `no more than a sample of many people is read`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(1005, unit: "test-many", on: server)
        let steps = await test(.slapd(server, base: base))
        #expect(try step("users", of: steps).outcome == .passed)
        #expect(try step("users", of: steps).saw.hasPrefix("1000 and more entries: 1000 with a usable login"))
        #expect(try step("sample user", of: steps).outcome == .passed)
    }

    @Test func `a preset that does not fit is a warning`() async throws {
        let server = try await TestServers.slapd.value
        var (_, settings) = try await unit("test-preset", on: server)
        settings.preset = .activeDirectory
        let steps = await test(settings)
        expectAdvice(steps)
        #expect(try step("server", of: steps).outcome == .warning)
        #expect(try step("server", of: steps).advice?.contains("\"openldap\"") == true)
        #expect(try step("attributes", of: steps).outcome == .failed)
        #expect(try step("attributes", of: steps).saw.contains("identity (objectGUID)"))
    }

    @Test func `without content synchronisation, and with memberOf in a filter, changes are a warning`() async throws {
        let server = try await TestServers.slapd.value
        var (base, settings) = try await unit("test-changes", on: server)
        let timed = try step("changes", of: await test(settings))
        #expect(timed.outcome == .warning)
        #expect(timed.saw.contains("modifyTimestamp"))
        #expect(timed.advice?.contains("syncprov") == true)
        settings.users.filter = "(|(uid=*)(memberOf=cn=ops,\(base)))"
        let full = try step("changes", of: await test(settings))
        #expect(full.outcome == .warning)
        #expect(full.saw.contains("every reading is a full one"))
        #expect(full.advice?.contains("leave memberOf out") == true)
    }

    // MARK: - Active Directory

    @Test func `a domain controller passes but for the deleted objects that the account does not see`() async throws {
        let server = try await TestServers.samba.value
        let base = "OU=test-domain,\(SambaDomainController.base)"
        let person = "CN=test-domain-1,\(base)"
        try await server.apply(
            LDIF.entry(base, [("objectClass", "organizationalUnit")])
                + SambaDomainController.user(
                    "test-domain-1", dn: person, [("displayName", "Person"), ("mail", "p@corp.example.com")])
                + SambaDomainController.group("test-domain-ops", dn: "CN=ops,\(base)", members: [person]))
        var settings = DirectorySettings.samba(server, base: base)
        settings.attributes.principalName = "userPrincipalName"
        settings.rules = [.init(group: "CN=ops,\(base)", feeds: try Self.team("ops"))]
        let steps = await test(
            settings, password: SambaDomainController.password, login: "test-domain-1@corp.example.com")
        expectAdvice(steps)
        #expect(steps.filter { $0.outcome != .passed }.map(\.step) == ["changes"])
        #expect(try step("server", of: steps).saw.contains("Active Directory"))
        let sample = try step("sample user", of: steps)
        #expect(sample.saw.contains("principal name test-domain-1@corp.example.com"))
        #expect(sample.saw.contains("named by CN=ops,\(base)"))
        #expect(sample.saw.contains("-513, which the search for groups does not find"))
        #expect(sample.saw.hasSuffix("by these groups alone the rules give them nd/ops"))
        let changes = try step("changes", of: steps)
        #expect(changes.outcome == .warning)
        let container = "\"CN=Deleted Objects,\(SambaDomainController.base)\""
        #expect(changes.advice?.contains("dsacls \(container) /takeownership") == true)
        #expect(changes.advice?.contains("dsacls \(container) /G CORP\\svc-sync:LCRP") == true)
        settings.bind = .init(dn: SambaDomainController.administrator)
        settings.groups.base = SambaDomainController.base
        settings.rules = []
        let administrators = await test(
            settings, password: SambaDomainController.password, login: "test-domain-1")
        #expect(try step("changes", of: administrators).outcome == .passed)
        #expect(try step("changes", of: administrators).saw.hasSuffix("deleted objects are seen"))
        #expect(
            try step("sample user", of: administrators).saw.contains(
                "primary group CN=Domain Users,\(SambaDomainController.users)"))
    }

    @Test func `large groups of a domain are told, and what is disabled`() async throws {
        let server = try WindowsDirectory()
        defer { server.stop() }
        server.settings.maxValRange = 10
        let unit = try server.addUnit("People")
        let people = try (1...30).map { try server.addUser("p\($0)", in: unit, [("mail", ["p\($0)@example.com"])]) }
        try server.replace(people[0], "userAccountControl", ["514"])
        try server.addGroup("everybody", in: unit, members: people)
        var settings = DirectorySettings(
            preset: .activeDirectory, urls: [server.url], tls: .init(mode: .none, allowCleartext: true),
            bind: .init(dn: WindowsDirectory.syncPrincipal),
            users: .init(base: unit, filter: "(&(objectCategory=person)(objectClass=user))"),
            groups: .init(base: unit, filter: "(objectClass=group)"),
            attributes: .init(login: "sAMAccountName", fullName: "displayName", email: "mail", member: "member"),
            rules: [], pageSize: 100, timeout: 20)
        settings.rules = [.init(group: try server.guid("CN=everybody,\(unit)"), feeds: .systemAdmin)]
        let steps = await test(settings, password: WindowsDirectory.password, login: "p1")
        #expect(
            try step("groups", of: steps).saw.contains(
                "the largest is CN=everybody,\(unit) with 10 members and more, 1 so large"))
        #expect(try step("rules", of: steps).outcome == .passed)
        let sample = try step("sample user", of: steps)
        #expect(sample.outcome == .warning)
        #expect(sample.saw.contains("inactive: disabled"))
        #expect(!sample.saw.contains("the rules give"), "the inactive are given nothing")
        let changes = try step("changes", of: steps)
        #expect(changes.saw.hasPrefix("follows changes by DirSync"))
        #expect(changes.advice?.contains("/G WIN\\svc-sync:LCRP") == true)
        server.settings.showsDeleted = true
        let seen = await test(settings, password: WindowsDirectory.password)
        #expect(try step("changes", of: seen).outcome == .passed)
    }
}
