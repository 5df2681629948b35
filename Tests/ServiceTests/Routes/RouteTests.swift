import Foundation
import HTTPSupport
import TestSupport
import Testing
import Yams

@Suite struct RouteTests {
    /// What may be had without credentials; nothing else may.
    private static let open: Set<String> = [
        "GET /healthz", "GET /readyz", "GET /openapi.yaml", "GET /openapi.json", "GET /", "GET /token", "POST /token",
        "GET /.well-known/jwks.json", "GET /.well-known/authzen-configuration",
        // Who may nothing is told so, and what is public is.
        "GET /registry/authorize", "GET /registry/authorize/**", "POST /registry/authorize/**",
        "PUT /registry/authorize/**", "PATCH /registry/authorize/**", "DELETE /registry/authorize/**",
        // A proxy that is told wrong has to show, whoever calls.
        "GET /access/authorize", "GET /access/authorize/**", "HEAD /access/authorize/**", "POST /access/authorize/**",
        "PUT /access/authorize/**", "PATCH /access/authorize/**", "DELETE /access/authorize/**",
        "OPTIONS /access/authorize/**",
    ]

    @Test func `every route refuses the anonymous unless it is listed`() async throws {
        try await TestService.run { service async throws in
            for route in service.routes.routes where !Self.open.contains("\(route.method) \(route.template)") {
                for body in [nil, ["x": 1] as JSONValue] {
                    let answer = try await service.send(route.method, Self.path(route), body)
                    #expect(answer.status == 401, "\(route.method) \(route.template)")
                    #expect(answer.code == "unauthenticated", "\(route.method) \(route.template)")
                    #expect(answer["WWW-Authenticate"]?.contains("Basic") == true, "\(route.method) \(route.template)")
                }
            }
        }
    }

    @Test func `what is open answers without credentials`() async throws {
        try await TestService.run { service async throws in
            for route in service.routes.routes where Self.open.contains("\(route.method) \(route.template)") {
                let answer = try await service.send(route.method, Self.path(route))
                #expect(answer.status != 401, "\(route.method) \(route.template)")
                #expect(answer.status < 500, "\(route.method) \(route.template)")
            }
            #expect(try await service.get("/healthz").json["status"] == "ok")
            #expect(try await service.get("/readyz").json["status"] == "ready")
            #expect(try await service.get("/readyz?verbose").status == 401)
        }
    }

    @Test func `directories are shown in detail to administrators only`() async throws {
        try await TestService.run([.user("root", admin: true), .user("ann")]) { service async throws in
            for (reader, sees) in [("root", true), ("ann", false)] {
                let ready = try await service.get("/readyz?verbose", as: .user(reader)).json
                #expect(ready["status"] == "ready" && (ready["directories"] != nil) == sees, "\(reader)")
            }
        }
    }

    @Test func `a wrong credential is refused wherever credentials count`() async throws {
        try await TestService.run { service async throws in
            for route in service.routes.routes where !Self.open.contains("\(route.method) \(route.template)") {
                // Each from its own address: wrong secrets are slowed.
                let place = service.routes.routes.firstIndex(of: route) ?? 0
                let answer = try await service.send(
                    route.method, Self.path(route), as: .bearer("prt_wrong"), from: "198.51.100.\(place + 1)")
                #expect(answer.status == 401, "\(route.method) \(route.template)")
            }
        }
    }

