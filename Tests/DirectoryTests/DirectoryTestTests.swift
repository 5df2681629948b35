import AccessControl
import AccessModel
import LDAPDirectory
import TestSupport
import Testing

/// The test of a directory against real servers.
@Suite struct DirectoryTestTests {
    private let source = makeSource()
    private let stepsOnOneConnection = [
        "bind", "server", "users base", "groups base", "users", "groups", "attributes", "rules", "sample user",
        "changes",
    ]

    private func test(
        _ settings: DirectorySettings, password: String? = SlapdServer.password, login: String? = nil
    ) async -> [DirectoryTestStep] {
        await source.test(settings, password: password, login: login)
    }

    private func step(_ name: String, of steps: [DirectoryTestStep]) throws -> DirectoryTestStep {
        try #require(steps.first { $0.step == name }, "\(steps.map(\.step))")
    }

    /// A unit of slapd with people and with the group `ops` of the first two.
    private func unit(
        _ name: String, people: Int = 3, on server: SlapdServer
    ) async throws -> (base: String, settings: DirectorySettings) {
        let base = try await TestServers.crowd(people, unit: name, on: server)
        try await server.apply(
            LDIF.entry(
                "cn=ops,\(base)",
                [
                    ("objectClass", "groupOfNames"), ("cn", "ops"), ("member", "uid=\(name)-1,\(base)"),
                    ("member", "uid=\(name)-2,\(base)"),
                ]))
        return (base, .slapd(server, base: base))
    }

    private static func team(_ name: String) throws -> DirectorySettings.Feed {
        .team(organization: try AccountName("nd"), team: try TeamName(name))
    }

    /// Whatever has something against it says what to change, and whatever passed does not.
    private func expectAdvice(_ steps: [DirectoryTestStep]) {
        for step in steps {
            let needsAdvice = step.outcome == .failed || step.outcome == .warning
            #expect((step.advice != nil) == needsAdvice, "\(step)")
            #expect(!step.saw.isEmpty)
            #expect(step.saw.hasPrefix("not tried: ") == (step.outcome == .skipped), "\(step)")
        }
    }

    // MARK: - All well

