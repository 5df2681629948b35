import TestSupport
import Testing

@Suite struct RoundTripTests {
    /// One kind of resource: how it is made, where it is, and how it is changed.
    struct Kind: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let collection: String
        let new: JSONValue
        let path: String
        let change: JSONValue
    }

    static let kinds = [
        Kind(
            testDescription: "user", collection: "/v1/users",
            new: ["name": "elton", "full_name": "Elton S", "email": "e@example.com"], path: "/v1/users/elton",
            change: ["full_name": "Elton Stoneman"]),
        Kind(
            testDescription: "organisation", collection: "/v1/orgs", new: ["name": "nerds", "full_name": "Nerds"],
            path: "/v1/orgs/nerds", change: ["full_name": "Nerd Dinner"]),
        Kind(
            testDescription: "team", collection: "/v1/orgs/acme/teams", new: ["name": "qa", "description": "Quality"],
            path: "/v1/orgs/acme/teams/qa", change: ["description": "Assurance"]),
        Kind(
            testDescription: "repository", collection: "/v1/repositories",
            new: ["namespace": "acme", "name": "a/b/c", "visibility": "public", "description": "Nested"],
            path: "/v1/repositories/acme/a%2Fb%2Fc", change: ["description": "Deep", "visibility": "private"]),
    ]

    static let world: [SeedLine] = [
        .user("root", admin: true), .user("ann"), .org("acme"), .member("acme", "root", "owner"),
    ]

    @Test(arguments: kinds)
    func `what is made can be read, listed, changed and deleted`(_ kind: Kind) async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(try await service.get(kind.path, as: "root").status == 404)
            let made = try await service.post(kind.collection, kind.new, as: "root")
            #expect(made.status == 201, "\(made.text)")
            #expect(made["Location"] == kind.path)
            #expect(made.revision == service.service.transactions.published.current.revision)
            for (name, value) in kind.new.members { #expect(made.json[name] == value, "\(name)") }
            let id = try #require(made.json["id"]?.string)
            #expect(!id.isEmpty)

            let read = try await service.get(kind.path, as: "root")
            #expect(read.status == 200)
            #expect(read.body == made.body)
            #expect(read.eTag == made.eTag)
            let listed = try await service.get(kind.collection, as: "root")
            #expect(listed.items.contains(read.json))

            let twice = try await service.post(kind.collection, kind.new, as: "root")
            expectProblem(twice, 409, code: "name-taken")

            let changed = try await service.patch(kind.path, kind.change, as: "root")
            #expect(changed.status == 200, "\(changed.text)")
            #expect(changed.json["id"]?.string == id)
            for (name, value) in kind.change.members { #expect(changed.json[name] == value, "\(name)") }
            #expect(changed.eTag != read.eTag)
            #expect(changed.revision == service.service.transactions.published.current.revision)
            #expect(try await service.get(kind.path, as: "root").body == changed.body)

            let same = try await service.patch(kind.path, kind.change, as: "root")
            #expect(same.eTag == changed.eTag, "an equal change is none")

            let deleted = try await service.delete(kind.path, as: "root")
            #expect(deleted.status == 204)
            #expect(deleted.body.isEmpty)
            #expect(deleted.revision == service.service.transactions.published.current.revision)
            expectProblem(try await service.get(kind.path, as: "root"), 404, code: "not-found")
            expectProblem(try await service.delete(kind.path, as: "root"), 404, code: "not-found")
        }
    }

    @Test(arguments: kinds)
    func `a change for another state than the present is refused with 412`(_ kind: Kind) async throws {
        try await TestService.run(Self.world) { service async throws in
            let made = try await service.post(kind.collection, kind.new, as: "root")
            let old = try #require(made.eTag)
            let changed = try await service.patch(kind.path, kind.change, as: "root", headers: ["If-Match": old])
            #expect(changed.status == 200)
            let before = service.service.transactions.published.current.revision
            let stale = try await service.patch(
                kind.path, kind.new.without("name", "namespace"), as: "root", headers: ["If-Match": old])
            expectProblem(stale, 412, code: "precondition-failed")
            #expect(stale.json["revision"] == changed.json["revision"])
            expectProblem(
                try await service.delete(kind.path, as: "root", headers: ["If-Match": old]), 412,
                code: "precondition-failed")
            #expect(service.service.transactions.published.current.revision == before)
            let bad = try await service.delete(kind.path, as: "root", headers: ["If-Match": "yesterday"])
            expectProblem(bad, 400, code: "invalid")
            let any = try await service.delete(kind.path, as: "root", headers: ["If-Match": "*"])
            #expect(any.status == 204)
        }
    }

    /// Something put in place by its name.
    struct Place: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let path: String
        let first: JSONValue
        let second: JSONValue
    }

    static let places = [
        Place(
            testDescription: "organisation member", path: "/v1/orgs/acme/members/ann", first: ["role": "member"],
            second: ["role": "owner"]),
        Place(
            testDescription: "team member", path: "/v1/orgs/acme/teams/ops/members/ann", first: ["role": "member"],
            second: ["role": "maintainer"]),
        Place(
            testDescription: "team's grant on a repository", path: "/v1/repositories/acme/web%2Fapi/grants/teams/ops",
            first: ["level": "read-only"], second: ["level": "read-write", "expires_at": "2027-01-01T00:00:00Z"]),
        Place(
            testDescription: "user's grant on a repository", path: "/v1/repositories/acme/web%2Fapi/grants/users/ann",
            first: ["level": "read-only", "expires_at": "2027-01-01T00:00:00Z"], second: ["level": "admin"]),
        Place(
            testDescription: "service account's grant on a repository",
            path: "/v1/repositories/acme/web%2Fapi/grants/service-accounts/ci", first: ["level": "read-only"],
            second: ["level": "read-write"]),
        Place(
            testDescription: "team's grant on a namespace", path: "/v1/namespaces/acme/grants/teams/ops",
            first: ["level": "read-only"], second: ["level": "admin"]),
        Place(
            testDescription: "service account's grant on a namespace",
            path: "/v1/namespaces/acme/grants/service-accounts/ci", first: ["level": "read-only"],
            second: ["level": "read-write"]),
    ]

    static let placesWorld =
        world + [.team("acme/ops"), .repository("acme/web/api"), .serviceAccount("acme+ci")]

    @Test(arguments: places)
    func `PUT answers 201 when it made something and 200 when it changed or kept it`(_ place: Place) async throws {
        try await TestService.run(Self.placesWorld) { service async throws in
            let made = try await service.put(place.path, place.first, as: "root")
            #expect(made.status == 201, "\(made.text)")
            for (name, value) in place.first.members { #expect(made.json[name] == value, "\(name)") }
            let changed = try await service.put(place.path, place.second, as: "root")
            #expect(changed.status == 200)
            for (name, value) in place.second.members { #expect(changed.json[name] == value, "\(name)") }
            #expect(changed.eTag != made.eTag)
            let kept = try await service.put(place.path, place.second, as: "root")
            #expect(kept.status == 200)
            #expect(kept.eTag == changed.eTag)
            let stale = try await service.put(
                place.path, place.first, as: "root", headers: ["If-Match": made.eTag ?? ""])
            expectProblem(stale, 412, code: "precondition-failed")
            let collection = String(
                place.path[..<(place.path.range(of: "/grants")?.upperBound ?? place.path.lastSlash)])
            #expect(
                try await service.get(collection, as: "root").items.contains { item in
                    place.second.members.allSatisfy { item[$0.key] == $0.value }
                })
            #expect(try await service.delete(place.path, as: "root").status == 204)
            expectProblem(try await service.delete(place.path, as: "root"), 404, code: "not-found")
        }
    }

    @Test(arguments: places)
    func `a deletion for another state than the present is refused with 412`(_ place: Place) async throws {
        try await TestService.run(Self.placesWorld) { service async throws in
            let made = try await service.put(place.path, place.first, as: "root")
            _ = try await service.put(place.path, place.second, as: "root")
            let stale = try await service.delete(place.path, as: "root", headers: ["If-Match": made.eTag ?? ""])
            expectProblem(stale, 412, code: "precondition-failed")
        }
    }

    @Test func `a membership is read as it was put`() async throws {
        try await TestService.run(Self.placesWorld) { service async throws in
            _ = try await service.put("/v1/orgs/acme/teams/ops/members/ann", ["role": "maintainer"], as: "root")
            let team = try await service.get("/v1/orgs/acme/teams/ops/members/ann", as: "root")
            #expect(team.json["user"] == "ann")
            #expect(team.json["role"] == "maintainer")
            let organization = try await service.get("/v1/orgs/acme/members/ann", as: "root")
            #expect(organization.json["role"] == "member", "joining a team joins its organisation")
            #expect(organization.eTag != nil)
        }
    }

    @Test func `an identity outlives a rename`() async throws {
        try await TestService.run(Self.placesWorld) { service async throws in
            let before = try await service.get("/v1/orgs/acme/teams/ops", as: "root")
            let renamed = try await service.patch("/v1/orgs/acme/teams/ops", ["name": "operations"], as: "root")
            #expect(renamed.status == 200)
            #expect(renamed.json["id"] == before.json["id"])
            #expect(try await service.get("/v1/orgs/acme/teams/ops", as: "root").status == 404)
            #expect(try await service.get("/v1/orgs/acme/teams/operations", as: "root").json["id"] == before.json["id"])
        }
    }

    @Test func `a grant reads as in the import format`() async throws {
        try await TestService.run(Self.placesWorld) { service async throws in
            _ = try await service.put(
                "/v1/repositories/acme/web%2Fapi/grants/teams/ops", ["level": "read-write"], as: "root")
            let grant = try #require(
                try await service.get("/v1/repositories/acme/web%2Fapi/grants", as: "root").items.first)
            #expect(grant["subject"] == ["type": "team", "org": "acme", "name": "ops"])
            #expect(grant["target"] == ["type": "repository", "namespace": "acme", "name": "web/api"])
            #expect(grant["level"] == "read-write")
            #expect(grant["expires_at"] == .null)
        }
    }
}

extension JSONValue {
    func without(_ names: String...) -> JSONValue { .object(members.filter { !names.contains($0.key) }) }
}

extension String {
    fileprivate var lastSlash: String.Index { lastIndex(of: "/") ?? endIndex }
}
