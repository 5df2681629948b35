import Dispatch
import LDAPClient
import TestSupport
import Testing

/// The wrapper of libldap against a real slapd.
@Suite struct LDAPClientTests {
    private let worker = LDAPWorker()

    /// Binds and searches on a thread of the worker: what arrived, the summary, and the error if it failed.
    private func search(
        _ search: LDAPSearch, _ endpoint: LDAPEndpoint, as dn: String = SlapdServer.syncAccount
    ) async throws -> (entries: [LDAPEntry], summary: LDAPSearchSummary, error: LDAPError?) {
        try await worker.run { _ throws(LDAPError) in
            var connection = try LDAPConnection.connect(to: endpoint)
            try connection.bind(dn: dn, password: SlapdServer.password)
            var entries: [LDAPEntry] = []
            var summary = LDAPSearchSummary()
            do throws(LDAPError) {
                try connection.search(search, summary: &summary) { entries.append($0) }
            } catch {
                return (entries, summary, error)
            }
            return (entries, summary, nil)
        }
    }

    private func bind(_ endpoint: LDAPEndpoint, dn: String, password: String) async throws(LDAPError) {
        try await worker.run { _ throws(LDAPError) in
            var connection = try LDAPConnection.connect(to: endpoint)
            try connection.bind(dn: dn, password: password)
        }
    }

    private func connect(_ endpoint: LDAPEndpoint) async throws(LDAPError) {
        try await worker.run { _ throws(LDAPError) in _ = try LDAPConnection.connect(to: endpoint) }
    }

    // MARK: - Pages and limits

