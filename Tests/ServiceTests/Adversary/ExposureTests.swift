import AccessControl
import AccessModel
import Foundation
import Server
import TestSupport
import Testing

/// What leaves the service, and to whom.
@Suite struct ExposureTests {
    // MARK: People

    @Test func `roles, addresses and identities of people are for themselves and administrators`() async throws {
        try await DirectoryWorld.run { world async throws in
            let service = world.service
            try world.addPeople(["ada"])
            _ = try await world.sync()
            try await service.load([.user("paul"), .user("reader"), .serviceAccount("nerd-dinner+ci", reader: true)])
            _ = try await service.patch("/v1/users/reader", ["decision_reader": true], as: "root")
            let robot = try await service.service.authentication.createToken(
                of: .serviceAccount(owner: AccountName("nerd-dinner"), name: TeamName("ci")),
                TokenTerms(name: "test"), as: .service
            ).value.secret
            let hidden = ["email", "system_admin", "decision_reader"]
            let hiddenOfLink = ["external_id", "dn", "principal_name"]
            let callers: [(Credential, Bool)] = [
                ("root", true), ("ada", true), ("paul", false), ("reader", false), (.bearer(robot), false),
            ]
            for (caller, isInFull) in callers {
                let one = try await service.get("/v1/users/ada", as: caller)
                let list = try await service.get("/v1/users", as: caller)
                let listed = try #require(list.items.first { $0["name"] == "ada" })
                for user in [one.json, listed] {
                    #expect(user["full_name"] != nil && user["directory"]?["name"] == "corp")
                    for member in hidden { #expect((user[member] != nil) == isInFull, "\(caller): \(member)") }
                    for member in hiddenOfLink {
                        #expect((user["directory"]?[member] != nil) == isInFull, "\(caller): \(member)")
                    }
                }
                if !isInFull {
                    for text in [one.text, list.text] where caller != "reader" {
                        #expect(!text.contains("DC=win"), "\(caller)")
                    }
                }
            }
            let own = try await service.get("/v1/users/me", as: "paul").json
            #expect(own["system_admin"] == false && own["email"] == .null)
        }
    }

    // MARK: Figures

    @Test func `figures are for administrators, a token of their own and trusted networks`() async throws {
        let settings = ["metrics.token": "a token for figures", "metrics.trusted": "198.51.100.0/24,2001:db8::/32"]
        let lines: [SeedLine] = [.user("root", admin: true), .user("ann"), .user("reader")]
        try await TestService.run(lines, settings: settings) { service async throws in
            _ = try await service.patch("/v1/users/reader", ["decision_reader": true], as: "root")
            let asked: [(Credential, String, Int)] = [
                (.anonymous, "192.0.2.1", 401), ("ann", "192.0.2.1", 403), ("reader", "192.0.2.1", 403),
                ("root", "192.0.2.1", 200), (.bearer("a token for figures"), "192.0.2.1", 200),
                (.header("bearer a token for figures"), "192.0.2.1", 200),
                (.bearer("a token for figure"), "192.0.2.1", 401), (.bearer(""), "192.0.2.1", 401),
                (.basic(login: "x", secret: "a token for figures"), "192.0.2.1", 401),
                (.anonymous, "198.51.100.9", 200), (.anonymous, "2001:db8::9", 200), (.anonymous, "198.51.101.9", 401),
            ]
            for (credential, address, status) in asked {
                let answer = try await service.send("GET", "/metrics", as: credential, from: address)
                #expect(answer.status == status, "\(credential) from \(address)")
            }
            // It opens nothing else.
            let token = Credential.bearer("a token for figures")
            for path in ["/v1/users", "/v1/export", "/readyz?verbose", "/v1/changes"] {
                #expect(try await service.send("GET", path, as: token, from: "198.51.100.9").status == 401, "\(path)")
            }
        }
    }

    @Test func `without settings figures are for administrators`() async throws {
        try await TestService.run([.user("root", admin: true), .user("ann")]) { service async throws in
            for (credential, status): (Credential, Int) in [
                (.anonymous, 401), (.bearer(""), 401), ("ann", 403), ("root", 200),
            ] {
                #expect(try await service.get("/metrics", as: credential).status == status)
            }
        }
    }

    // MARK: Copies on the way

    @Test func `nobody on the way keeps an answer, but for public keys and the description`() async throws {
        let kept: [String: String?] = [
            "GET /.well-known/jwks.json": "public, max-age=300", "GET /openapi.yaml": nil, "GET /openapi.json": nil,
        ]
        let names = [
            "{user}": "vic", "{org}": "acme", "{team}": "ops", "{namespace}": "acme", "{name}": "web",
            "{service}": "ci",
        ]
        try await TestService.run(SeedLine.rightsWorld) { service async throws in
            var successes = 0
            defer { #expect(successes > 20, "too few answers were any") }
            for route in service.routes.routes where route.method == "GET" {
                let path =
                    "/" + route.segments.map { names[$0] ?? ($0.hasPrefix("{") ? "x" : $0) }.joined(separator: "/")
                let name = "\(route.method) \(route.template)"
                guard !route.template.contains("/authorize") else { continue }
                let answer = try await service.get(path, as: "root")
                if answer.status == 200 { successes += 1 }
                let expected = kept.keys.contains(name) ? kept[name] ?? nil : "no-store"
                #expect(answer["Cache-Control"] == expected, "\(name): \(answer.status)")
            }
        }
    }

    // MARK: Backups

    @Test(arguments: [
        ("copy.db", true), ("./copy.db", true), ("sub/copy.db", true), ("{folder}/copy.db", true),
        ("sub/../copy.db", true), ("/tmp/copy.db", false), ("../copy.db", false), ("sub/../../copy.db", false),
        ("{folder}/../copy.db", false), ("", false), (".", false), ("..", false), ("sub/..", false),
        ("{folder}x/copy.db", false), ("out/copy.db", false), ("copy.db\u{0}.txt", false), ("link", false),
    ])
    func `a backup over HTTP lies below its folder`(_ path: String, _ isAllowed: Bool) async throws {
        let folder = try TemporaryFolder("backups")
        defer { folder.remove() }
        let outside = try TemporaryFolder("outside")
        defer { outside.remove() }
        let files = FileManager.default
        try files.createDirectory(atPath: folder.path("sub"), withIntermediateDirectories: false)
        try files.createSymbolicLink(atPath: folder.path("out"), withDestinationPath: outside.root)
        try files.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: outside.path("copy.db"))
        try await TestService.run([.user("root", admin: true)], settings: ["backup.directory": folder.root]) {
            service async throws in
            let name = path.replacing("{folder}", with: folder.root)
            let answer = try await service.post("/v1/backup", ["path": .string(name)], as: "root")
            #expect((isAllowed ? [200] : [400, 409]).contains(answer.status), "\(answer.text)")
            #expect(try files.contentsOfDirectory(atPath: outside.root) == [])
            if isAllowed {
                let written = try #require(answer.json["path"]?.string)
                #expect(written.hasPrefix(folder.root + "/"))
                let attributes = try files.attributesOfItem(atPath: written)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
        }
    }

    // MARK: Secrets on a command line

    @Test func `a secret on the command line is warned of, and one in a file is not`() throws {
        let folder = try TemporaryFolder("settings")
        defer { folder.remove() }
        let file = folder.path("secret")
        try "a secret".write(toFile: file, atomically: true, encoding: .utf8)
        for key in ["bootstrap.admin.password", "registry.events-secret", "metrics.token"] {
            let (_, warnings) = try Settings.load(file: nil, overrides: [key: "a secret"], environment: [:])
            #expect(warnings.count == 1 && warnings[0].contains("--\(key)-file"), "\(warnings)")
            let (_, none) = try Settings.load(file: nil, overrides: [key + "-file": file], environment: [:])
            #expect(none == [])
            let empty = folder.path("empty")
            try "\n".write(toFile: empty, atomically: true, encoding: .utf8)
            #expect(throws: (any Error).self) { () throws in
                _ = try Settings.load(file: nil, overrides: [key + "-file": empty], environment: [:])
            }
        }
    }
}
