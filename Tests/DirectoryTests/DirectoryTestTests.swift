import AccessControl
import AccessModel
import LDAPDirectory
import TestSupport
import Testing

/// The test of a directory against real servers: one that is as it should be, and ways not to reach one.
@Suite struct DirectoryTestTests: TestsOfDirectories {
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
        #expect(
            connect.saw.contains("its certificate is signed by CN=Test authority ca, which is not in \"tls.ca_file\""))
        #expect(connect.saw.contains(other.caFile))
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
            ("ldaps://localhost:\(server.tlsPort)", "its certificate is for 127.0.0.1, and not for localhost"),
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
        #expect(try step("settings", of: steps).saw.contains("missing.pem: it cannot be read"))
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
}
