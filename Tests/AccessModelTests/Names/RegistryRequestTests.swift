import AccessModel
import ReferenceModel
import Testing

@Suite struct RegistryRequestTests {
    private static let digest = "sha256:4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"

    @Test(
        arguments: [
            ("GET", "/v2/a/b/manifests/latest", ["pull a/b"]), ("HEAD", "/v2/a/b/manifests/\(digest)", ["pull a/b"]),
            ("PUT", "/v2/a/b/manifests/latest", ["push a/b"]),
            ("DELETE", "/v2/a/b/manifests/\(digest)", ["delete a/b"]),
            ("GET", "/v2/a/b/blobs/\(digest)", ["pull a/b"]), ("DELETE", "/v2/a/b/blobs/\(digest)", ["delete a/b"]),
            ("POST", "/v2/a/b/blobs/uploads/", ["push a/b"]), ("POST", "/v2/a/b/blobs/uploads", ["push a/b"]),
            ("POST", "/v2/a/b/blobs/uploads/?digest=\(digest)", ["push a/b"]),
            ("POST", "/v2/a/b/blobs/uploads/?mount=\(digest)&from=c/d", ["push a/b", "pull c/d"]),
            ("POST", "/v2/a/b/blobs/uploads/?from=c%2Fd%2fe&mount=\(digest)", ["push a/b", "pull c/d/e"]),
            ("PATCH", "/v2/a/b/blobs/uploads/0f?_state=x", ["push a/b"]),
            ("PUT", "/v2/a/b/blobs/uploads/0f?digest=\(digest)", ["push a/b"]),
            ("GET", "/v2/a/b/blobs/uploads/0f", ["push a/b"]), ("DELETE", "/v2/a/b/blobs/uploads/0f", ["push a/b"]),
            ("GET", "/v2/a/b/tags/list?n=5", ["pull a/b"]), ("GET", "/v2/a/b/referrers/\(digest)", ["pull a/b"]),
            // A repository may be called like a part of the API.
            ("GET", "/v2/a/manifests/b/manifests/1", ["pull a/manifests/b"]),
            ("GET", "/v2/a/tags/list/manifests/1", ["pull a/tags/list"]),
            ("PUT", "/v2/a/blobs/uploads/x/manifests/1", ["push a/blobs/uploads/x"]),
        ] as [(String, String, [String])])
    func `a request needs what it does`(_ method: String, _ target: String, _ needs: [String]) throws {
        let request = try #require(RegistryRequest(method: method, target: target))
        guard case .repositories(let found) = request else { throw Wrong() }
        #expect(found.map { "\($0.action.rawValue) \($0.repository)" } == needs)
    }

    private struct Wrong: Error {}

    @Test func `the base and the catalogue are told`() {
        for target in ["/v2/", "/v2"] {
            #expect(RegistryRequest(method: "GET", target: target) == .base)
            #expect(RegistryRequest(method: "POST", target: target) == nil)
        }
        #expect(RegistryRequest(method: "GET", target: "/v2/_catalog?n=1") == .catalog)
        #expect(RegistryRequest(method: "DELETE", target: "/v2/_catalog") == nil)
    }