    @Test func `a directory that is as it should be passes every step`() async throws {
        let server = try await TestServers.following.value
        var (base, settings) = try await unit("test-well", on: server)
        settings.rules = [.init(group: "CN=Ops, \(base)", feeds: try Self.team("ops"))]
        settings.patterns = [try GroupPattern("{org}ps", role: .owner)]
        let steps = await test(settings)
        #expect(steps.map(\.step) == ["settings", "connect \(server.tlsURL)"] + stepsOnOneConnection)
        #expect(steps.filter { $0.outcome != .passed } == [])
        expectAdvice(steps)
        #expect(try step("server", of: steps).saw.hasPrefix("OpenLDAP, which holds \(SlapdServer.suffix)"))
        #expect(try step("users", of: steps).saw.hasPrefix("3 entries: 3 with a usable login, 3 with an identity"))
        #expect(try step("groups", of: steps).saw.contains("the largest is cn=ops,\(base) with 2 members"))
        #expect(
            try step("rules", of: steps).saw
                == "the groups of 1 of 1 rule are found; {org}ps fits 1 of 1 group (ops feeds the owners of o)")
        #expect(try step("changes", of: steps).saw.contains("RFC 4533"))
    }

    @Test func `a person asked for is shown with groups and with what the rules give`() async throws {
        let server = try await TestServers.slapd.value
        var (base, settings) = try await unit("test-sample", on: server)
        settings.rules = [
            .init(group: "cn=ops,\(base)", feeds: try Self.team("ops")),
            .init(group: "cn=gone,\(base)", feeds: .systemAdmin),
        ]
        let member = try step("sample user", of: await test(settings, login: "TEST-sample-2"))
        #expect(member.outcome == .passed)
        #expect(member.saw.hasPrefix("uid=test-sample-2,\(base); identity "))
        #expect(member.saw.contains("login test-sample-2 becomes the account test-sample-2; active, without an end"))
        #expect(member.saw.contains("named by cn=ops,\(base)"))
        #expect(member.saw.hasSuffix("by these groups alone the rules give them nd/ops"))
        let other = try step("sample user", of: await test(settings, login: "test-sample-3"))
        #expect(other.saw.contains("no group names them; the rules give them nothing"))
    }

    @Test func `a person who is not found is told from one whom the filter leaves out`() async throws {
        let server = try await TestServers.slapd.value
        var (base, settings) = try await unit("test-nobody", on: server)
        settings.users.filter = "(uid=test-nobody-1)"
        let stranger = try step("sample user", of: await test(settings, login: "elton*"))
        #expect(stranger.outcome == .failed)
        #expect(stranger.saw == "nobody whom the search for users selects has uid \"elton*\"")
        let leftOut = try step("sample user", of: await test(settings, login: "test-nobody-2"))
        #expect(leftOut.outcome == .failed)
        #expect(leftOut.saw.contains("uid=test-nobody-2,\(base) has it, and the filter leaves it out"))
    }

    @Test func `an inactive person and a refused login are told`() async throws {
        let server = try await TestServers.slapd.value
        let (base, settings) = try await unit("test-odd", on: server)
        try await server.apply(
            LDIF.replace("uid=test-odd-1,\(base)", "pwdAccountLockedTime", with: ["000001010000Z"])
                + TestServers.person("bad name!", base: base))
        let inactive = await test(settings, login: "test-odd-1")
        #expect(try step("sample user", of: inactive).outcome == .warning)
        #expect(try step("sample user", of: inactive).saw.contains("inactive: locked"))
        #expect(try step("users", of: inactive).outcome == .warning)
        #expect(try step("users", of: inactive).saw.contains("uid=bad name!,\(base): \"bad name!\" is not a valid"))
        #expect(try step("sample user", of: await test(settings, login: "bad name!")).outcome == .failed)
        #expect(try step("sample user", of: await test(settings)).saw.hasPrefix("uid=test-odd-2,"))
    }

    // MARK: - Reaching the servers

    @Test func `a certificate that is not trusted fails the connection, and nothing else is tried`() async throws {
        let server = try await TestServers.slapd.value
        let other = try await TestCertificates(in: server.folder, name: "other-ca")
        var settings = DirectorySettings.slapd(server, base: SlapdServer.people)
        settings.tls.caFile = other.caFile
        let steps = await test(settings)
        expectAdvice(steps)
        let connect = try step("connect \(server.tlsURL)", of: steps)
        #expect(connect.outcome == .failed)
        #expect(connect.saw.contains("its certificate is not trusted"))
        #expect(connect.advice?.contains(other.caFile) == true)
        #expect(steps.suffix(stepsOnOneConnection.count).map(\.step) == stepsOnOneConnection)
        #expect(steps.suffix(stepsOnOneConnection.count).allSatisfy { $0.outcome == .skipped })
    }

    @Test func `failures to connect are told apart`() async throws {
        let server = try await TestServers.slapd.value
        let nobody = "ldaps://127.0.0.1:\(try Loopback.freePort())"
        let silent = try Loopback.listener("127.0.0.1", port: 0)
        let urls = [
            (nobody, "the connection is refused"),
            ("ldaps://127.0.0.1:\(server.port)", "TLS does not come about"),
            ("ldaps://localhost:\(server.tlsPort)", "does not name localhost"),
            ("ldaps://127.0.0.1:\(try Loopback.port(of: silent))", "no answer"),
            ("ldaps://nobody.invalid", "the name nobody.invalid has no address"),
        ]
        var settings = DirectorySettings.slapd(server, base: SlapdServer.people)
        settings.timeout = 1
        settings.urls = urls.map(\.0)
        let failed = await test(settings)
        expectAdvice(failed)
        for (url, words) in urls {
            let connect = try step("connect \(url)", of: failed)
            #expect(connect.outcome == .failed)
            #expect(connect.saw.contains(words), "\(url): \(connect.saw)")
        }
        var wrongPort = settings
        wrongPort.tls.mode = .starttls
        wrongPort.urls = ["ldap://127.0.0.1:\(server.tlsPort)"]
        #expect(await test(wrongPort).contains { $0.saw.contains("it answers at port \(server.tlsPort)") })
        settings.urls = [nobody, server.tlsURL]
        let steps = await test(settings)
        #expect(try step("connect \(nobody)", of: steps).outcome == .warning)
        #expect(try step("connect \(server.tlsURL)", of: steps).outcome == .passed)
        #expect(try step("bind", of: steps).outcome == .passed)
    }

    @Test func `an authority that cannot be read is told`() async throws {
        let server = try await TestServers.slapd.value
        var settings = DirectorySettings.slapd(server, base: SlapdServer.people)
        settings.tls.caFile = server.folder.path("missing.pem")
        let steps = await test(settings)
        #expect(try step("connect \(server.tlsURL)", of: steps).saw.contains("missing.pem cannot be read"))
        struct Forbidden: Error {}
        let strict = LDAPDirectorySource { _ in throw Forbidden() }
        let refused = await strict.test(settings, password: "x", login: nil)
        #expect(refused.first?.step == "settings")
        #expect(refused.first?.outcome == .failed)
        #expect(refused.map(\.step) == ["settings"] + stepsOnOneConnection)
    }

    @Test func `a wrong password, none, and no bind account are told`() async throws {
        let server = try await TestServers.slapd.value
        var settings = DirectorySettings.slapd(server, base: SlapdServer.people)
        let wrong = await test(settings, password: "wrong")
        expectAdvice(wrong)
        #expect(try step("bind", of: wrong).outcome == .failed)
        #expect(try step("bind", of: wrong).saw.hasSuffix("the name or the password is wrong"))
        #expect(wrong.suffix(9).allSatisfy { $0.outcome == .skipped })
        #expect(try step("bind", of: await test(settings, password: nil)).saw.contains("there is no password"))
        settings.bind = nil
        let anonymous = await test(settings, password: nil)
        #expect(try step("bind", of: anonymous).saw.contains("anonymously"))
        #expect(try step("users base", of: anonymous).outcome == .failed)
    }

    @Test func `clear text is a warning where it is allowed`() async throws {
        let server = try await TestServers.slapd.value
        var (_, settings) = try await unit("test-clear", on: server)
        settings.urls = [server.url]
        settings.tls = .init(mode: .none, allowCleartext: true)
        let steps = await test(settings)
        #expect(try step("settings", of: steps).outcome == .warning)
        #expect(try step("connect \(server.url)", of: steps).saw.hasSuffix("without TLS"))
        settings.tls.allowCleartext = false
        #expect(try step("settings", of: await test(settings)).outcome == .failed)
    }

    // MARK: - What is read

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

    @Test func `groups that keep their members elsewhere are told where`() async throws {
        let server = try await TestServers.slapd.value
        var (base, settings) = try await unit("test-member", on: server)
        try await server.apply(
            LDIF.entry(
                "cn=posix,\(base)",
                [("objectClass", "posixGroup"), ("cn", "posix"), ("gidNumber", "7"), ("memberUid", "test-member-1")]))
        settings.groups.filter = "(objectClass=posixGroup)"
        let wrong = try step("attributes", of: await test(settings))
        #expect(wrong.outcome == .warning)
        #expect(wrong.saw.hasSuffix("no group has member (member)"))
        #expect(wrong.advice?.hasSuffix("these groups keep their members in memberUid") == true)
        settings.attributes.member = "memberUid"
        let steps = await test(settings, login: "test-member-1")
        #expect(try step("attributes", of: steps).outcome == .passed)
        #expect(try step("sample user", of: steps).saw.contains("named by cn=posix,\(base)"))
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
