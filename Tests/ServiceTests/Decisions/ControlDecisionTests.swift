import AccessModel
import TestSupport
import Testing

/// Questions of the control plane over HTTP: who may ask them, what is told, and what was.
@Suite struct ControlDecisionTests {
    private static let world: [SeedLine] = [
        .user("root", admin: true), .user("elton"), .user("frida"), .user("olaf"), .user("dora", reader: true),
        .org("acme"), .member("acme", "elton"), .team("acme/dev"), .team("acme/ops", parent: "dev"),
        .teamMember("acme/ops", "elton"), .serviceAccount("acme+eu"), .serviceAccount("acme+ci"),
        .role("Deployer", "get pods", "container.create", "container.exec", "x-job.run"),
        .role("Giver", "collection.grant", "container.create"),
        .collection("/prod"), .collection("/prod/web"), .collection("/prod/shop"), .collection("/dev"),
        .controlGrant("acme/dev", "Deployer", "/prod"), .controlGrant("frida", "Giver", "/prod"),
        .controlGrant("everyone", "View Only", "/dev"), .controlGrant("acme+ci", "Deployer", "/prod/web"),
        .site("cluster", "eu", "/prod", agent: "acme+eu"), .site("engine", "swarm", "/dev"),
        .placement("namespace", "eu/web", "/prod/web"), .placement("job", "nightly", "/prod/web"),
    ]

    private static func question(
        _ subject: String, _ action: String, _ type: String, _ id: String, _ properties: JSONValue = [:],
        explain: Bool = false, asOf: JSONValue = nil
    ) -> JSONValue {
        [
            "subject": ["type": subject.contains("+") ? "service-account" : "user", "id": .string(subject)],
            "action": ["name": .string(action)],
            "resource": ["type": .string(type), "id": .string(id), "properties": properties],
            "context": ["portreeve": ["explain": .bool(explain), "as_of": asOf]],
        ]
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let body: JSONValue
        let expected: Bool

        init(_ subject: String, _ action: String, _ type: String, _ id: String, _ expected: Bool) {
            self.init(subject, action, type, id, [:], expected)
        }

        init(
            _ subject: String, _ action: String, _ type: String, _ id: String, _ properties: JSONValue, _ expected: Bool
        ) {
            body = ControlDecisionTests.question(subject, action, type, id, properties)
            self.expected = expected
        }

        var testDescription: String { "\(body)" }
    }

    @Test(
        arguments: [
            Case("elton", "container.exec", "collection", "/prod/web", true),
            Case("elton", "container.view", "collection", "/prod/web", false),
            Case("elton", "container.view", "collection", "/dev", true),
            Case("elton", "container.exec", "collection", "/prod/none", false),
            Case("elton", "container.exec", "collection", "prod", false),
            // A namespace is where it was placed, or in the collection of its name, or where the cluster is.
            Case("acme+ci", "get", "kubernetes", "eu/web", ["resource": "pods"], true),
            Case("acme+ci", "get", "kubernetes", "eu/shop", ["resource": "pods"], false),
            Case("acme+ci", "get", "kubernetes", "eu", ["resource": "pods"], false),
            Case("elton", "get", "kubernetes", "eu/shop", ["resource": "pods"], true),
            Case("elton", "get", "kubernetes", "eu/shop", ["resource": "pods", "subresource": "log"], false),
            Case("elton", "get", "kubernetes", "us/shop", ["resource": "pods"], false),
            // What is made on an engine elsewhere needs its nodes, too.
            Case(
                "elton", "container.create", "container", "swarm", ["labels": ["io.portreeve.collection": "/prod/web"]],
                false),
            Case(
                "elton", "container.exec", "container", "swarm/1", ["labels": ["io.portreeve.collection": "/prod/web"]],
                true),
            Case(
                "elton", "exec", "container", "swarm/1", ["labels": ["com.docker.ucp.access.label": "/prod/web"]], true),
            Case(
                "elton", "exec", "container", "swarm/1",
                ["labels": ["com.docker.ucp.access.label": "/prod", "io.portreeve.collection": "/prod/web"]], false),
            Case("elton", "exec", "container", "swarm/1", ["labels": ["io.portreeve.collection": "/none"]], false),
            Case("elton", "exec", "container", "swarm/1", ["collection": "/prod/web"], true),
            Case("elton", "create", "container", "swarm", ["collection": "/prod", "options": ["privileged"]], false),
            Case("elton", "run", "job", "nightly", true), Case("elton", "run", "job", "weekly", false),
            Case("elton", "stop", "job", "nightly", false),
            Case("olaf", "container.create", "collection", "/Shared/Private/olaf", true),
            Case("elton", "container.create", "collection", "/Shared/Private/olaf", false),
        ])
    func `a decision is about where the resource is`(_ question: Case) async throws {
        try await TestService.run(Self.world) { service async throws in
            let answer = try await service.post("/access/v1/evaluation", question.body, as: "dora")
            #expect(answer.json["decision"]?.bool == question.expected, "\(answer.text)")
        }
    }