    @Test(arguments: [
        ("GET", ""), ("GET", "/"), ("GET", "v2/a/b/manifests/1"), ("GET", "//v2/a/b/manifests/1"), ("GET", "/v1/a/b"),
        ("GET", "/v2/a/b"), ("GET", "/v2/a/manifests/1"), ("GET", "/v2/a/b/manifests/"), ("GET", "/v2//b/manifests/1"),
        ("GET", "/v2/a/../b/c/manifests/1"), ("GET", "/v2/a/./b/manifests/1"), ("GET", "/v2/a%2Fb/manifests/1"),
        ("GET", "/v2/A/b/manifests/1"), ("GET", "/v2/a/b/manifests/1/"), ("POST", "/v2/a/b/manifests/1"),
        ("PATCH", "/v2/a/b/blobs/\(digest)"), ("PUT", "/v2/a/b/tags/list"), ("PUT", "/v2/a/b/blobs/uploads/"),
        ("POST", "/v2/a/b/blobs/uploads/0f"), ("POST", "/v2/a/b/blobs/uploads/?from=c%2e%2e%2fd"),
        ("POST", "/v2/a/b/blobs/uploads/?from="), ("POST", "/v2/a/b/blobs/uploads/?from=C/d"),
        ("POST", "/v2/a/b/blobs/uploads/?mount=1&%66rom=c/d"), ("POST", "/v2/a/b/blobs/uploads/?mount=1;from=c/d"),
        ("POST", "/v2/a/b/blobs/uploads/?mount=1&from"), ("GET", "/v2/a/b/manifests/x%2Fmanifests%2F1"),
        ("PUT", "/v2/a/b/blobs/uploads/u%2Fmanifests%2Flatest"), ("GET", "/v2/a/b/manifests/.."),
        ("GET", "/v2/a/b/manifests/..%2F..%2Fc%2Fd%2Fmanifests%2F1"), ("GET", "/v2/a/b/manifests/x\\y"),
        ("get", "/v2/a/b/manifests/1"), ("CONNECT", "/v2/a/b/manifests/1"),
    ])
    func `what is not written as it should be is no request`(_ method: String, _ target: String) {
        #expect(RegistryRequest(method: method, target: target) == nil)
    }

    /// Whatever is sent: it is read in one way or not at all, and never as something shorter than it is.
    @Test(arguments: UInt64(1)...20) func `any text is read or refused`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let pieces = [
            "/", "v2", "a", "b", "manifests", "blobs", "uploads", "tags", "list", "..", ".", "%2F", "?", "from=", "&",
            "",
            "A", "_catalog", "\u{0}", "ä", "sha256:1", "//",
        ]
        for _ in 0..<2_000 {
            let count = 1 + random.below(9)
            let target = "/v2/" + (0..<count).map { _ in pieces[random.below(pieces.count)] }.joined(separator: "/")
            let method = ["GET", "PUT", "POST", "DELETE", "PATCH"][random.below(5)]
            guard case .repositories(let needs) = RegistryRequest(method: method, target: target) else { continue }
            #expect(target.hasPrefix("/v2/\(needs[0].repository)/"), "\(target)")
            let path = target.prefix { $0 != "?" }
            #expect(!path.contains("%") && !path.contains("..") && !path.contains("//"), "\(target)")
        }
    }
}

/// The scope grammar, fed with anything.
@Suite struct RegistryScopeFuzzTests {
    @Test(arguments: UInt64(1)...20) func `any scope is read or left out, and gives no more than a check`(
        _ seed: UInt64
    ) throws {
        let world = RandomWorld.make(seed: seed)
        let graph = try AccessGraph(facts: world.facts, revision: 1)
        var random = SplitMix64(seed: seed)
        let names = world.paths.map(\.description) + ["a/b", "host:5000/a/b", "", "*", "a/*", "ä/b"]
        let pieces = ["repository", "registry", "catalog", ":", "pull", "push", "delete", "*", ",", " ", "\u{0}", "::"]
        for _ in 0..<500 {
            let count = random.below(8)
            var text = (0..<count).map { _ in pieces[random.below(pieces.count)] }.joined()
            if random.chance(percent: 70) {
                let name = names[random.below(names.count)]
                let actions = (0..<random.below(4)).map { _ in
                    ["pull", "push", "delete", "*", "PULL", ""][random.below(6)]
                }
                text += " repository:\(name):\(actions.joined(separator: ","))"
            }
            let scopes = RegistryScope.parse([text])
            for principal in world.principals {
                for access in graph.registryGrant(for: principal, scopes: scopes, at: world.now).access
                where access.type == "repository" {
                    let path = try RepositoryPath(access.name)
                    for word in access.actions {
                        let action = try #require(RegistryAction(rawValue: word)).action
                        #expect(graph.check(principal, action, path, at: world.now).isAllowed, "\(text)")
                        #expect(text.contains(access.name))
                    }
                }
            }
        }
    }
}
