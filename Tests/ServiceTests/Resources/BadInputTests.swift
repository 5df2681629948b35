import Foundation
import TestSupport
import Testing

@Suite struct BadInputTests {
    private static let world: [SeedLine] = [
        .user("root", admin: true), .user("ann"), .org("acme"), .member("acme", "root", "owner"), .team("acme/ops"),
        .teamMember("acme/ops", "ann"), .repository("acme/web"),
    ]

    @Test func `a content type may carry a character set`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let headers = ["Content-Type": "Application/JSON; charset=utf-8"]
            let answer = try await service.post("/v1/users", ["name": "new"], as: "root", headers: headers)
            #expect(answer.status == 201)
        }
    }

    @Test(arguments: ["gzip", "br", "gzip, identity"])
    func `a body that is encoded is refused`(coding: String) async throws {
        try await TestService.run(Self.world) { service async throws in
            let answer = try await service.post(
                "/v1/users", ["name": "new"], as: "root", headers: ["Content-Encoding": coding])
            expectProblem(answer, 415, code: "wrong-type")
            let plain = try await service.post(
                "/v1/users", ["name": "new"], as: "root", headers: ["Content-Encoding": "identity"])
            #expect(plain.status == 201)
        }
    }

    @Test func `a precondition on what is not there has no tag to show`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let answer = try await service.put(
                "/v1/repositories/acme/web/grants/users/ann", ["level": "admin"], as: "root",
                headers: ["If-Match": "\"1\""])
            expectProblem(answer, 412, code: "precondition-failed")
            #expect(answer.eTag == nil)
        }
    }

    static let impossibleNames = [
        "", "Upper", "sp ace", "-start", "end-", "dot.", "a..b", "a___b", "ünder", "a/b", "anonymous", "everyone",
        String(repeating: "x", count: 101), "a\u{0}b", "..", "a+b", "a:b",
    ]

    @Test(arguments: impossibleNames)
    func `a name that cannot be is refused in a body`(_ name: String) async throws {
        try await TestService.run(Self.world) { service async throws in
            for path in ["/v1/users", "/v1/orgs"] {
                let answer = try await service.post(path, ["name": .string(name)], as: "root")
                expectProblem(answer, 400, code: "invalid")
                #expect(answer.json["detail"]?.string?.contains("name") == true)
            }
            guard !["anonymous", "everyone"].contains(name) else { return }
            let team = try await service.post("/v1/orgs/acme/teams", ["name": .string(name)], as: "root")
            expectProblem(team, 400, code: "invalid")
            guard name != "a/b" && name.count <= 100 else { return }
            let repository = try await service.post(
                "/v1/repositories", ["namespace": "acme", "name": .string(name)], as: "root")
            expectProblem(repository, 400, code: "invalid")
        }
    }

    @Test func `names as long as may be are accepted`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let long = String(repeating: "x", count: 100)
            #expect(try await service.post("/v1/orgs", ["name": .string(long)], as: "root").status == 201)
            let rest = String(repeating: "y", count: 255 - 101)
            let made = try await service.post(
                "/v1/repositories", ["namespace": .string(long), "name": .string(rest)], as: "root")
            #expect(made.status == 201)
            let more = try await service.post(
                "/v1/repositories", ["namespace": .string(long), "name": .string(rest + "y")], as: "root")
            expectProblem(more, 400, code: "invalid")
        }
    }

    @Test(arguments: ["Upper", "%20", "a%00b", "%2E%2E", "%FF", "a%2Fb", "-x", "anonymous"])
    func `a name that cannot be is the name of nothing in a path`(_ name: String) async throws {
        try await TestService.run(Self.world) { service async throws in
            for path in [
                "/v1/users/\(name)", "/v1/orgs/\(name)", "/v1/orgs/acme/teams/\(name)", "/v1/repositories/\(name)/web",
            ] {
                let answer = try await service.get(path, as: "root")
                #expect(answer.status == 404 || (name == "%FF" && answer.status == 400), "\(path): \(answer.text)")
            }
        }
    }

    @Test(arguments: ["dry_run=yes", "dry_run=1", "delete_repositories=", "keep_direct_grants=on"])
    func `a flag is true or false`(_ query: String) async throws {
        try await TestService.run(Self.world) { service async throws in
            let path = query.hasPrefix("keep") ? "/v1/orgs/acme/members/ann" : "/v1/orgs/acme"
            expectProblem(try await service.delete("\(path)?\(query)", as: "root"), 400, code: "invalid")
        }
    }

    @Test func `a repository that is hidden looks exactly like one that is missing`() async throws {
        try await TestService.run(Self.world + [.repository("acme/hid")]) { service async throws in
            let requests: [(String, String, JSONValue?)] = [
                ("GET", "", nil), ("PATCH", "", ["description": "d"]), ("DELETE", "", nil),
                ("DELETE", "?dry_run=true", nil),
                ("GET", "/grants", nil), ("PUT", "/grants/users/ann", ["level": "admin"]),
                ("PUT", "/grants/teams/ops", ["level": "admin"]), ("DELETE", "/grants/users/ann", nil),
            ]
            for (method, rest, body) in requests {
                let hidden = try await service.send(method, "/v1/repositories/acme/hid\(rest)", body, as: "ann")
                let missing = try await service.send(method, "/v1/repositories/acme/xyz\(rest)", body, as: "ann")
                let nowhere = try await service.send(method, "/v1/repositories/zzz/hid\(rest)", body, as: "ann")
                expectProblem(hidden, 404, code: "not-found")
                #expect(hidden.text == missing.text.replacingOccurrences(of: "xyz", with: "hid"), "\(method) \(rest)")
                #expect(hidden.text == nowhere.text.replacingOccurrences(of: "zzz", with: "acme"), "\(method) \(rest)")
                #expect(hidden.headers == missing.headers)
            }
        }
    }
}