    private static func document() throws -> [String: Any] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../Documentation/OpenAPI/openapi.yaml")
        return try #require(try Yams.load(yaml: String(contentsOf: file, encoding: .utf8)) as? [String: Any])
    }

    /// By operation, the query parameters that the document has.
    private static func parameters() throws -> [String: Set<String>] {
        let paths = try #require(try document()["paths"] as? [String: Any])
        var parameters: [String: Set<String>] = [:]
        for (path, value) in paths {
            let operations = try #require(value as? [String: Any])
            for method in ["get", "put", "post", "patch", "delete"] {
                guard let operation = operations[method] as? [String: Any] else { continue }
                let lists = [operations["parameters"], operation["parameters"]].compactMap { $0 as? [[String: Any]] }
                let names = lists.joined().filter { $0["in"] as? String == "query" }.compactMap {
                    $0["name"] as? String
                }
                parameters[unnamed("\(method.uppercased()) \(path)")] = Set(names)
            }
        }
        return parameters
    }

    @Test func `each route takes the query parameters of the document, and refuses all others before it does anything`()
        async throws
    {
        let documented = try Self.parameters()
        let names = documented.values.reduce(into: Set(["nothing"])) { $0.formUnion($1) }
        #expect(names.count > 15 && documented.count > 100)
        var (taken, refused) = (0, 0)
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            let before = try await service.get("/v1/export", as: "root").text
            // Clients of registries send what they like, and a proxy what its client sent.
            let others = ["/token", "/registry/", "/access/authorize/", "/.well-known/", "/healthz", "/openapi."]
            for route in service.routes.routes where !others.contains(where: route.template.hasPrefix) {
                let known = try #require(documented[Self.unnamed("\(route.method) \(route.template)")])
                for name in names {
                    let answer = try await service.send(route.method, "\(Self.path(route))?\(name)=%20", as: "root")
                    let isUnknown =
                        answer.status == 400 && answer.json["field"]?.string == name
                        && ["no such parameter", "cannot be tried out"].contains {
                            answer.json["detail"]?.string?.contains($0) == true
                        }
                    #expect(
                        isUnknown != known.contains(name), "\(route.method) \(route.template) ?\(name): \(answer.text)")
                    if isUnknown { refused += 1 } else { taken += 1 }
                }
            }
            #expect(try await service.get("/v1/export", as: "root").text == before)
        }
        #expect(taken >= 80 && refused > 2_000, "\(taken) taken, \(refused) refused")
    }

    @Test func `the routes are those of the OpenAPI document`() async throws {
        let paths = try #require(try Self.document()["paths"] as? [String: Any], "the OpenAPI document has no paths")
        var described: Set<String> = []
        for (path, value) in paths {
            let operations = try #require(value as? [String: Any])
            for method in ["get", "head", "put", "post", "patch", "delete", "options"] where operations[method] != nil {
                described.insert(Self.unnamed("\(method.uppercased()) \(path)"))
            }
        }
        try await TestService.run { service async throws in
            let routed = Set(service.routes.routes.map { Self.unnamed("\($0.method) \($0.template)") })
            #expect(routed.subtracting(described).sorted() == [], "not described")
            #expect(described.subtracting(routed).sorted() == [], "described, but not there")
        }
    }

    @Test func `an unknown method on a known path is 405 and names those there are`() async throws {
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            let templates = Dictionary(grouping: service.routes.routes, by: \.template)
            for (template, routes) in templates {
                let known = Set(routes.map(\.method))
                let path = Self.path(routes[0])
                for method in ["GET", "PUT", "POST", "PATCH", "DELETE", "PROPFIND"] where !known.contains(method) {
                    let answer = try await service.send(method, path, as: "root")
                    #expect(answer.status == 405, "\(method) \(template)")
                    let allowed = Set(
                        (answer["Allow"] ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
                    #expect(allowed == (known.contains("GET") ? known.union(["HEAD"]) : known), "\(method) \(template)")
                    #expect(answer.code == "method-not-allowed", "\(method) \(template)")
                }
            }
        }
    }

    @Test(arguments: [
        "/nothing", "/v1", "/v2/", "/v1//users", "//v1/users", "/v1/users/", "/v1/userz", "/v1/users/ann/things",
        "/access/v1/evaluate", "/.well-known/nothing",
        "/v1/repositories/acme/a/b",
    ])
    func `an unknown path is 404 and says so in a problem document`(_ path: String) async throws {
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            for method in ["GET", "POST", "DELETE"] {
                let answer = try await service.send(method, path, as: "root")
                #expect(answer.status == 404)
                expectProblem(answer, code: "not-found")
            }
        }
    }

    @Test(arguments: ["/nothing", "/v1/users/ann/password", "/v1/users/nobody", "/v1/users/ann"])
    func `an answer to HEAD has the length of that to GET, and no body`(_ path: String) async throws {
        try await TestService.run([.user("root", admin: true), .user("ann")]) { service async throws in
            let (head, get) = (
                try await service.send("HEAD", path, as: "root"), try await service.get(path, as: "root")
            )
            #expect(head.status == get.status && head.body.isEmpty, "\(head.text)")
            let lengths = [head, get].map { $0["Content-Length"] }
            // Its detail names the method.
            if get.status != 405 { #expect(lengths[0] == lengths[1] && lengths[0] != nil) }
        }
    }

    @Test func `addresses that are told have the path of the public one`() async throws {
        let settings = ["public-url": "https://example.com/access"]
        try await TestService.run([.user("root", admin: true)], settings: settings) { service async throws in
            let made = try await service.post("/v1/users", ["name": "ann"], as: "root")
            #expect(made["Location"] == "/access/v1/users/ann")
            let list = try await service.get("/v1/users?limit=1", as: "root")
            #expect(list["Link"]?.hasPrefix("</access/v1/users?limit=1&cursor=") == true)
        }
    }

    @Test func `no two routes overlap`() async throws {
        try await TestService.run { try $0.validateRoutes() }
    }

    @Test func `the service serves its own description`() async throws {
        try await TestService.run { service async throws in
            let answer = try await service.get("/openapi.yaml")
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "application/yaml")
            #expect(answer.text.hasPrefix("openapi: \"3.1.0\"\n"))
            // Some parsers take fifty aliases and no more.
            #expect(answer.text.firstMatch(of: /[:\-\[{,] [&*][A-Za-z]/) == nil)
            let source = try Self.document() as NSDictionary
            #expect(try Yams.load(yaml: answer.text) as? NSDictionary == source)
            let json = try await service.get("/openapi.json")
            #expect(json["Content-Type"] == "application/json")
            #expect(try JSONSerialization.jsonObject(with: json.body) as? NSDictionary == source)
        }
    }

    @Test func `an X-Request-ID comes back as it was, with success and with failure`() async throws {
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            let id = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716 x"
            for path in ["/healthz", "/v1/users", "/v1/users/nobody", "/nothing"] {
                let answer = try await service.get(path, as: "root", headers: ["X-Request-ID": id])
                #expect(answer["X-Request-ID"] == id, "\(path)")
            }
            #expect(try await service.get("/v1/users", headers: ["X-Request-ID": id])["X-Request-ID"] == id)
        }
    }

    private static func path(_ route: RouteTable.Route) -> String {
        "/" + route.segments.map { $0.hasPrefix("{") ? "x" : $0 }.joined(separator: "/")
    }

    /// The names of parameters are the document's own matter.
    private static func unnamed(_ template: String) -> String {
        template.replacing(/\{[^}]*\}|\*\*/, with: "{}")
    }
}
