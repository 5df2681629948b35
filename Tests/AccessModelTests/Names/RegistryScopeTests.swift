import AccessModel
import Testing

@Suite struct RegistryScopeTests {
    @Test(
        arguments: [
            ("repository:nerd-dinner/web:pull", "repository", "nerd-dinner/web", ["pull"]),
            ("repository:a/b:pull,push", "repository", "a/b", ["pull", "push"]),
            ("repository:a/b:push,pull,push", "repository", "a/b", ["push", "pull"]),
            ("repository:localhost:5000/a/b:pull", "repository", "localhost:5000/a/b", ["pull"]),
            ("repository(plugin):a/b:pull", "repository", "a/b", ["pull"]),
            ("repository():a/b:pull", "repository()", "a/b", ["pull"]),
            ("repository:a/b:*", "repository", "a/b", ["*"]), ("registry:catalog:*", "registry", "catalog", ["*"]),
            ("repository:a/b:", "repository", "a/b", []), ("repository:a/b:,pull,,", "repository", "a/b", ["pull"]),
            ("repository:A/b:Pull", "repository", "A/b", ["Pull"]), ("r::n:pull", "r", ":n", ["pull"]),
        ])
    func `a scope is split at the first and the last colon`(text: String, type: String, name: String, actions: [String])
    {
        let scope = RegistryScope(text)
        #expect(scope?.type == type)
        #expect(scope?.name == name)
        #expect(scope?.actions == actions)
    }

    @Test(arguments: ["", ":", "::", "repository", "repository:a/b", ":a/b:pull", "repository::pull", "pull,push"])
    func `without type, name and actions there is no scope`(text: String) {
        #expect(RegistryScope(text) == nil)
    }

    @Test func `scopes may be repeated, and several may stand in one`() {
        let scopes = RegistryScope.parse([
            "repository:a/b:pull repository:c/d:push", "", " ", "nonsense", "repository:e/f:pull",
        ])
        #expect(scopes.map(\.name) == ["a/b", "c/d", "e/f"])
    }

    @Test(
        arguments: [
            ("repository:acme/web:pull", ["pull"]), ("repository:acme/web:push,pull", ["pull", "push"]),
            ("repository:acme/web:*", ["pull", "push", "delete"]), ("repository:acme/web:delete", ["delete"]),
            ("repository:acme/web:admin", []), ("repository:acme/web:", []), ("repository:acme/secret:pull", []),
            ("repository:acme/missing:pull,push", []), ("repository:ACME/web:pull", []),
            ("repository:host:5000/acme/web:pull", []),
            ("repository(plugin):acme/web:pull", ["pull"]),
            ("registry:catalog:*", []),
            ("project:acme:pull", []), ("repository:web:pull", []),
        ])
    func `a token gives of a scope what a check allows`(scope: String, actions: [String]) throws {
        let graph = try Tiny(
            """
            user ann
            org acme
            repository acme/web private
            repository acme/secret private
            grant ann read-write on acme/web
            """
        ).graph
        let grant = graph.registryGrant(for: try Principal("ann"), scopes: RegistryScope.parse([scope]), at: Tiny.now)
        #expect(grant.access.flatMap(\.actions) == actions)
    }

    @Test func `scopes of one repository become one entry, in the order asked for`() throws {
        let graph = try Tiny("user ann\nrepository ann/b private\nrepository ann/a private").graph
        let scopes = RegistryScope.parse(["repository:ann/b:pull repository:ann/a:pull repository:ann/b:push,pull"])
        let access = graph.registryGrant(for: try Principal("ann"), scopes: scopes, at: Tiny.now).access
        #expect(access.map(\.name) == ["ann/b", "ann/a"])
        #expect(access.map(\.actions) == [["pull", "push"], ["pull"]])
    }

    @Test func `a token ends with the first of the grants that it rests on`() throws {
        let graph = try Tiny(
            """
            user ann
            org acme
            repository acme/long private
            repository acme/short private
            repository acme/ever private
            grant ann read-only on acme/long until 2026-03-01T14:00:00Z
            grant ann read-only on acme/short until 2026-03-01T13:00:00Z
            grant ann read-only on acme/ever
            """
        ).graph
        let end = { (names: [String]) in
            let scopes = names.map { RegistryScope(type: "repository", name: "acme/\($0)", actions: ["pull"]) }
            return graph.registryGrant(for: try Principal("ann"), scopes: scopes, at: Tiny.now).validUntil?.description
        }
        #expect(try end(["ever"]) == nil)
        #expect(try end(["long", "ever"]) == "2026-03-01T14:00:00Z")
        #expect(try end(["long", "short", "ever"]) == "2026-03-01T13:00:00Z")
    }

    @Test func `the whole catalogue is for active system administrators`() throws {
        let graph = try Tiny("user root admin\nuser old inactive admin\nuser ann\nservice-account root+ci").graph
        let all = [RegistryScope(type: "registry", name: "catalog", actions: ["*"])]
        let holders = try ["root", "old", "ann", "root+ci", "anonymous"].filter {
            !graph.registryGrant(for: try Principal($0), scopes: all, at: Tiny.now).access.isEmpty
        }
        #expect(holders == ["root"])
    }
}