    @Test func `more than a thousand entries arrive in pages, each once`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(1200, unit: "paged", on: server)
        let request = LDAPSearch(base: base, filter: "(uid=*)", attributes: ["uid"], pageSize: 100)
        let result = try await search(request, try server.endpoint())
        #expect(result.error == nil)
        #expect(result.summary.pages == 12)
        #expect(Set(result.entries.compactMap { $0.text("UID") }) == Set((1...1200).map { "paged-\($0)" }))
        #expect(result.entries.count == 1200)
    }

    @Test func `a refused page size is halved until the server takes it`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(150, unit: "refused-page", on: server)
        let request = LDAPSearch(base: base, filter: "(uid=*)", attributes: ["uid"], pageSize: 500)
        let result = try await search(request, try server.endpoint(), as: SlapdServer.pagedAccount)
        #expect(result.error == nil)
        #expect(result.summary.pageSize == 62)
        #expect(result.entries.count == 150)
    }

    @Test func `the size limit is an error after what it let through`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(600, unit: "limited", on: server)
        let request = LDAPSearch(base: base, filter: "(uid=*)", attributes: ["uid"], pageSize: 200)
        let result = try await search(request, try server.endpoint(), as: SlapdServer.limitedAccount)
        #expect(result.error?.code == .sizeLimitExceeded)
        #expect(result.entries.count == 500)
    }

    @Test func `a missing base and a bad filter are errors, and the connection stays usable`() async throws {
        let endpoint = try await TestServers.slapd.value.endpoint()
        try await worker.run { _ throws(LDAPError) in
            var connection = try LDAPConnection.connect(to: endpoint)
            try connection.bind(dn: SlapdServer.syncAccount, password: SlapdServer.password)
            #expect(throws: LDAPError("search", .noSuchObject)) {
                try connection.search(LDAPSearch(base: "ou=Nowhere,\(SlapdServer.suffix)", attributes: ["1.1"]))
            }
            let unparsable = #expect(throws: LDAPError.self) {
                try connection.search(LDAPSearch(base: SlapdServer.suffix, filter: "(uid=a", attributes: ["1.1"]))
            }
            #expect(unparsable?.code == .filterError)
            let found = try connection.search(LDAPSearch(base: SlapdServer.suffix, scope: .base, attributes: ["dc"]))
            #expect(found.map { $0["dc"].strings } == [["corp"]])
        }
    }

    @Test func `references are noted and not followed`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(3, unit: "referring", on: server)
        let elsewhere = "ldap://127.0.0.1:9/ou=elsewhere,dc=example,dc=com"
        try await server.apply(
            LDIF.entry(
                "ou=elsewhere,\(base)",
                [
                    ("objectClass", "referral"), ("objectClass", "extensibleObject"), ("ou", "elsewhere"),
                    ("ref", elsewhere),
                ]))
        let request = LDAPSearch(base: base, filter: "(uid=*)", attributes: ["uid"], pageSize: 2)
        let result = try await search(request, try server.endpoint())
        #expect(result.error == nil)
        #expect(result.entries.count == 3)
        #expect(result.summary.referrals == [elsewhere + "??sub"])
    }

    @Test func `a base on another server is an error that names it`() async throws {
        let server = try await TestServers.slapd.value
        let base = "ou=moved,\(SlapdServer.suffix)"
        try await server.apply(
            LDIF.entry(
                base,
                [
                    ("objectClass", "referral"), ("objectClass", "extensibleObject"), ("ou", "moved"),
                    ("ref", "ldap://127.0.0.1:9/"),
                ]))
        let result = try await search(LDAPSearch(base: base, attributes: ["1.1"]), try server.endpoint())
        #expect(result.error?.code == .referral)
        #expect(result.summary.referrals.contains { $0.hasPrefix("ldap://127.0.0.1:9/") })
    }

    // MARK: - TLS

    @Test(arguments: [LDAPEndpoint.Security.ldaps, .startTLS])
    func `a trusted server is spoken to over TLS`(security: LDAPEndpoint.Security) async throws {
        let server = try await TestServers.slapd.value
        let request = LDAPSearch(base: SlapdServer.suffix, scope: .base, attributes: ["dc"])
        let result = try await search(request, try server.endpoint(security))
        #expect(result.entries.count == 1)
    }

    @Test(arguments: [LDAPEndpoint.Security.ldaps, .startTLS])
    func `a certificate of an unknown authority is refused`(security: LDAPEndpoint.Security) async throws {
        let server = try await TestServers.slapd.value
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let stranger = try await TestCertificates(in: folder, name: "stranger")
        let endpoint = try server.endpoint(security, caFile: stranger.caFile)
        let error = await #expect(throws: LDAPError.self) { try await connect(endpoint) }
        #expect(error?.code == .connectError)
    }

    @Test(arguments: [LDAPEndpoint.Security.ldaps, .startTLS])
    func `a certificate that the system does not trust is refused`(security: LDAPEndpoint.Security) async throws {
        var endpoint = try await TestServers.slapd.value.endpoint(security)
        endpoint.caFile = nil
        let error = await #expect(throws: LDAPError.self) { try await connect(endpoint) }
        #expect(error?.code == .connectError)
    }

    @Test func `a certificate for another name is refused`() async throws {
        let server = try await TestServers.slapd.value
        let url = try #require(LDAPURL("ldaps://localhost:\(server.tlsPort)"))
        let endpoint = LDAPEndpoint(url: url, security: .ldaps, caFile: server.caFile, timeout: 20)
        let error = await #expect(throws: LDAPError.self) { try await connect(endpoint) }
        #expect(error?.code == .connectError)
    }

    @Test func `a CA file that is missing is told by name`() async throws {
        let server = try await TestServers.slapd.value
        let file = server.folder.path("missing.pem")
        let endpoint = try server.endpoint(.ldaps, caFile: file)
        let error = await #expect(throws: LDAPError.self) { try await connect(endpoint) }
        #expect(error?.code == .trustUnusable)
        #expect(error?.diagnostic.contains(file) == true)
    }

    @Test func `scheme and security must not contradict each other`() async throws {
        let server = try await TestServers.slapd.value
        let (plain, secure) = (try #require(LDAPURL(server.url)), try #require(LDAPURL(server.tlsURL)))
        for endpoint in [
            LDAPEndpoint(url: plain, security: .ldaps), LDAPEndpoint(url: secure, security: .startTLS),
            LDAPEndpoint(url: secure, security: .none),
        ] {
            let error = await #expect(throws: LDAPError.self) { try await connect(endpoint) }
            #expect(error?.code == .parameterError)
        }
    }

    // MARK: - Binds

    @Test func `a wrong password is refused by the server`() async throws {
        let endpoint = try await TestServers.slapd.value.endpoint()
        let error = await #expect(throws: LDAPError.self) {
            try await bind(endpoint, dn: SlapdServer.syncAccount, password: "wrong")
        }
        #expect(error?.code == .invalidCredentials)
    }

    @Test(arguments: [(SlapdServer.syncAccount, ""), ("", "secret"), ("cn=a\u{0}b", "secret")])
    func `an empty name or password never reaches the server`(dn: String, password: String) async throws {
        let endpoint = try await TestServers.slapd.value.endpoint()
        let error = await #expect(throws: LDAPError.self) { try await bind(endpoint, dn: dn, password: password) }
        #expect(error?.code == .parameterError)
    }

    // MARK: - Lost connections

    @Test(arguments: [LDAPEndpoint.Security.none, .ldaps, .startTLS])
    func `no server is told from a refused handshake`(security: LDAPEndpoint.Security) async throws {
        let server = try await TestServers.slapd.value
        let endpoint = try server.endpoint(security, port: try Loopback.freePort())
        let error = await #expect(throws: LDAPError.self) { try await connect(endpoint) }
        #expect(error?.code == .serverDown)
    }

    @Test(arguments: [LDAPEndpoint.Security.none, .ldaps, .startTLS])
    func `a server that says nothing is given up in time`(security: LDAPEndpoint.Security) async throws {
        let server = try await TestServers.slapd.value
        let proxy = try CuttingProxy(
            upstream: security == .ldaps ? server.tlsPort : server.port, limit: 0, end: .silence)
        let endpoint = try server.endpoint(security, port: proxy.port, timeout: 1)
        let start = ContinuousClock.now
        let error = await #expect(throws: LDAPError.self) {
            try await bind(endpoint, dn: SlapdServer.syncAccount, password: SlapdServer.password)
        }
        #expect(error?.code == .timeout)
        #expect(ContinuousClock.now - start < .seconds(60), "it would wait for ever")
    }

    @Test(arguments: [LDAPEndpoint.Security.none, .ldaps])
    func `a connection cut anywhere is an error and never the end of the results`(
        security: LDAPEndpoint.Security
    ) async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(300, unit: "cut-\(security.rawValue)", on: server)
        let request = LDAPSearch(base: base, filter: "(uid=*)", attributes: ["uid"], pageSize: 50)
        let port = security == .ldaps ? server.tlsPort : server.port
        let whole = try CuttingProxy(upstream: port)
        _ = try await search(request, try server.endpoint(security, port: whole.port))
        // The last part of a TLS connection is the answer to its end, which nobody needs.
        let used = whole.bytesPassed - (security == .ldaps ? 64 : 0)
        for part in 1...40 {
            let proxy = try CuttingProxy(upstream: port, limit: used * part / 41)
            do {
                let result = try await search(request, try server.endpoint(security, port: proxy.port))
                #expect(result.error?.code == .serverDown)
            } catch let error as LDAPError {
                #expect([.serverDown, .connectError].contains(error.code))
            }
        }
    }

    @Test func `a connection whose server came back is not used again without a bind`() async throws {
        let server = try await SlapdServer.start()
        let endpoint = try server.endpoint()
        let (ready, readyDone) = AsyncStream<Void>.makeStream()
        let restarted = DispatchSemaphore(value: 0)
        async let errors = worker.run { _ throws(LDAPError) -> [LDAPError?] in
            var connection = try LDAPConnection.connect(to: endpoint)
            try connection.bind(dn: SlapdServer.syncAccount, password: SlapdServer.password)
            readyDone.finish()
            restarted.wait()
            return (0..<3).map { _ in
                do throws(LDAPError) {
                    _ = try connection.search(LDAPSearch(base: "", scope: .base, attributes: ["+"]))
                    return nil
                } catch {
                    return error
                }
            }
        }
        for await _ in ready {}
        try await server.kill()
        try await server.restart()
        restarted.signal()
        #expect(try await errors.map { $0?.code } == [.serverDown, .serverDown, .serverDown])
        try await server.remove()
    }

    // MARK: - Names and values

    static let awkwardNames = [
        "Doe, John", "#lead", "a+b", "say \"hi\"", "back\\slash", "Müller", "Zoë \u{65}\u{301}", "(ext) *", " lead",
        "trail ", "a=b;c<d>e", "a/b", "日本", "tab\there", "'quoted'", "ends with \\",
    ]

    @Test(arguments: awkwardNames)
    func `an entry of any name is found by name and by value`(name: String) async throws {
        let server = try await TestServers.slapd.value
        let dn = "cn=\(LDAPDN.escape(name)),\(SlapdServer.people)"
        try await server.apply(
            LDIF.entry(dn, [("objectClass", "inetOrgPerson"), ("cn", name), ("sn", "x"), ("description", name)]))
        let endpoint = try server.endpoint()
        let byName = try await search(LDAPSearch(base: dn, scope: .base, attributes: ["description"]), endpoint)
        #expect(byName.entries.map { $0.text("description") } == [name])
        let filter = "(description=\(LDAPFilter.escape(name)))"
        let byValue = try await search(
            LDAPSearch(base: SlapdServer.people, filter: filter, attributes: ["description"]), endpoint)
        #expect(byValue.entries.map(\.dn) == byName.entries.map(\.dn))
    }

    @Test func `values are bytes`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(1, unit: "binary", on: server)
        let text = "\u{0}\u{1}\n\u{0}é"
        try await server.apply(LDIF.add("uid=binary-1,\(base)", "jpegPhoto", [text]))
        let result = try await search(
            LDAPSearch(base: base, filter: "(uid=*)", attributes: ["jpegPhoto"]), try server.endpoint())
        #expect(result.entries.first?["jpegphoto"].map(Array.init) == [Array(text.utf8)])
    }

    // MARK: - Threads

    @Test func `cancelled work is told so and its result comes all the same`() async throws {
        let (started, startedDone) = AsyncStream<Void>.makeStream()
        let task = Task { [worker] in
            try await worker.run { cancellation throws(LDAPError) in
                startedDone.finish()
                while !cancellation.isCancelled {}
                return 7
            }
        }
        for await _ in started {}
        task.cancel()
        #expect(try await task.value == 7)
    }
}
