import TestSupport
import Testing

@Suite struct RightsTableTests {
    @Test(arguments: RightsTable.rows)
    func `only those whom the table names may`(_ row: RightsRow) async throws {
        try await TestService.run(SeedLine.rightsWorld) { service async throws in
            for column in Column.allCases where column != .anonymous {
                // The token that stands for them, before anything is counted.
                _ = try await service.get("/v1/users/me", as: column.credential)
            }
            let refused = Column.allCases.filter { !row.may.contains($0) }
            var requests: [(Column, RightsRow.Request)] = []
            for column in refused { requests.append((column, try await row.request(service, as: column))) }
            let before = service.service.transactions.published.current.revision
            for (column, request) in requests {
                let answer = try await service.send(request)
                let refusals = column == .anonymous ? [401] : [403, 404]
                #expect(refusals.contains(answer.status), "\(column.rawValue) got \(answer.status): \(answer.text)")
                expectProblem(
                    answer,
                    code: [401: "unauthenticated", 403: "forbidden", 404: "not-found"][answer.status] ?? "a refusal")
            }
            #expect(
                service.service.transactions.published.current.revision == before, "a refused request changed something"
            )
        }
        for column in Column.allCases where row.may.contains(column) {
            try await TestService.run(SeedLine.rightsWorld) { service async throws in
                let answer = try await service.send(try await row.request(service, as: column))
                if let code = row.code {
                    expectProblem(answer, 409, code: code)
                } else {
                    #expect(
                        (200..<300).contains(answer.status), "\(column.rawValue) got \(answer.status): \(answer.text)")
                }
            }
        }
    }

    @Test func `every operation has its row`() {
        let rows = Set(RightsTable.rows.compactMap { $0.operation?.name })
        // Who may nothing is asked for no right, and a registry has its own secret.
        let others = APIDocument.shared.operations.filter { $0.rights != ["anyone"] && $0.rights != ["registry"] }
        for operation in others {
            #expect(rows.contains(operation.name), "add a row to RightsTable for \(operation.name)")
        }
        #expect(rows.count == others.count)
        for row in RightsTable.rows { #expect(row.operation != nil, "\(row.what)") }
    }

    @Test func `the rights of the OpenAPI document are those of the table`() {
        for (_, rows) in Dictionary(grouping: RightsTable.rows, by: { $0.operation?.name }) {
            guard let operation = rows[0].operation else { continue }
            let described = Set(operation.rights)
            var shown: Set<String> = []
            for row in rows {
                for column in row.may {
                    var rights = column.rights
                    if row.isAboutSelf { rights.formUnion(["self", "namespace-owner"]) }
                    let fitting = rights.intersection(described)
                    #expect(
                        !fitting.isEmpty, "\(row.what): \(column.rawValue) may, and has none of \(described.sorted())")
                    shown.formUnion(fitting)
                }
            }
            #expect(described.subtracting(shown) == [], "no row of \(operation.name) shows this right")
        }
    }

    @Test func `the table has each column in every row`() {
        for row in RightsTable.rows {
            #expect(row.may.isSubset(of: Column.allCases) && !row.may.isEmpty, "\(row.what)")
        }
    }

    @Test func `somebody inactive may nothing, whatever they were`() async throws {
        try await TestService.run(SeedLine.rightsWorld) { service async throws in
            let secret = try await service.newToken(for: "olga")
            #expect(try await service.get("/v1/orgs/acme/teams", as: .bearer(secret)).status == 200)
            try await service.load([.user("olga", active: false)])
            #expect(try await service.get("/v1/orgs/acme/teams", as: .bearer(secret)).status == 401)
        }
    }

    @Test func `e-mail addresses are for the person and administrators`() async throws {
        try await TestService.run(SeedLine.rightsWorld + [.user("vic", email: "vic@example.com")]) {
            service async throws in
            for (reader, sees) in [("root", true), ("vic", true), ("olga", false), ("paul", false)] {
                let one = try await service.get("/v1/users/vic", as: .user(reader))
                #expect(one.json["email"] == (sees ? "vic@example.com" : nil), "\(reader)")
                let list = try await service.get("/v1/users", as: .user(reader))
                let item = list.items.first { $0["name"] == "vic" }
                #expect(item?["email"] == (sees ? "vic@example.com" : nil), "\(reader)")
            }
        }
    }

    @Test func `the list of repositories holds those one may view and no others`() async throws {
        let seen: [Column: [String]] = [
            .admin: ["api", "web"], .owner: ["api", "web"], .maintainer: ["web"], .member: ["web"],
            .namespaceAdmin: ["api", "web"], .repositoryAdmin: ["web"], .plain: [],
        ]
        try await TestService.run(SeedLine.rightsWorld) { service async throws in
            for (column, names) in seen {
                for path in ["/v1/repositories", "/v1/repositories?namespace=acme"] {
                    let list = try await service.get(path, as: column.credential)
                    let ofTheOrganization = list.items.filter { $0["namespace"] == "acme" }
                    #expect(ofTheOrganization.compactMap { $0["name"]?.string } == names, "\(column.rawValue) \(path)")
                }
            }
        }
    }
}