    @Test func `what is said of a collection is believed of readers and agents only`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let body = Self.question("elton", "exec", "container", "swarm/1", ["collection": "/prod/web"])
            #expect(try await service.post("/access/v1/evaluation", body, as: "dora").json["decision"] == true)
            #expect(try await service.post("/access/v1/evaluation", body, as: "elton").json["decision"] == false)
            let agent = try await service.tokenOfServiceAccount("acme", "eu")
            let own = Self.question("elton", "get", "kubernetes", "eu/shop", ["resource": "pods"])
            #expect(try await service.post("/access/v1/evaluation", own, as: .bearer(agent)).json["decision"] == true)
            let others = try await service.post("/access/v1/evaluation", body, as: .bearer(agent))
            #expect(others.status == 403, "an agent answers for its cluster alone: \(others.text)")
            for path in ["/v1/users", "/v1/roles", "/v1/collections"] {
                #expect(try await service.get(path, as: .bearer(agent)).status == 403)
            }
            #expect(try await service.get("/v1/tokens/current", as: .bearer(agent)).status == 200)
        }
    }

    @Test func `who gives roles may ask about others there, and nobody else`() async throws {
        try await TestService.run(Self.world) { service async throws in
            for (asker, path, status) in [
                ("frida", "/prod/web", 200), ("frida", "/dev", 403), ("elton", "/prod/web", 403),
                ("olaf", "/prod/web", 403),
            ] {
                let answer = try await service.post(
                    "/access/v1/evaluation", Self.question("root", "container.exec", "collection", path),
                    as: .user(asker))
                #expect(answer.status == status, "\(asker) \(path): \(answer.text)")
            }
            let who = try await service.get("/v1/access?operation=container.create&collection=%2Fprod", as: "frida")
            #expect(who.items.compactMap { $0["subject"]?["id"]?.string } == ["elton", "frida", "root"])
            let all = try await service.get("/v1/access?operation=container.view&collection=%2Fdev", as: "dora")
            #expect(all.items.compactMap { $0["subject"]?["id"]?.string } == ["everyone", "root"])
            let each = try await service.get(
                "/v1/access?operation=container.view&collection=%2Fdev&expand=true&limit=3", as: "dora")
            #expect(each.items.count == 3 && each["Link"] != nil)
            #expect(
                try await service.get("/v1/access?operation=container.exec&collection=%2Fprod", as: "olaf").status
                    == 404)
            let wrong = try await service.get("/v1/access?operation=container.exce&collection=%2Fprod", as: "root")
            #expect(wrong.code == "unknown-operation" && wrong.text.contains("container.exec"))
        }
    }

    @Test func `an answer says since when and by whom, through a role edit and a move, and as of before`() async throws
    {
        try await TestService.run(Self.world) { service async throws in
            let made = try await service.revision
            service.clock.advance(by: .seconds(3_600))
            try await service.patch("/v1/roles/Deployer", ["add": ["container.logs"]], as: "root").done()
            let edited = try await service.revision
            service.clock.advance(by: .seconds(3_600))
            try await service.patch("/v1/collections/%2Fdev", ["parent": "/prod"], as: "root").done()
            let moved = try await service.revision
            let now = try await service.post(
                "/access/v1/evaluation",
                Self.question("elton", "container.logs", "collection", "/prod/dev", explain: true), as: "root")
            let reason = try #require(now.json["context"]?["reasons"]?.elements.first { $0["via"] == "team-grant" })
            let path = reason["path"]?.elements ?? []
            let texts = path.compactMap { $0["text"]?.string }
            #expect(
                texts == [
                    "elton is a member of acme/ops", "acme/ops is below acme/dev", "acme/dev has Deployer on /prod",
                    "Deployer has container.logs", "/prod/dev is in /prod",
                ])
            #expect(path.suffix(2).compactMap { $0["revision"]?.integer } == [edited, moved])
            #expect(path.last?["by"] == "root")
            for (revision, expected) in [(made, false), (edited, false), (moved, true)] {
                let then = try await service.post(
                    "/access/v1/evaluation",
                    Self.question(
                        "elton", "container.logs", "collection", revision == moved ? "/prod/dev" : "/prod/none",
                        asOf: .integer(revision)), as: "root")
                #expect(then.json["decision"]?.bool == expected, "as of \(revision): \(then.text)")
            }
            let before = try await service.post(
                "/access/v1/evaluation",
                Self.question("elton", "container.logs", "collection", "/prod", asOf: .integer(made)), as: "root")
            #expect(before.json["decision"] == false)
            let differences = try await service.get(
                "/v1/access-differences?operation=container.logs&collection=%2F&since=\(made)", as: "root")
            let gained = differences.items.map {
                "\($0["subject"]?["id"]?.string ?? "") \($0["collection"]?.string ?? "")"
            }
            #expect(gained.contains("elton /prod"), "\(differences.text)")
        }
    }

    @Test func `the log is read by collection, by who gives roles there`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let start = try await service.revision
            try await service.patch("/v1/collections/%2Fprod%2Fshop", ["name": "store"], as: "root").done()
            try await service.put("/v1/collections/%2Fprod/grants/user:olaf/Deployer", [:], as: "root").done()
            try await service.put("/v1/collections/%2Fdev/grants/user:olaf/Deployer", [:], as: "root").done()
            try await service.patch("/v1/users/olaf", ["full_name": "Olaf"], as: "root").done()
            try await service.delete("/v1/placements/job/nightly", as: "root").done()
            func about(_ path: String, as caller: Credential = "frida") async throws -> [String] {
                let answer = try await service.get("/v1/changes?after=\(start)&collection=\(path)", as: caller)
                #expect(answer.status == 200, "\(answer.text)")
                return answer.items.compactMap { $0["kind"]?.string }
            }
            for _ in 0..<2 {
                #expect(try await about("/prod") == ["collection", "control-grant"])
                #expect(try await about("/prod/web") == ["placement"])
                #expect(try await about("/prod/store") == ["collection"])
                #expect(try await about("/dev", as: "root") == ["control-grant"])
                #expect(try await about("/Shared/Private/olaf", as: "root") == [])
                _ = try await service.service.transactions.fillChangeKeys(after: nil)
            }
            for (caller, query, status) in [
                ("frida", "collection=/dev", 403), ("olaf", "collection=/prod/none", 404),
                ("elton", "collection=/prod", 403), ("root", "collection=/prod&subject=acme", 400),
            ] {
                let answer = try await service.get("/v1/changes?\(query)", as: .user(caller))
                #expect(answer.status == status, "\(caller) \(query): \(answer.text)")
            }
        }
    }

    @Test func `a denial says what would allow it, to who gives roles there`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let body = Self.question("olaf", "container.exec", "collection", "/prod/web", explain: true)
            // Frida has nothing of that herself, and so cannot give it.
            for (caller, expected) in [("frida", ["join-team"]), ("root", ["join-team", "give-role"])] {
                let answer = try await service.post("/access/v1/evaluation", body, as: .user(caller))
                let remedies = answer.json["context"]?["remedies"]?.elements ?? []
                #expect(remedies.map { $0["kind"]?.string } == expected, "\(answer.text)")
                #expect(remedies.dropFirst().first.map { $0["text"] == "give olaf Deployer on /prod/web" } ?? true)
                #expect(answer.text.contains("nothing gives container.exec on /prod/web"), "\(answer.text)")
            }
            let own = try await service.post("/access/v1/evaluation", body, as: "olaf")
            #expect(own.json["context"]?["remedies"] == nil && own.json["context"]?["collection"] == nil)
            #expect(own.text.contains("no such collection, or no access to it"))
        }
    }

    @Test func `who may ask about everything is told of a collection that there is not`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let body = Self.question("elton", "container.exec", "collection", "/prod/wbe")
            for (caller, nearest) in [("root", "/prod/web"), ("dora", "/prod/web"), ("elton", nil)] {
                let answer = try await service.post("/access/v1/evaluation", body, as: .user(caller))
                let missing = answer.json["context"]?["missing"]?.elements.first
                #expect(missing?["nearest"]?.string == nearest, "\(answer.text)")
                #expect((missing?["type"] == "collection") == (nearest != nil))
            }
        }
    }

    @Test(arguments: [
        ("collection", "eu%2Fweb"), ("kubernetes", "eu%2Fweb"), ("cluster", "eu"), ("repository", "acme%2Fweb"),
        ("user", "elton"), ("contaner", "swarm%2F1"), ("namespaces", "eu%2Fweb"), ("namespace", "eu%2FBig%20One"),
        ("namespace", "eu%2Fa%2Fb"), ("container", "swarm%2Fa%20b"), ("container", "swarm%2F%2F"),
    ])
    func `what no question can be about is not placed`(_ type: String, _ id: String) async throws {
        try await TestService.run(Self.world) { service async throws in
            let answer = try await service.put("/v1/placements/\(type)/\(id)", ["collection": "/dev"], as: "root")
            #expect(answer.status == 400, "\(answer.text)")
        }
    }

    /// A delegate of `/dev` and a resource that was somewhere out of their sight.
    private static let hidden: [SeedLine] =
        world + [
            .collection("/secret"), .role("Records", "x-record.read"), .controlGrant("elton", "Records", "/secret"),
            .controlGrant("acme+ci", "Full Control", "/secret"), .controlGrant("olaf", "Full Control", "/dev"),
            .controlGrant("olaf", "Giver", "/dev"), .role("Reader", "x-record.read"),
            .controlGrant("olaf", "Reader", "/dev"), .controlGrant("elton", "Giver", "/dev"),
            .placement("record", "r1", "/secret"),
        ]

    @Test func `of where a resource was only those are told who may know of that`() async throws {
        try await TestService.run(Self.hidden) { service async throws in
            let then = try await service.revision
            _ = try await service.put("/v1/placements/record/r1", ["collection": "/dev"], as: "root")
            let past = Self.question(
                "elton", "read", "record", "r1", explain: true, asOf: .string(String(describing: then)))
            #expect(try await service.post("/access/v1/evaluation", past, as: "olaf").status == 403)
            #expect(try await service.post("/access/v1/evaluation", past, as: "root").text.contains("/secret"))
            let path = "/v1/access-differences?operation=x-record.read&collection=/dev&since=\(then)"
            let told = try await service.get(path, as: "olaf")
            #expect(told.status == 200 && !told.text.contains("/secret"), "\(told.text)")
            let back = try await service.revision
            _ = try await service.put("/v1/placements/record/r1", ["collection": "/secret"], as: "root")
            let gone = try await service.get(
                "/v1/access-differences?operation=x-record.read&collection=/dev&since=\(back)", as: "olaf")
            #expect(gone.status == 200 && !gone.text.contains("/secret"), "\(gone.text)")
            #expect(gone.json["items"]?.elements.contains { $0["subject"]?["id"] == "olaf" } == true, "\(gone.text)")
        }
    }

    @Test func `of a collection that moved only those are told who may know of where it was`() async throws {
        try await TestService.run(Self.hidden + [.collection("/secret/sub")]) { service async throws in
            let start = try await service.revision
            func told(since revision: Int64, as caller: Credential) async throws -> TestAnswer {
                try await service.get(
                    "/v1/access-differences?operation=x-record.read&collection=/dev&since=\(revision)", as: caller)
            }
            _ = try await service.patch("/v1/collections/%2Fsecret%2Fsub", ["parent": "/dev"], as: "root")
            #expect(try await told(since: start, as: "root").text.contains("Records"))
            let came = try await told(since: start, as: "olaf")
            #expect(came.status == 200 && !came.text.contains("Records"), "\(came.text)")
            let there = try await service.revision
            _ = try await service.patch("/v1/collections/%2Fdev%2Fsub", ["parent": "/secret"], as: "root")
            let went = try await told(since: there, as: "olaf")
            #expect(!went.text.contains("Records") && !went.text.contains("/secret"), "\(went.text)")
            #expect(went.text.contains("/dev/sub") && went.text.contains("Reader"), "\(went.text)")
        }
    }

    @Test func `a collection of another's past is not of its path's present`() async throws {
        try await TestService.run(Self.hidden) { service async throws in
            let then = try await service.revision
            _ = try await service.patch("/v1/collections/%2Fsecret", ["name": "old"], as: "root")
            _ = try await service.post("/v1/collections", ["path": "/secret"], as: "root")
            _ = try await service.put("/v1/collections/%2Fsecret/grants/user:olaf/Giver", [:], as: "root")
            for path in [
                "access?operation=x-record.read&collection=/secret&as_of=\(then)",
                "access-differences?operation=x-record.read&collection=/secret&since=1&until=\(then)",
            ] {
                #expect(try await service.get("/v1/\(path)", as: "olaf").status == 403, "\(path)")
                #expect(try await service.get("/v1/\(path)", as: "root").status == 200, "\(path)")
            }
        }
    }

    @Test func `what a creation needs where the engine is stays unknown to who gives roles elsewhere`() async throws {
        let more: [SeedLine] = [
            .site("engine", "dark", "/secret"), .role("Maker", "container.create"),
            .role("Planner", "node.schedule"), .controlGrant("frida", "Maker", "/dev"),
            .controlGrant("elton", "Maker", "/dev"), .controlGrant("acme/ops", "Planner", "/secret"),
        ]
        try await TestService.run(Self.hidden + more) { service async throws in
            let label: JSONValue = ["labels": ["io.portreeve.collection": "/dev"]]
            func ask(_ subject: String, as caller: Credential) async throws -> TestAnswer {
                try await service.post(
                    "/access/v1/evaluation",
                    Self.question(subject, "create", "container", "dark", label, explain: true),
                    as: caller)
            }
            for subject in ["frida", "elton", "olaf"] {
                let answer = try await ask(subject, as: "olaf")
                #expect(answer.json["decision"]?.bool == (subject == "elton"), "\(answer.text)")
                #expect(!answer.text.contains("/secret") && !answer.text.contains("Planner"), "\(answer.text)")
            }
            #expect(try await ask("elton", as: "root").text.contains("Planner"))
            #expect(try await ask("elton", as: "elton").text.contains("Planner"))
            #expect(try await ask("frida", as: "root").text.contains("nothing gives node.schedule on /secret"))
        }
    }

    @Test func `grants tell neither of a team that there is nor of a collection that is out of sight`() async throws {
        let more: [SeedLine] = [.role("Nothing"), .controlGrant("dora", "Nothing", "/secret"), .user("mia")]
        try await TestService.run(Self.hidden + more) { service async throws in
            for name in [
                "team:acme%2Fops", "team:acme%2Fnone", "service-account:acme%2Bci", "service-account:acme%2Bno",
            ] {
                let answer = try await service.get("/v1/control-grants?subject=\(name)", as: "mia")
                #expect(
                    answer.status == 200 && answer.json["items"]?.elements.isEmpty == true, "\(name) \(answer.text)")
            }
            #expect(try await service.get("/v1/control-grants?subject=team:acme%2Fnone", as: "root").status == 404)
            _ = try await service.put("/v1/collections/%2Fsecret/grants/user:mia/Nothing", [:], as: "root")
            #expect(try await service.get("/v1/control-grants", as: "mia").text.contains("/secret") == false)
        }
    }

    @Test func `a placement out of sight is as one that there is not`() async throws {
        try await TestService.run(Self.world + [.controlGrant("olaf", "Full Control", "/dev")]) {
            service async throws in
            for name in ["nightly", "none"] {
                let answer = try await service.delete("/v1/placements/job/\(name)", as: "olaf")
                #expect(answer.status == 404, "\(answer.text)")
            }
        }
    }

    /// Passed over, each would have been decided where the cluster or the engine is, or without what it says.
    @Test(
        arguments: [
            ("kubernetes", "eu/web", ["resource": "pods", "subresource": ["log"]]),
            ("kubernetes", "eu/web", ["resource": "pods", "group": 5]),
            ("kubernetes", "eu/web", ["resource": "pods", "path": "/api"]), ("kubernetes", "eu/web", ["path": "/api"]),
            ("kubernetes", "eu/Web", ["resource": "pods"]), ("kubernetes", "eu/web/pod", ["resource": "pods"]),
            ("kubernetes", "eu/", ["resource": "pods"]), ("container", "swarm/1", ["options": "privileged"]),
            ("container", "swarm/1", ["options": ["privileged": true]]),
            ("container", "swarm/1", ["labels": ["io.portreeve.collection=/dev"]]),
            ("container", "swarm/1", ["labels": ["io.portreeve.collection": 1]]),
            ("container", "swarm/1", ["collection": ["/dev"]]), ("container", "swarm/1", ["collection": ""]),
            ("kubernetes", "eu/web", [:]), ("kubernetes", "eu/web", ["resource": "pods", "subresuorce": "log"]),
            ("container", "swarm/1", ["optinos": ["privileged"]]), ("collection", "/dev", ["colection": "/prod"]),
            ("container", "swarm//1", [:]), ("container", "swarm/1/", [:]), ("record", "1", ["collection": 1]),
        ] as [(String, String, JSONValue)])
    func `what is misspelt is refused, and not passed over`(
        _ type: String, _ id: String, _ properties: JSONValue
    ) async throws {
        try await TestService.run(Self.world) { service async throws in
            let answer = try await service.post(
                "/access/v1/evaluation", Self.question("elton", "get", type, id, properties), as: "root")
            #expect(answer.status == 400, "\(answer.text)")
        }
    }

    @Test func `a search tells whom a decision allows, and a stranger nothing`() async throws {
        try await TestService.run(Self.world) { service async throws in
            try await service.load([.site("engine", "dock", "/prod"), .placement("container", "dock/1", "/prod/web")])
            func search(
                _ type: String, _ id: String, _ action: String, _ properties: JSONValue = [:],
                as caller: Credential = "dora"
            ) async throws -> TestAnswer {
                try await service.post(
                    "/access/v1/search/subject",
                    [
                        "subject": ["type": "user"], "action": ["name": .string(action)],
                        "resource": ["type": .string(type), "id": .string(id), "properties": properties],
                    ], as: caller)
            }
            func found(_ answer: TestAnswer) -> [String]? {
                answer.json["results"]?.elements.compactMap { $0["id"]?.string }
            }
            #expect(found(try await search("container", "dock", "create")) == ["elton", "frida", "root"])
            #expect(found(try await search("container", "dock", "create", ["options": ["exec"]])) == ["elton", "root"])
            let agent = Credential.bearer(try await service.tokenOfServiceAccount("acme", "eu"))
            let pods: JSONValue = ["resource": "pods"]
            #expect(found(try await search("kubernetes", "eu/shop", "get", pods, as: agent)) == ["elton", "root"])
            var answers: Set<String> = []
            for (type, id) in [
                ("container", "dock/1"), ("container", "none/1"), ("collection", "/prod"), ("collection", "/none"),
                ("job", "nightly"), ("job", "none"),
            ] {
                let answer = try await search(type, id, type == "job" ? "run" : "container.view", as: "olaf")
                #expect(answer.status == 403)
                answers.insert(answer.json["detail"]?.string ?? "")
            }
            #expect(answers.count == 1, "\(answers)")
            func places(of team: String, as caller: Credential = "root") async throws -> TestAnswer {
                let question: JSONValue = [
                    "subject": ["type": "team", "id": .string(team)], "action": ["name": "container.exec"],
                    "resource": ["type": "collection"],
                ]
                return try await service.post("/access/v1/search/resource", question, as: caller)
            }
            #expect(found(try await places(of: "acme/ops")) == ["/prod"])
            for name in ["acme/osp", "amce/ops"] {
                let answer = try await places(of: name)
                #expect(
                    answer.json["context"]?["missing"]?.elements.map { $0["id"] } == [.string(name)], "\(answer.text)")
                #expect(try await places(of: name, as: "olaf").status == 403)
            }
        }
    }

    @Test func `what is placed elsewhere is told by dry runs and differences`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let start = try await service.revision
            func told(_ answer: TestAnswer, _ list: String) -> [String] {
                (answer.json[list]?.elements ?? []).map {
                    "\($0["subject"]?["id"]?.string ?? "") \($0["resource"]?["id"]?.string ?? "-") "
                        + "\($0["collection"]?.string ?? "")"
                }
            }
            let path = "/v1/placements/namespace/eu%2Fblog"
            let run = try await service.put(path + "?dry_run=true", ["collection": "/prod/web"], as: "root")
            #expect(told(run, "control") == ["acme+ci eu/blog /prod/web"], "\(run.text)")
            // A namespace is in the collection of its name.
            let rename = try await service.patch(
                "/v1/collections/%2Fprod%2Fweb?dry_run=true", ["name": "blog"], as: "root")
            #expect(told(rename, "control") == ["acme+ci eu/blog /prod/blog"], "\(rename.text)")
            let site = try await service.patch(
                "/v1/clusters/eu?dry_run=true", ["collection": "/dev"], as: "root")
            #expect(told(site, "control").contains("elton eu /dev"), "\(site.text)")
            try await service.put(path, ["collection": "/prod/web"], as: "root").done()
            let differences = try await service.get(
                "/v1/access-differences?operation=get%20pods&collection=/prod&since=\(start)", as: "root")
            #expect(told(differences, "items") == ["acme+ci eu/blog /prod/web"], "\(differences.text)")
        }
    }

    @Test func `to rename a collection is refused where others have more at the path that it gets`() async throws {
        try await TestService.run(Self.world) { service async throws in
            try await service.load([
                .role("Namer", "collection.update", "collection.view"), .controlGrant("olaf", "Namer", "/prod"),
            ])
            try await service.patch("/v1/collections/%2Fprod%2Fshop", ["name": "old"], as: "olaf").done()
            let answer = try await service.patch("/v1/collections/%2Fprod%2Fweb", ["name": "shop"], as: "olaf")
            #expect(answer.code == "beyond-own-rights", "\(answer.text)")
        }
    }

    @Test func `somebody whose private collection is empty is deleted like others`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let path = "/v1/collections/%2FShared%2FPrivate%2Folaf%2Fx"
            try await service.post("/v1/collections", ["path": "/Shared/Private/olaf/x"], as: "root").done()
            #expect(try await service.delete("/v1/users/olaf", as: "root").code == "owns-collections")
            try await service.delete(path, as: "root").done()
            try await service.delete("/v1/users/olaf", as: "root").done()
        }
    }

    @Test func `a grant for a time is valid until its end, and says so`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let end = service.clock.now + .seconds(20)
            try await service.load([.controlGrant("olaf", "Deployer", "/prod", until: end)])
            let body = Self.question("olaf", "container.exec", "collection", "/prod/web")
            let now = try await service.post("/access/v1/evaluation", body, as: "olaf").json
            #expect(now["decision"] == true && now["context"]?["valid_until"]?.string == end.description)
            #expect(now["context"]?["cache_seconds"]?.integer == 20)
            service.clock.advance(by: .seconds(20))
            #expect(try await service.post("/access/v1/evaluation", body, as: "olaf").json["decision"] == false)
            for (query, count) in [("", 1), ("&effective=true", 1)] {
                let grants = try await service.get("/v1/control-grants?subject=user:olaf\(query)", as: "root")
                #expect(grants.items.count == count, "its own, though ended, or that of everyone: \(grants.text)")
            }
        }
    }

    @Test func `a dry run tells who gains and loses what, through a role edit, a move and a deletion`() async throws {
        try await TestService.run(Self.world) { service async throws in
            func control(_ answer: TestAnswer) -> [String] {
                (answer.json["control"]?.elements ?? []).map { difference in
                    let (gained, lost) = (
                        difference["gained"]?.elements.count ?? 0,
                        difference["lost"]?.elements.compactMap(\.string) ?? []
                    )
                    return "\(difference["subject"]?["id"]?.string ?? "") \(difference["collection"]?.string ?? "") "
                        + "+\(gained) -\(lost.joined(separator: ","))"
                }
            }
            let edit = try await service.patch(
                "/v1/roles/Deployer?dry_run=true", ["remove": ["container.exec"], "add": ["container.logs"]], as: "root"
            )
            #expect(
                control(edit) == ["elton /prod +1 -container.exec", "acme+ci /prod/web +1 -container.exec"],
                "\(edit.text)")
            let move = try await service.patch(
                "/v1/collections/%2Fprod%2Fweb?dry_run=true", ["parent": "/dev"], as: "root")
            // View Only on /dev has one of Deployer's operations.
            #expect(
                control(move).contains("elton /dev/web +94 -container.create,container.exec,x-job.run"),
                "\(control(move))")
            #expect(control(move).contains { $0.hasPrefix("everyone /dev/web +95") }, "\(control(move))")
            let gone = try await service.delete("/v1/collections/%2Fprod?recursive=true&dry_run=true", as: "root")
            #expect(
                control(gone).contains { $0.hasPrefix("elton /prod +0 -container.create,container.exec") },
                "\(control(gone))")
            let settings = try await service.patch(
                "/v1/control-plane?dry_run=true", ["default_role": "None"], as: "root")
            #expect(control(settings).count == 1 && control(settings)[0].hasPrefix("everyone /Shared/Private/* +0 -"))
        }
    }
}

extension TestService {
    fileprivate var revision: Revision {
        get async throws { service.transactions.published.current.revision }
    }

    fileprivate func tokenOfServiceAccount(_ owner: String, _ name: String) async throws -> String {
        try await service.authentication.createToken(
            of: .serviceAccount(owner: AccountName(owner), name: TeamName(name)), .init(name: "t"), as: .service
        ).value.secret
    }
}

extension TestAnswer {
    fileprivate func done() throws {
        guard status < 300 else { throw TestServiceError("\(status): \(text)") }
    }
}
