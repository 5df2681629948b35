import AccessModel
import ReferenceModel
import Testing

@Suite struct TokenPropertyTests {
    private static let words: [(word: String, action: Action)] = [
        ("pull", .pull), ("push", .push), ("delete", .deleteTag),
    ]

    @Test func `a registry token never holds an action that a check would deny`() {
        Worlds.each { world, chance in
            let graph = try world.graph
            for principal in world.askers {
                let scopes = world.questions.map { path in
                    let asked = ["pull", "push", "delete", "*", "admin", "manage-access"]
                    let actions = asked.filter { _ in chance.random.chance(percent: 50) }
                    return RegistryScope(type: "repository", name: path.description, actions: actions)
                }
                let token = graph.registryGrant(for: principal, scopes: scopes, at: world.now)
                for access in token.access {
                    let path = try RepositoryPath(access.name)
                    for word in access.actions {
                        chance.compared += 1
                        let action = Self.words.first { $0.word == word }?.action
                        guard access.type == "repository", let action,
                            graph.check(principal, action, path, at: world.now).isAllowed
                        else { return "\(principal): \(access)" }
                    }
                }
            }
            return nil
        }
    }

    @Test func `a registry token holds every action asked for that the reference allows, and lasts no longer than it`()
    {
        Worlds.each { world, chance in
            let graph = try world.graph
            let now = ReferenceEvaluator(world)
            for principal in world.askers {
                for path in world.questions {
                    let everything = RegistryScope(type: "repository", name: path.description, actions: ["*"])
                    let token = graph.registryGrant(for: principal, scopes: [everything], at: world.now)
                    let expected = Self.words.filter { now.check(principal, $0.action, path) }
                    chance.compared += 1
                    guard token.access.flatMap(\.actions) == expected.map(\.word) else {
                        return "\(principal): \(token), expected \(expected)"
                    }
                    guard let end = token.validUntil else { continue }
                    let last = ReferenceEvaluator(world, at: end + .microseconds(-1))
                    for (word, action) in expected where !last.check(principal, action, path) {
                        return "\(principal): \(token) outlives \(word)"
                    }
                }
            }
            return nil
        }
    }

    @Test func `only a system administrator gets the catalogue`() {
        Worlds.each { world, chance in
            let graph = try world.graph
            for principal in world.askers {
                chance.compared += 1
                let scope = RegistryScope(type: "registry", name: "catalog", actions: ["*"])
                let token = graph.registryGrant(for: principal, scopes: [scope], at: world.now)
                let isAdministrator = world.accounts.contains {
                    principal == .user($0.name) && $0.kind == .user && $0.isActive && $0.isSystemAdmin
                }
                guard token.access.isEmpty != isAdministrator else { return "\(principal): \(token)" }
            }
            return nil
        }
    }
}
