import AccessModel
import ReferenceModel
import TestSupport

/// A request that somebody might try, with names that mostly exist.
struct RandomRequest: CustomStringConvertible {
    let method: String
    let path: String
    let body: JSONValue?

    var description: String { "\(method) \(path) \((try? body?.text) ?? "")" }

    private init(_ method: String, _ path: String, _ body: JSONValue? = nil) {
        self.method = method
        self.path = path
        self.body = body
    }

    static func next(in world: World, by actor: AccountName, using random: inout SplitMix64) -> RandomRequest {
        let people = world.accounts.filter { $0.kind == .user }.map(\.name.rawValue)
        let organizations = world.accounts.filter { $0.kind == .organization }.map(\.name.rawValue)
        // Half of what people try is for themselves.
        let person = random.chance(percent: 50) ? actor.rawValue : random.pick(people) ?? "nobody"
        let organization = random.pick(organizations) ?? "nowhere"
        let here = world.teams.filter {
            $0.organization == world.accounts.first { $0.name.rawValue == organization }?.id
        }
        let team = random.pick(here.map(\.name.rawValue)) ?? "team"
        let account = random.pick(people + organizations) ?? "nobody"
        let path = random.pick(world.paths)
        let (namespace, name) = (
            path?.namespace.rawValue ?? "nowhere", path?.name.replacing("/", with: "%2F") ?? "none"
        )
        let robot = random.pick(world.serviceAccounts.map(\.name.rawValue)) ?? "robot"
        let teamHere =
            random.pick(world.teams.filter { $0.organization == world.repositoryOwner(path) }.map(\.name.rawValue))
            ?? team
        let level: JSONValue = .string(random.pick(AccessLevel.allCases)?.rawValue ?? "admin")
        let repository = "/v1/repositories/\(namespace)/\(name)"
        switch random.below(26) {
        case 0: return .init("PATCH", "/v1/users/\(person)", ["system_admin": true])
        case 1: return .init("PATCH", "/v1/users/\(person)", ["decision_reader": true])
        case 2: return .init("PATCH", "/v1/users/\(person)", ["active": .bool(random.chance(percent: 50))])
        case 3: return .init("PATCH", "/v1/users/\(person)", ["create_on_push": true])
        case 4: return .init("POST", "/v1/orgs", ["name": .string("new-\(random.below(1_000))")])
        case 5: return .init("PATCH", "/v1/orgs/\(organization)", ["create_on_push": true])
        case 6, 7:
            let role: JSONValue = random.chance(percent: 50) ? "owner" : "member"
            return .init("PUT", "/v1/orgs/\(organization)/members/\(person)", ["role": role])
        case 8: return .init("DELETE", "/v1/orgs/\(organization)/members/\(person)")
        case 9:
            return .init(
                "POST", "/v1/orgs/\(organization)/teams",
                ["name": .string("new-\(random.below(1_000))"), "parent": .string(team)])
        case 10:
            return .init(
                "PATCH", "/v1/orgs/\(organization)/teams/\(team)",
                ["parent": JSONValue(random.pick(here.map(\.name.rawValue)))])
        case 11: return .init("DELETE", "/v1/orgs/\(organization)/teams/\(team)")
        case 12, 13, 14:
            let role: JSONValue = random.chance(percent: 50) ? "maintainer" : "member"
            return .init("PUT", "/v1/orgs/\(organization)/teams/\(team)/members/\(person)", ["role": role])
        case 15: return .init("DELETE", "/v1/orgs/\(organization)/teams/\(team)/members/\(person)")
        case 16, 17:
            return .init(
                "POST", "/v1/repositories",
                ["namespace": .string(account), "name": .string("new-\(random.below(1_000))")])
        case 18: return .init("PATCH", repository, ["visibility": random.chance(percent: 50) ? "public" : "private"])
        case 19: return .init("DELETE", repository)
        case 20, 21: return .init("PUT", "\(repository)/grants/users/\(person)", ["level": level])
        case 22: return .init("PUT", "\(repository)/grants/teams/\(teamHere)", ["level": level])
        case 23: return .init("PUT", "\(repository)/grants/service-accounts/\(robot)", ["level": level])
        case 24: return .init("PUT", "/v1/namespaces/\(organization)/grants/teams/\(team)", ["level": level])
        default: return .init("DELETE", "\(repository)/grants/users/\(person)")
        }
    }
}

extension World {
    fileprivate func repositoryOwner(_ path: RepositoryPath?) -> AccountID? {
        path.flatMap { repository(at: $0)?.namespace }
    }
}
