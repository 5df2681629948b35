import AccessModel
import Foundation
import ReferenceModel
import TestSupport

/// What somebody may try of the control plane.
struct RandomControlRequest: CustomStringConvertible {
    let method: String
    let path: String
    let body: JSONValue?

    var description: String { "\(method) \(path) \(body.map { "\($0)" } ?? "")" }

    /// Those that there are, `method template`.
    static let names: Set<String> = [
        "POST /v1/roles", "PATCH /v1/roles/{role}", "DELETE /v1/roles/{role}", "PATCH /v1/control-plane",
        "POST /v1/collections", "PATCH /v1/collections/{path}", "DELETE /v1/collections/{path}",
        "PUT /v1/collections/{path}/grants/{subject}/{role}", "DELETE /v1/collections/{path}/grants/{subject}/{role}",
        "POST /v1/clusters", "PATCH /v1/clusters/{cluster}", "DELETE /v1/clusters/{cluster}",
        "POST /v1/engines", "PATCH /v1/engines/{engine}", "DELETE /v1/engines/{engine}",
        "PUT /v1/placements/{type}/{id}", "DELETE /v1/placements/{type}/{id}",
        "PUT /v1/clusters/{cluster}/namespaces/{kubernetes_namespace}",
        "DELETE /v1/clusters/{cluster}/namespaces/{kubernetes_namespace}",
    ]

    static func next(in world: World, by actor: AccountID, using random: inout SplitMix64) -> RandomControlRequest {
        // Grants, placements and names are what delegates may change, and so tried most.
        let often = ["PUT /v1/collections/{path}/grants/{subject}/{role}", "PUT /v1/placements/{type}/{id}"]
        let rest = ["PATCH /v1/collections/{path}", "DELETE /v1/collections/{path}/grants/{subject}/{role}"]
        let deck =
            names.sorted() + Array(repeating: often, count: 12).flatMap(\.self)
            + Array(repeating: rest, count: 6).flatMap(\.self)
        let name = random.pick(deck) ?? ""
        let parts = name.split(separator: " ").map(String.init)
        let mine = world.controlGrants.filter { $0.subject == .user(actor) }.compactMap { grant in
            world.collections.first { $0.id == grant.collection }.flatMap(world.path)
        }
        let reached = world.collectionPaths.filter { path in mine.contains { path.isAtOrBelow($0) } }
        let roles = world.roles.filter { role in
            world.controlGrants.contains { $0.subject == .user(actor) && $0.role == role.id }
        }
        var names = ControlNames(world: world, reached: reached, roles: roles, random: random)
        defer { random = names.random }
        var path = parts[1]
        for match in path.matches(of: /\{([a-z_]+)\}/).reversed() {
            path.replaceSubrange(match.range, with: names.value(for: String(match.1)).inSegment)
        }
        if parts[0] == "DELETE", names.random.chance(percent: 50) {
            if name.hasSuffix("collections/{path}") { path += "?recursive=true" }
            if name.hasSuffix("roles/{role}") { path += "?replace_with=View%20Only" }
        }
        return RandomControlRequest(method: parts[0], path: path, body: names.body(for: name))
    }
}

/// Names that mostly exist.
private struct ControlNames {
    let world: World
    /// The collections in which somebody has something, and the roles that they have.
    let reached: [CollectionPath]
    let roles: [Role]
    var random: SplitMix64

    mutating func value(for parameter: String) -> String {
        switch parameter {
        case "role":
            (random.chance(percent: 60) ? random.pick(roles) : random.pick(world.roles))?.name.rawValue ?? "none"
        case "path": collection
        case "subject": subject
        case "cluster": site(.cluster)
        case "engine": site(.engine)
        case "kubernetes_namespace": random.pick(["prod", "dev", "web", "shop"]) ?? ""
        case "type": type
        default: type == "namespace" ? "\(site(.cluster))/\(random.pick(["prod", "web", "shop"]) ?? "")" : "record-1"
        }
    }

    private var type: String { "namespace" }

    private mutating func site(_ form: Site.Form) -> String {
        random.pick(world.sites.filter { $0.form == form })?.name.rawValue ?? "none"
    }

    private var collection: String {
        mutating get {
            let own = world.accounts.filter { $0.kind == .user }.map {
                CollectionPath.privates.appending(CollectionName(trusted: $0.name.rawValue))
            }
            let paths = random.chance(percent: 70) && !reached.isEmpty ? reached : world.collectionPaths
            return (random.chance(percent: 15) ? random.pick(own) : random.pick(paths))?.description ?? "/"
        }
    }

    private var subject: String {
        mutating get {
            func name(_ id: AccountID) -> String { world.account(id)?.name.rawValue ?? "nobody" }
            switch random.below(10) {
            case 0: return "everyone"
            case 1..<4: return random.pick(world.teams).map { "team:\(name($0.organization))/\($0.name)" } ?? "everyone"
            case 4:
                return random.pick(world.serviceAccounts).map { "service-account:\(name($0.owner))+\($0.name)" }
                    ?? "everyone"
            case 5:
                return random.pick(world.accounts.filter { $0.kind == .organization }).map { "org:\($0.name)" }
                    ?? "everyone"
            default:
                return random.pick(world.accounts.filter { $0.kind == .user }).map { "user:\($0.name)" } ?? "everyone"
            }
        }
    }

    mutating func body(for name: String) -> JSONValue? {
        switch name {
        case "POST /v1/roles": return ["name": "New", "operations": ["* *"]]
        case "PATCH /v1/roles/{role}": return ["add": ["* *", "container.exec"]]
        case "PATCH /v1/control-plane": return ["default_role": .string(random.pick(world.roles)?.name.rawValue ?? "")]
        case "POST /v1/collections":
            return [
                "path": .string(
                    "\(collection == "/" ? "" : collection)/\(random.pick(["prod", "web", "shop", "new"]) ?? "")")
            ]
        case "PATCH /v1/collections/{path}":
            return random.chance(percent: 70)
                ? ["name": .string(random.pick(["prod", "web", "shop", "dev"]) ?? "")] : ["parent": .string(collection)]
        case "PUT /v1/collections/{path}/grants/{subject}/{role}":
            let end: Timestamp? = random.chance(percent: 40) ? world.now + .seconds(1 + random.below(10_000)) : nil
            return ["expires_at": end.map { .string($0.description) } ?? .null]
        case "POST /v1/clusters", "POST /v1/engines": return ["name": "new", "collection": .string(collection)]
        case "PATCH /v1/clusters/{cluster}", "PATCH /v1/engines/{engine}": return ["collection": .string(collection)]
        case _ where name.hasPrefix("PUT"): return ["collection": .string(collection)]
        default: return nil
        }
    }
}

extension String {
    fileprivate var inSegment: String {
        addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~:+"))) ?? ""
    }
}
