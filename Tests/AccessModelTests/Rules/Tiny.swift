import AccessModel
import ReferenceModel

/// A tiny world in the words of a scenario, and questions about it in words.
struct Tiny {
    static let now = RandomWorld.now
    let world: World
    let graph: AccessGraph

    init(_ facts: String) throws {
        world = try Scenario(facts).history.start
        graph = try AccessGraph(facts: world.facts, revision: 1)
    }

    func level(_ principal: String, _ path: String, at now: Timestamp = Self.now) throws -> AccessLevel? {
        graph.check(try Principal(principal), .view, try RepositoryPath(path), at: now).level
    }

    func check(_ principal: String, _ action: Action, _ path: String, at now: Timestamp = Self.now) throws -> Decision {
        graph.check(try Principal(principal), action, try RepositoryPath(path), at: now)
    }

    func explain(_ principal: String, _ action: Action, _ path: String) throws -> Decision {
        graph.explain(try Principal(principal), action, try RepositoryPath(path), at: Self.now)
    }

    /// The user or service account of this name, `nobody` for an unknown one.
    func actor(_ name: String) -> Actor {
        if name == "anonymous" { return .anonymous }
        if let service = world.serviceAccounts.first(where: {
            world.principal(.serviceAccount($0.id))?.description == name
        }) {
            return .serviceAccount(service.id)
        }
        return .user(account(name))
    }

    func account(_ name: String) -> AccountID {
        world.accounts.first { $0.name.rawValue == name }?.id ?? AccountID(rawValue: "nobody")
    }

    func team(_ name: String) -> TeamID {
        world.teams.first { $0.name.rawValue == name }?.id ?? TeamID(rawValue: "none")
    }

    func repository(_ path: String) throws -> RepositoryID {
        world.repository(at: try RepositoryPath(path))?.id ?? RepositoryID(rawValue: "none")
    }
}
