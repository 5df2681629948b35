import AccessModel
import Foundation
import TestSupport
import Testing

@Suite struct ImportTests {
    private static let root: [SeedLine] = [.user("root", admin: true)]

    private static func sample() throws -> [String] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../Sample-Data/nerd-dinner.jsonl")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test func `export, import and export again give the same bytes`() async throws {
        let lines = try Self.sample() + [try SeedLine.serviceAccount("nerd-dinner+ci").json.text]
        let first = try await TestService.run(Self.root) { service in
            let done = try await service.importLines(lines)
            #expect(done.status == 200, "\(done.text)")
            #expect(done.json["lines"]?.integer == Int64(lines.count))
            #expect(done.revision == service.service.transactions.published.current.revision)
            return try await service.get("/v1/export", as: "root")
        }
        #expect(first["Content-Type"] == "application/x-ndjson")
        try await TestService.run(Self.root) { service async throws in
            let again = try await service.importLines(first.text.split(separator: "\n").map(String.init))
            #expect(again.status == 200, "\(again.text)")
            let second = try await service.get("/v1/export", as: "root")
            #expect(second.body == first.body)
        }
    }

    @Test(arguments: [
        #"{"kind":"grant","subject":{"type":"team","org":"acme","name":"ops"},"target":{"type":"namespace","name":"acme"},"#
            + #""level":"admin","#,
        #"{"kind":"control-grant","subject":{"type":"user","name":"ann"},"role":"View Only","collection":"/","#,
    ])
    func `a grant that ended since the file was written is passed over and counted`(_ line: String) async throws {
        try await TestService.run(Self.root + [.user("ann"), .org("acme"), .team("acme/ops")]) { service async throws in
            let lines = ["2020-01-01", "2100-01-01"].map { line + #""expires_at":"\#($0)T00:00:00Z"}"# }
            let ended = try await service.importLines([lines[0]])
            #expect(ended.json["ended"] == 1 && ended.json["changes"] == 0, "\(ended.text)")
            let live = try await service.importLines([lines[1]])
            #expect(live.json["ended"] == 0 && live.json["changes"] == 1, "\(live.text)")
        }
    }

    @Test func `an import repeated changes nothing`() async throws {
        try await TestService.run(Self.root) { service async throws in
            let lines = try Self.sample()
            #expect(try await service.importLines(lines).status == 200)
            let revision = service.service.transactions.published.current.revision
            let again = try await service.importLines(lines)
            #expect(again.json["changes"] == 0)
            #expect(again.revision == revision)
        }
    }

    @Test(arguments: [
        (#"{"kind":"org-member","org":"acme","user":"ann","role":"member"}"#, 0, "member", "maintainer"),
        (#"{"kind":"org-member","org":"acme","user":"ann","role":"owner"}"#, 1, "owner", "maintainer"),
        (#"{"kind":"org-member","org":"acme","user":"ann"}"#, 0, "member", "maintainer"),
        (
            #"{"kind":"team-member","org":"acme","team":"ops","user":"ann","role":"maintainer"}"#, 0, "member",
            "maintainer"
        ),
        (#"{"kind":"team-member","org":"acme","team":"ops","user":"ann","role":"member"}"#, 1, "member", "member"),
        (#"{"kind":"team-member","org":"acme","team":"ops","user":"ann"}"#, 0, "member", "maintainer"),
    ])
    func `a line gives the role that it says, and keeps the one that there is where it says none`(
        line: String, changes: Int64, ofOrganization: String, ofTeam: String
    ) async throws {
        let world: [SeedLine] = [
            .user("ann"), .org("acme"), .member("acme", "ann"), .team("acme/ops"),
            .teamMember("acme/ops", "ann", "maintainer"),
        ]
        try await TestService.run(Self.root + world) { service async throws in
            let done = try await service.importLines([line])
            #expect(done.json["changes"]?.integer == changes, "\(done.text)")
            let organization = try await service.get("/v1/orgs/acme/members/ann", as: "root")
            #expect(organization.json["role"]?.string == ofOrganization)
            let team = try await service.get("/v1/orgs/acme/teams/ops/members/ann", as: "root")
            #expect(team.json["role"]?.string == ofTeam)
        }
    }

    @Test func `a dry run tells what and whose access would change, and changes nothing`() async throws {
        try await TestService.run(Self.root) { service async throws in
            let before = try await service.get("/v1/export", as: "root").body
            let revision = service.service.transactions.published.current.revision
            let rehearsal = try await service.importLines(try Self.sample(), query: "?dry_run=true")
            #expect(rehearsal.status == 200)
            #expect(rehearsal.json["changes"]?.elements.isEmpty == false)
            #expect(rehearsal.json["access"]?.elements.isEmpty == false, "and whose access")
            #expect(service.service.transactions.published.current.revision == revision)
            #expect(try await service.get("/v1/export", as: "root").body == before)
        }
    }

    @Test(arguments: [
        "{", "[]", "42", "{}", #"{"kind":"robot","name":"x"}"#, #"{"kind":"user"}"#, #"{"kind":"user","name":"UPPER"}"#,
        #"{"kind":"user","name":"x","colour":"red"}"#, #"{"kind":"user","name":"x","active":"yes"}"#,
        #"{"kind":"user","name":"x","email":"no address"}"#, #"{"kind":"user","name":"anonymous"}"#,
        #"{"kind":"user","name":"x","password":"secret"}"#, #"{"kind":"org","name":"elton"}"#,
        #"{"kind":"user","name":"nerds"}"#,
        #"{"kind":"org-member","org":"nerds","user":"nobody"}"#,
        #"{"kind":"org-member","org":"nowhere","user":"elton"}"#,
        #"{"kind":"org-member","org":"nerds","user":"elton","role":"king"}"#,
        #"{"kind":"team","org":"nowhere","name":"ops"}"#,
        #"{"kind":"team","org":"nerds","name":"ops","parent":"nothing"}"#,
        #"{"kind":"team","org":"nerds","name":"dev","parent":"dev"}"#,
        #"{"kind":"team-member","org":"nerds","team":"nothing","user":"elton"}"#,
        #"{"kind":"team-member","org":"nerds","team":"dev","user":"nobody"}"#,
        #"{"kind":"repository","namespace":"nowhere","name":"x"}"#,
        #"{"kind":"repository","namespace":"nerds","name":"/x"}"#,
        #"{"kind":"repository","namespace":"nerds","name":"x","visibility":"secret"}"#,
        #"{"kind":"grant","subject":{"type":"user","name":"nobody"},"target":{"type":"repository","namespace":"nerds","name":"web"},"level":"admin"}"#,
        #"{"kind":"grant","subject":{"type":"user","name":"elton"},"target":{"type":"repository","namespace":"nerds","name":"none"},"level":"admin"}"#,
        #"{"kind":"grant","subject":{"type":"user","name":"elton"},"target":{"type":"repository","namespace":"nerds","name":"web"},"level":"root"}"#,
        #"{"kind":"grant","subject":{"type":"user","name":"elton"},"target":{"type":"repository","namespace":"nerds","name":"web"}}"#,
        #"{"kind":"grant","subject":{"type":"user","name":"elton","x":1},"target":{"type":"namespace","name":"nerds"},"level":"admin"}"#,
        #"{"kind":"grant","subject":{"type":"user","name":"elton"},"target":{"type":"namespace","name":"nerds"},"level":"admin"}"#,
        #"{"kind":"user","name":"root","system_admin":false}"#,
    ])
    func `a bad line is told by its number, and nothing is imported`(_ bad: String) async throws {
        let world: [SeedLine] =
            Self.root + [.user("elton"), .org("nerds"), .team("nerds/dev"), .repository("nerds/web")]
        try await TestService.run(world) { service async throws in
            _ = try await service.get("/v1/users/me", as: "root")
            let revision = service.service.transactions.published.current.revision
            let lines = [#"{"kind":"user","name":"first"}"#, "", bad, #"{"kind":"user","name":"last"}"#]
            let answer = try await service.importLines(lines)
            expectProblem(answer, 422, code: "invalid-line")
            #expect(answer.json["line"] == 3)
            #expect(service.service.transactions.published.current.revision == revision)
            #expect(try await service.get("/v1/users/first", as: "root").status == 404)
        }
    }

    @Test func `absent members keep their value, null takes away`() async throws {
        let world: [SeedLine] =
            Self.root + [
                .user("elton", reader: true, email: "e@example.com"), .org("nerds"), .member("nerds", "elton", "owner"),
                .team("nerds/ops"), .team("nerds/dev", parent: "ops"), .teamMember("nerds/dev", "elton", "maintainer"),
                .repository("nerds/web", isPublic: true),
            ]
        try await TestService.run(world) { service async throws in
            let before = try await service.get("/v1/export", as: "root").body
            let bare = [
                #"{"kind":"user","name":"elton"}"#, #"{"kind":"org","name":"nerds"}"#,
                #"{"kind":"org-member","org":"nerds","user":"elton"}"#,
                #"{"kind":"team","org":"nerds","name":"dev"}"#,
                #"{"kind":"team-member","org":"nerds","team":"dev","user":"elton"}"#,
                #"{"kind":"repository","namespace":"nerds","name":"web"}"#,
            ]
            #expect(try await service.importLines(bare).json["changes"] == 0)
            #expect(try await service.get("/v1/export", as: "root").body == before)
            let nulls = [
                #"{"kind":"user","name":"elton","email":null}"#,
                #"{"kind":"team","org":"nerds","name":"dev","parent":null}"#,
            ]
            #expect(try await service.importLines(nulls).json["changes"] == 2)
            #expect(try await service.get("/v1/users/elton", as: "root").json["email"] == .null)
            #expect(try await service.get("/v1/orgs/nerds/teams/dev", as: "root").json["parent"] == .null)
        }
    }

    @Test func `a grant that says nothing of its end keeps it`() async throws {
        try await TestService.run(Self.root + [.user("elton"), .org("nerds"), .repository("nerds/web")]) {
            service async throws in
            let end = service.clock.now + .seconds(600)
            try await service.load([.grant("elton", "nerds/web", .readOnly, until: end)])
            let bare = try SeedLine.grant("elton", "nerds/web", .readOnly).json.text
            #expect(try await service.importLines([bare]).json["changes"] == 0)
            let grant = try await service.get("/v1/repositories/nerds/web/grants", as: "root").items.first
            #expect(grant?["expires_at"] == .string(end.description))
        }
    }

    @Test func `no secret is in an export`() async throws {
        try await TestService.run(Self.root) { service async throws in
            try await service.setPassword(of: "root", to: "correct horse")
            let text = try await service.get("/v1/export", as: "root").text
            for word in ["password", "prt_", "argon2", "token", "hash"] { #expect(!text.contains(word)) }
        }
    }

    @Test func `a byte order mark in front is taken, and anywhere else it is not`() async throws {
        let mark = Data([0xEF, 0xBB, 0xBF])
        let line = Data(#"{"kind":"user","name":"bert"}"#.utf8)
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            for (bytes, status) in [(mark + line, 200), (line + Data("\n".utf8) + mark + line, 422), (mark, 200)] {
                let answer = try await service.send(
                    "POST", "/v1/import", bytes: bytes, as: "root", headers: ["Content-Type": "application/x-ndjson"])
                #expect(answer.status == status, "\(answer.text)")
                if status == 422 {
                    #expect(
                        answer.json["detail"]
                            == "line 2: this JSON cannot be read: a byte order mark is in front (column 1)")
                }
            }
        }
    }

    @Test func `a name that is another kind's is told as taken`() async throws {
        try await TestService.run([.user("root", admin: true), .org("acme")]) { service async throws in
            for (kind, name, words) in [
                ("user", "acme", "is an organisation already"), ("org", "root", "is a user already"),
            ] {
                let answer = try await service.send(
                    "POST", "/v1/import", bytes: Data(#"{"kind":"\#(kind)","name":"\#(name)"}"#.utf8), as: "root",
                    headers: ["Content-Type": "application/x-ndjson"])
                expectProblem(answer, 422, code: "invalid-line")
                #expect(answer.json["detail"]?.string?.contains(words) == true, "\(answer.text)")
            }
        }
    }

    @Test func `another content type is 415`() async throws {
        try await TestService.run(Self.root) { service async throws in
            let answer = try await service.send(
                "POST", "/v1/import", bytes: Data("{}".utf8), as: "root", headers: ["Content-Type": "application/json"])
            expectProblem(answer, 415, code: "wrong-type")
        }
    }
}
