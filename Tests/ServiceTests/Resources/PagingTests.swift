import AccessControl
import AccessModel
import TestSupport
import Testing

@Suite struct PagingTests {
    /// A list of 250 things.
    struct List: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let path: String
        /// The member that is different in each item.
        let key: String
    }

    static let lists = [
        List(testDescription: "users", path: "/v1/users", key: "name"),
        List(testDescription: "organisations", path: "/v1/orgs", key: "name"),
        List(testDescription: "teams", path: "/v1/orgs/big/teams", key: "name"),
        List(testDescription: "organisation members", path: "/v1/orgs/big/members", key: "user"),
        List(testDescription: "team members", path: "/v1/orgs/big/teams/t-001/members", key: "user"),
        List(
            testDescription: "effective team members", path: "/v1/orgs/big/teams/top/members?effective=true",
            key: "user"),
        List(testDescription: "repositories", path: "/v1/repositories", key: "name"),
        List(testDescription: "a namespace's repositories", path: "/v1/repositories?namespace=big", key: "name"),
        List(testDescription: "retired names", path: "/v1/retired-names", key: "name"),
    ]

    /// 250 of everything; the administrator is one of the users.
    private static var world: [SeedLine] {
        let numbers = (1...249).map { text(Int64($0)) }
        var lines: [SeedLine] = [
            .user("root", admin: true), .org("big"), .member("big", "root", "owner"), .team("big/top"),
        ]
        lines += numbers.map { .user("u-\($0)") } + numbers.map { .org("o-\($0)") }
        lines += numbers.map { .member("big", "u-\($0)") }
        lines += numbers.map { .team("big/t-\($0)", parent: $0 == "001" ? "top" : nil) }
        lines += numbers.map { .teamMember("big/t-001", "u-\($0)") } + [.teamMember("big/t-001", "root")]
        return lines + (numbers + ["250"]).map { .repository("big/r-\($0)/x") }
    }

    private static func text(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }

    @Test func `pages hold everything once, in order, whatever their size`() async throws {
        try await TestService.run(Self.world) { service async throws in
            try await service.retire(250)
            for list in Self.lists {
                for limit in [7, 100, 249, 250, 251, 1_000] {
                    var (found, pages) = ([String](), 0)
                    let separator = list.path.contains("?") ? "&" : "?"
                    var next: String? = "\(list.path)\(separator)limit=\(limit)"
                    while let path = next {
                        let page = try await service.get(path, as: "root")
                        try #require(page.status == 200, "\(path): \(page.text)")
                        let keys = page.items.compactMap { $0[list.key]?.string }
                        #expect(keys.count <= limit)
                        found += keys
                        pages += 1
                        next = page.next
                    }
                    #expect(found.count == 250, "\(list.testDescription) by \(limit)")
                    #expect(found == Set(found).sorted(), "\(list.testDescription) by \(limit)")
                    #expect(pages == (250 + limit - 1) / limit, "\(list.testDescription) by \(limit)")
                }
            }
        }
    }

    @Test func `a page holds 100 unless asked otherwise`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let page = try await service.get("/v1/users", as: "root")
            #expect(page.items.count == 100)
            #expect(page.next != nil)
        }
    }

    @Test(arguments: lists)
    func `a limit or cursor that cannot be is refused`(_ list: List) async throws {
        try await TestService.run([.user("root", admin: true), .org("big"), .team("big/top"), .team("big/t-001")]) {
            service async throws in
            let separator = list.path.contains("?") ? "&" : "?"
            for query in [
                "limit=0", "limit=1001", "limit=-1", "limit=ten", "limit=", "cursor=%21", "cursor=AAAA", "cursor=abc",
            ] {
                let answer = try await service.get(list.path + separator + query, as: "root")
                expectProblem(answer, 400, code: "invalid")
                #expect(answer.json["field"]?.string == String(query.prefix { $0 != "=" }), "\(query)")
            }
        }
    }

    @Test func `what comes between two pages does not shift them`() async throws {
        try await TestService.run([.user("root", admin: true), .user("b"), .user("d"), .user("f")]) {
            service async throws in
            let first = try await service.get("/v1/users?limit=2", as: "root")
            #expect(first.items.compactMap { $0["name"]?.string } == ["b", "d"])
            try await service.load([.user("a"), .user("c"), .user("e")])
            let second = try await service.get(try #require(first.next), as: "root")
            #expect(second.items.compactMap { $0["name"]?.string } == ["e", "f"])
        }
    }
}

extension TestService {
    /// Makes so many retired names, as deleted accounts leave them.
    fileprivate func retire(_ count: Int64) async throws {
        let now = clock.now
        _ = try await service.transactions.store.write(as: .service) { (writer) throws(AccessError) in
            for number in 1...count {
                let name = AccountName(trusted: "gone-\(1_000 + number)")
                try writer.record(
                    .insert(.retiredName(RetiredName(name: name, retiredAt: now))), reason: nil, secret: nil)
            }
        }
        try await service.transactions.catchUp()
    }
}
