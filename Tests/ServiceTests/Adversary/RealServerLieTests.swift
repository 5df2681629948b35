import AccessModel
import Foundation
import TestSupport
import Testing

/// The same lies on the way from a real slapd and a real Samba AD.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct RealServerLieTests {
    enum Kind: String, CaseIterable, Sendable { case slapd, samba }

    /// Two dozen people in groups that patterns make into an organisation and a team.
    private static func run(
        _ kind: Kind,
        _ body: (TestService, MessageProxy, _ sync: (String?) async throws -> JSONValue) async throws -> Void
    ) async throws {
        let people = (0..<24).map { "p\($0)" }
        var (base, settings): (String, [String: JSONValue])
        let proxy: MessageProxy
        let stop: () async throws -> Void
        switch kind {
        case .slapd:
            let server = try await SlapdServer.start(followsChanges: true)
            base = "ou=People,\(SlapdServer.suffix)"
            let dns = people.map { "cn=\($0),\(base)" }
            var ldif = ""
            for (name, dn) in zip(people, dns) {
                ldif += LDIF.entry(
                    dn,
                    [
                        ("objectClass", "inetOrgPerson"), ("cn", name), ("uid", name), ("sn", name),
                        ("mail", "\(name)@example.com"),
                    ])
            }
            for (name, members) in groups(base, dns) {
                ldif += LDIF.entry(
                    "cn=\(name),\(base)",
                    [("objectClass", "groupOfNames"), ("cn", name)] + members.map { ("member", $0) })
            }
            try await server.apply(ldif)
            proxy = try MessageProxy(upstream: server.port)
            settings = [
                "preset": "openldap",
                "bind": ["dn": .string(SlapdServer.syncAccount), "password": .string(SlapdServer.password)],
            ]
            stop = { try await server.remove() }
        case .samba:
            let server = try await SambaDomainController.start(allowsClearText: true)
            base = "OU=Lies,\(SambaDomainController.base)"
            let dns = people.map { "CN=\($0),\(base)" }
            try await server.apply(
                LDIF.entry(base, [("objectClass", "organizationalUnit")])
                    + zip(people, dns).map { name, dn in
                        SambaDomainController.user(name, dn: dn, [("mail", "\(name)@example.com")])
                    }.joined())
            try await server.apply(
                groups(base, dns).map { name, members in
                    SambaDomainController.group(name, dn: "CN=\(name),\(base)", members: members)
                }.joined())
            proxy = try MessageProxy(upstream: 389, address: server.address)
            settings = [
                "preset": "active-directory",
                "bind": [
                    "dn": .string(SambaDomainController.syncAccount),
                    "password": .string(SambaDomainController.password),
                ],
            ]
            stop = { try await server.remove() }
        }
        defer { proxy.stop() }
        settings["urls"] = ["ldap://127.0.0.1:\(proxy.port)"]
        settings["tls"] = ["mode": "none", "allow_cleartext": true]
        settings["users"] = ["base": .string(base)]
        settings["groups"] = ["base": .string(base)]
        settings["rules"] = [["pattern": "registry-{org}-{team}"], ["pattern": "registry-{org}"]]
        settings["brake"] = [
            "max_percent": 100, "max_team_percent": 100, "max_org_percent": 100, "max_additions_percent": 100,
            "max_removals": 1_000,
        ]
        let put = JSONValue.object(settings)
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            #expect(try await service.put("/v1/directories/corp", put, as: "root").status == 201)
            func sync(_ reading: String?) async throws -> JSONValue {
                service.clock.advance(by: .seconds(1))
                var body: [String: JSONValue] = ["mode": "run"]
                if let reading { body["reading"] = .string(reading) }
                return try await service.post("/v1/directories/corp/sync-runs", .object(body), as: "root").json
            }
            let first = try await sync(nil)
            #expect(first.state == "applied" && first["complete"] == true, "\(first)")
            try await body(service, proxy, sync)
        }
        try await stop()
    }

    private static func groups(_ base: String, _ people: [String]) -> [(String, [String])] {
        [
            ("nested", Array(people[4..<10])), ("registry-acme-ops", Array(people[0..<4]) + ["cn=nested,\(base)"]),
            ("registry-acme", Array(people[8..<20])),
        ]
    }

    @Test(arguments: Kind.allCases)
    func `what a second look can show takes nothing from anybody`(_ kind: Kind) async throws {
        try await Self.run(kind) { service, proxy, sync async throws in
            let before = try await service.get("/v1/export", as: "root").text
            var found = 0
            for lie in Lie.all {
                for stage in [Lie.Stage.searches, .once] {
                    for reading in ["full", nil] {
                        proxy.rewrite = lie.rewriting(stage)
                        let run = try await sync(reading)
                        let after = try await service.get("/v1/export", as: "root").text
                        #expect(
                            LieTableTests.lost(before, after) == [], "\(lie), \(stage), \(reading ?? "changes"): \(run)"
                        )
                        if run["complete"] == false { found += 1 }
                        proxy.rewrite = nil
                        #expect(try await sync("full")["complete"] == true, "\(lie), \(stage)")
                        #expect(try await service.get("/v1/export", as: "root").text == before, "\(lie), \(stage)")
                    }
                }
            }
            #expect(found > 20, "the lies were told")
        }
    }

    /// An answer on its way, or several in its place.
    private typealias Rewriting = @Sendable (WireAnswer) -> [WireAnswer]

    @Test(arguments: Kind.allCases)
    func `an answer to what was not asked is an error of the protocol, and no answer`(_ kind: Kind) async throws {
        try await Self.run(kind) { service, proxy, sync async throws in
            let before = try await service.get("/v1/export", as: "root").text
            let rewritings: [(String, Rewriting)] = [
                (
                    "an entry under a foreign id",
                    { answer in
                        var answer = answer
                        if answer.entry?.starts(with: "cn=p3,") == true { answer.id += 40 }
                        return [answer]
                    }
                ),
                (
                    "a bind answered by a search",
                    { answer in
                        var answer = answer
                        if answer.isBind { answer.turn(into: WireAnswer.searchDone) }
                        return [answer]
                    }
                ),
                (
                    "a search answered by a bind",
                    { answer in
                        var answer = answer
                        if answer.isSearchDone { answer.turn(into: WireAnswer.bind) }
                        return [answer]
                    }
                ),
                (
                    "every result under the id of the one before",
                    { answer in
                        var answer = answer
                        if answer.isSearchDone, answer.id > 4 { answer.id -= 1 }
                        return [answer]
                    }
                ),
            ]
            for (name, rewriting) in rewritings {
                proxy.rewrite = rewriting
                let run = try await sync("full")
                #expect(run["complete"] == false, "\(name): \(run)")
                let message = run["message"]?.string ?? ""
                #expect(
                    message.contains("answers what it was not asked")
                        || message.contains("answer of another operation"),
                    "\(name): \(message)")
                proxy.rewrite = nil
                #expect(try await service.get("/v1/export", as: "root").text == before, "\(name)")
                #expect(try await sync("full")["complete"] == true)
            }
        }
    }

    @Test func `content synchronisation that names other identities takes nobody away`() async throws {
        try await Self.run(.slapd) { service, proxy, sync async throws in
            let before = try await service.get("/v1/export", as: "root").text
            proxy.rewrite = { answer in
                var answer = answer
                answer.flipLastBitOfSync()
                return [answer]
            }
            for _ in 0..<3 {
                let run = try await sync(nil)
                #expect(
                    LieTableTests.lost(before, try await service.get("/v1/export", as: "root").text) == [], "\(run)")
                #expect(run["complete"] == true, "what a feed calls gone is looked up, and all is read then: \(run)")
            }
            proxy.rewrite = nil
            #expect(try await sync("full")["complete"] == true)
            #expect(try await service.get("/v1/export", as: "root").text == before)
        }
    }

    /// An index that was added to the configuration without `slapindex` holds what came since, and nothing else.
    @Test func `an index that was not built takes nobody away`() async throws {
        let server = try await SlapdServer.start()
        let base = "ou=People,\(SlapdServer.suffix)"
        func person(_ number: Int) -> String {
            LDIF.entry(
                "uid=p\(number),\(base)",
                [
                    ("objectClass", "inetOrgPerson"), ("uid", "p\(number)"), ("cn", "p\(number)"), ("sn", "p"),
                    ("employeeType", "staff"),
                ])
        }
        let members = (0..<300).map { ("member", "uid=p\($0),\(base)") }
        try await server.apply(
            (0..<300).map(person).joined()
                + LDIF.entry("cn=ops,\(base)", [("objectClass", "groupOfNames"), ("cn", "ops")] + members))
        let put: JSONValue = [
            "preset": "openldap", "urls": [.string(server.url)], "tls": ["mode": "none", "allow_cleartext": true],
            "bind": ["dn": .string(SlapdServer.syncAccount), "password": .string(SlapdServer.password)],
            "users": ["base": .string(base), "filter": "(employeeType=staff)"], "groups": ["base": .string(base)],
            "rules": [["group": .string("cn=ops,\(base)"), "team": "acme/ops"]],
            "brake": [
                "max_percent": 100, "max_team_percent": 100, "max_org_percent": 100, "max_additions_percent": 100,
                "max_removals": 10_000,
            ],
        ]
        try await TestService.run([.user("root", admin: true), .org("acme"), .team("acme/ops")]) {
            service async throws in
            #expect(try await service.put("/v1/directories/corp", put, as: "root").status == 201)
            func sync() async throws -> JSONValue {
                service.clock.advance(by: .seconds(1))
                return try await service.post(
                    "/v1/directories/corp/sync-runs", ["mode": "run", "reading": "full"], as: "root"
                ).json
            }
            #expect(try await sync()["users_read"] == 300)
            let before = try await service.get("/v1/export", as: "root").text
            try await server.stop()
            try await server.configure(
                """
                dn: olcDatabase={1}mdb,cn=config
                changetype: modify
                add: olcDbIndex
                olcDbIndex: employeeType eq

                """)
            try await server.restart()
            try await server.apply(person(300) + person(301))
            let run = try await sync()
            #expect(run["users_read"] == 2 && run["complete"] == false, "the server says that this is all: \(run)")
            #expect(run["message"]?.string?.contains("perhaps it lacks an index") == true, "\(run)")
            #expect(LieTableTests.lost(before, try await service.get("/v1/export", as: "root").text) == [])
            try await server.stop()
            try await server.buildIndices()
            try await server.restart()
            let mended = try await sync()
            #expect(mended["users_read"] == 302 && mended["complete"] == true, "\(mended)")
            #expect(LieTableTests.lost(before, try await service.get("/v1/export", as: "root").text) == [])
        }
        try await server.remove()
    }

    /// With content synchronisation it shows its contextCSN, without only when its entries were changed.
    @Test(arguments: [true, false]) func `a slapd that was restored takes nobody away until a person approves`(
        _ showsClock: Bool
    ) async throws {
        let server = try await SlapdServer.start(followsChanges: showsClock)
        let base = "ou=People,\(SlapdServer.suffix)"
        func person(_ name: String) -> String {
            LDIF.entry(
                "uid=\(name),\(base)", [("objectClass", "inetOrgPerson"), ("uid", name), ("cn", name), ("sn", name)])
        }
        try await server.apply((0..<20).map { person("p\($0)") }.joined())
        try await server.stop()
        try await server.saveData()
        try await server.restart()
        // Times of changes have whole seconds.
        let second = Date.now.timeIntervalSince1970.rounded(.down)
        try await poll(for: .seconds(5), "the next second") { Date.now.timeIntervalSince1970 > second + 1 ? true : nil }
        try await server.apply(
            person("new")
                + """
                dn: uid=p1,\(base)
                changetype: modify
                replace: description
                description: changed


                """)
        let put: JSONValue = [
            "preset": "openldap", "urls": [.string(server.url)], "tls": ["mode": "none", "allow_cleartext": true],
            "bind": ["dn": .string(SlapdServer.syncAccount), "password": .string(SlapdServer.password)],
            "users": ["base": .string(base)], "groups": ["base": .string(base)],
        ]
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            #expect(try await service.put("/v1/directories/corp", put, as: "root").status == 201)
            func sync() async throws -> JSONValue {
                service.clock.advance(by: .seconds(1))
                // Changes by times take nobody away.
                let body: JSONValue = showsClock ? ["mode": "run"] : ["mode": "run", "reading": "full"]
                return try await service.post("/v1/directories/corp/sync-runs", body, as: "root").json
            }
            #expect(try await sync()["users_read"] == 21)
            try await server.stop()
            try await server.restoreData()
            try await server.restart()
            let run = try await sync()
            #expect(run.state == "held" && run.planned == ["deactivate new"], "\(run)")
            let reason = run["held"]?.elements.first?["reason"]?.string ?? ""
            #expect(
                reason.hasPrefix("the directory went back (\(showsClock ? "contextCSN of" : "the entry")"),
                "\(reason)")
            #expect(try await service.get("/v1/users/new", as: "root").json["active"] == true)
        }
        try await server.remove()
    }
}
