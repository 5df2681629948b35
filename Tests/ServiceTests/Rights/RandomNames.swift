import AccessModel
import ReferenceModel
import TestSupport

/// Names for a random request: they mostly exist, and mostly belong to each other.
struct RandomNames {
    /// Whose tokens the path names.
    private(set) var holder: TokenHolder?
    private(set) var random: SplitMix64
    private let world: World
    private let tokens: [AccessToken]
    private let user: Account?
    private let organization: Account?
    private let repository: Repository?
    private let service: ServiceAccount?
    let account: String

    init(world: World, tokens: [AccessToken], actor: Principal, template: String, random: SplitMix64) {
        var random = random
        let users = world.accounts.filter { $0.kind == .user && $0.name.rawValue != RootedWorld.root }
        // Half of what people try is for themselves.
        let me = users.first { .user($0.name) == actor }
        user = random.chance(percent: 50) ? me ?? random.pick(users) : random.pick(users)
        // And much of it is in organisations of theirs.
        let organizations = world.accounts.filter { $0.kind == .organization }
        let mine = organizations.filter { organization in
            world.organizationMembers.contains { $0.organization == organization.id && $0.user == me?.id }
        }
        organization =
            random.chance(percent: 60) ? random.pick(mine) ?? random.pick(organizations) : random.pick(organizations)
        let account = random.chance(percent: 40) ? me : random.pick(users + organizations + mine)
        self.account = account?.name.rawValue ?? "nobody"
        // Or with repositories that they were given.
        let given = world.repositories.filter { repository in
            world.grants.contains { $0.target == .repository(repository.id) && $0.subject == me.map { .user($0.id) } }
        }
        repository =
            random.chance(percent: 40)
            ? random.pick(given) ?? random.pick(world.repositories) : random.pick(world.repositories)
        let owner =
            template.contains("{org}")
            ? organization?.id
            : template.contains("{user}") ? user?.id : template.contains("{name}") ? repository?.namespace : nil
        service = random.pick(world.serviceAccounts.filter { $0.owner == owner }) ?? random.pick(world.serviceAccounts)
        holder =
            template.contains("/current/")
            ? world.holder(of: actor)
            : template.contains("{service}") ? service.map { .serviceAccount($0.id) } : user.map { .user($0.id) }
        self.random = random
        self.world = world
        self.tokens = tokens
    }

    mutating func one(_ values: [JSONValue]) -> JSONValue { random.pick(values) ?? .null }

    var flag: JSONValue { mutating get { .bool(random.chance(percent: 50)) } }
    var new: JSONValue { mutating get { .string("new-\(random.below(1_000))") } }
    var level: JSONValue { mutating get { .string(random.pick(AccessLevel.allCases)?.rawValue ?? "admin") } }
    var password: String { "a long password" }
    var newToken: JSONValue {
        mutating get {
            let right = one(["rotate", .string("manage-tokens:\(account)")])
            return random.chance(percent: 30) ? ["name": "a token", "may": [right]] : ["name": "a token"]
        }
    }
    var rotation: JSONValue { ["overlap": 0] }

    /// A moment at which some of what ends has ended.
    var time: JSONValue {
        mutating get { .string((world.now + .seconds(1 + random.below(200_000))).description) }
    }

    var team: JSONValue { mutating get { .string(team(of: organization?.id)) } }

    /// A subject of a default grant.
    var subject: JSONValue {
        mutating get {
            let namespace = repository.flatMap { world.account($0.namespace)?.name.rawValue } ?? "nowhere"
            return random.chance(percent: 50)
                ? ["type": "team", "org": .string(namespace), "name": .string(team(of: repository?.namespace))]
                : [
                    "type": "service-account", "owner": .string(namespace),
                    "name": .string(service?.name.rawValue ?? "x"),
                ]
        }
    }

    private mutating func team(of organization: AccountID?) -> String {
        random.pick(world.teams.filter { $0.organization == organization })?.name.rawValue ?? "team"
    }

    /// A path of the template, with a name for each parameter.
    mutating func fill(_ template: String) -> String {
        let namespace = repository.flatMap { world.account($0.namespace)?.name.rawValue } ?? "nowhere"
        let id = random.pick(tokens.filter { $0.holder == holder })?.id.rawValue ?? "none"
        var path = template
        let subject =
            template.contains("/users/{subject}")
            ? user?.name.rawValue
            : template.contains("/teams/") ? team(of: repository?.namespace) : service?.name.rawValue
        let isOfUser = template.contains("/users/{user}/service-accounts/{service}")
        let owner = service.flatMap { world.account($0.owner) }
        let names = [
            "{user}": isOfUser && owner?.kind == .user ? owner?.name.rawValue : user?.name.rawValue,
            "{org}": template.contains("{service}") && owner?.kind == .organization
                ? owner?.name.rawValue : organization?.name.rawValue,
            "{team}": team(of: organization?.id), "{namespace}": namespace,
            "{name}": repository?.name.replacing("/", with: "%2F"), "{service}": service?.name.rawValue,
            "{subject}": subject, "{id}": id, "{directory}": "corp", "{run}": "1", "{role}": "next",
        ]
        for (parameter, name) in names { path = path.replacing(parameter, with: name ?? "nobody") }
        return path
    }
}

extension World {
    /// Whose tokens a principal logs in with.
    fileprivate func holder(of principal: Principal) -> TokenHolder? {
        switch principal {
        case .anonymous: nil
        case .user(let name): accounts.first { $0.name == name }.map { .user($0.id) }
        case .serviceAccount(let owner, let name):
            serviceAccounts.first { $0.name == name && account($0.owner)?.name == owner }.map { .serviceAccount($0.id) }
        }
    }
}
