import AccessModel

/// A line of a scenario that cannot be read, counted from 1.
public struct ScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
    public let line: Int
    public let reason: String

    public var description: String { "line \(line): \(reason)" }
}

extension Scenario {
    /// Reads what `text` writes. Identities are numbered in the order in which things come.
    public init(_ text: String) throws(ScenarioError) {
        var parser = ScenarioParser()
        for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            do {
                try parser.read(line.prefix { $0 != "#" }.split(separator: " ").map(String.init))
            } catch {
                throw ScenarioError(line: place + 1, reason: "\(error)")
            }
        }
        history = History(start: parser.start, changes: parser.changes)
        expectations = parser.expectations
    }
}

private struct ScenarioParser {
    struct Unreadable: Error, CustomStringConvertible { let description: String }

    var start = World(now: RandomWorld.now)
    var changes: [Change] = []
    var expectations: [Scenario.Expectation] = []
    private var world = World(now: RandomWorld.now)
    private var made = 0

    mutating func read(_ words: [String]) throws {
        guard let first = words.first else { return }
        let rest = Array(words.dropFirst())
        switch first {
        case "now":
            guard let text = rest.first, let now = Timestamp(text) else { throw Unreadable(description: "now TIME") }
            start.now = now
            world.now = now
        case "+": record(.insert(try fact(rest)))
        case "-": record(.delete(try known(fact(rest))))
        case "~":
            guard let arrow = rest.firstIndex(of: "=>") else { throw Unreadable(description: "~ BEFORE => AFTER") }
            let before = try known(fact(Array(rest[..<arrow])))
            let after = try fact(Array(rest[(arrow + 1)...]), instead: before)
            guard let change = Change.update(before, to: after) else {
                throw Unreadable(description: "the two are different facts")
            }
            record(change)
        case "expect": expectations.append(try expectation(rest))
        default:
            guard changes.isEmpty else { throw Unreadable(description: "a fact behind a change; write + before it") }
            start.apply(.insert(try fact(words)))
            world = start
        }
    }

    private mutating func record(_ change: Change) {
        changes.append(change)
        world.apply(change)
    }

    private func expectation(_ words: [String]) throws -> Scenario.Expectation {
        let isAllowed = words.first != "not"
        let words = isAllowed ? words : Array(words.dropFirst())
        guard words.count == 3, let action = Action(rawValue: words[1]) else {
            throw Unreadable(description: "expect [not] PRINCIPAL ACTION REPOSITORY")
        }
        return Scenario.Expectation(
            isAllowed: isAllowed, principal: try Principal(words[0]), action: action, path: try RepositoryPath(words[2])
        )
    }

    /// The fact of the world with the key of `fact`, or with its name where the key is an identity.
    private func known(_ fact: Fact) throws -> Fact {
        guard world.facts.contains(fact) else { throw Unreadable(description: "there is no such fact: \(fact.key)") }
        return fact
    }

    private mutating func identifier<Entity>() -> Identifier<Entity> {
        made += 1
        let digits = String(made)
        return Identifier(rawValue: String(repeating: "0", count: max(0, 15 - digits.count)) + digits)
    }
}

// One line, one fact. An identity is that of the fact of the same name, or else a new one.

extension ScenarioParser {
    private mutating func fact(_ words: [String], instead replaced: Fact? = nil) throws -> Fact {
        guard words.count >= 2 else { throw Unreadable(description: "too few words") }
        let flags = Set(words.dropFirst(2))
        switch words[0] {
        case "user", "org":
            let name = try AccountName(words[1])
            let id: AccountID
            if case .account(let old)? = replaced {
                id = old.id
            } else {
                id = world.account(named: name)?.id ?? identifier()
            }
            return .account(
                Account(
                    id: id, kind: words[0] == "user" ? .user : .organization, name: name,
                    isActive: !flags.contains("inactive"), isSystemAdmin: flags.contains("admin"),
                    isDecisionReader: flags.contains("reader"),
                    createsRepositoriesOnPush: flags.contains("create-on-push")))
        case "member":
            try require(words, 4)
            let role = try raw(OrganizationMember.Role.self, words[3])
            return .organizationMember(
                OrganizationMember(organization: try account(words[1]), user: try account(words[2]), role: role))
        case "team":
            try require(words, 3)
            let organization = try account(words[1])
            let name = try TeamName(words[2])
            let id: TeamID
            if case .team(let old)? = replaced {
                id = old.id
            } else {
                id = world.teams.first { $0.organization == organization && $0.name == name }?.id ?? identifier()
            }
            let parent = words.count == 5 && words[3] == "below" ? try team(words[1], words[4]) : nil
            return .team(Team(id: id, organization: organization, name: name, parent: parent))
        case "team-member":
            try require(words, 5)
            let role = try raw(TeamMember.Role.self, words[4])
            return .teamMember(TeamMember(team: try team(words[1], words[2]), user: try account(words[3]), role: role))
        case "service-account":
            let parts = words[1].split(separator: "+").map(String.init)
            try require(parts, 2)
            let (owner, name) = (try account(parts[0]), try TeamName(parts[1]))
            let known = world.serviceAccounts.first { $0.owner == owner && $0.name == name }?.id
            return .serviceAccount(
                ServiceAccount(
                    id: known ?? identifier(), owner: owner, name: name, isActive: !flags.contains("inactive"),
                    isDecisionReader: flags.contains("reader"),
                    expiresAt: try words.firstIndex(of: "until").map { try time(words, at: $0 + 1) }))
        case "repository":
            let path = try RepositoryPath(words[1])
            let namespace = try account(path.namespace.rawValue)
            return .repository(
                Repository(
                    id: world.repository(at: path)?.id ?? identifier(), namespace: namespace, name: path.name,
                    visibility: flags.contains("public") ? .public : .private))
        case "grant":
            return .grant(try grant(words))
        default:
            throw Unreadable(description: "\"\(words[0])\" is no kind of fact")
        }
    }

    private func time(_ words: [String], at place: Int) throws -> Timestamp {
        guard place < words.count, let time = Timestamp(words[place]) else {
            throw Unreadable(description: "write: until TIME")
        }
        return time
    }

    private func grant(_ words: [String]) throws -> Grant {
        try require(words, 5)
        let subject: GrantSubject
        if let slash = words[1].firstIndex(of: "/") {
            let name = words[1][words[1].index(after: slash)...]
            subject = .team(try team(String(words[1][..<slash]), String(name)))
        } else if words[1].contains("+") {
            let principal = try Principal(words[1])
            guard
                let service = world.serviceAccounts.first(where: {
                    world.principal(.serviceAccount($0.id)) == principal
                })
            else { throw Unreadable(description: "there is no service account \(words[1])") }
            subject = .serviceAccount(service.id)
        } else {
            subject = .user(try account(words[1]))
        }
        let target: GrantTarget
        if words[4].contains("/") {
            guard let repository = world.repository(at: try RepositoryPath(words[4])) else {
                throw Unreadable(description: "there is no repository \(words[4])")
            }
            target = .repository(repository.id)
        } else {
            target = .namespace(try account(words[4]))
        }
        let expiresAt = words.count == 7 && words[5] == "until" ? Timestamp(words[6]) : nil
        guard words.count == 5 || expiresAt != nil else { throw Unreadable(description: "write: until TIME") }
        return Grant(
            subject: subject, target: target, level: try raw(AccessLevel.self, words[2]), expiresAt: expiresAt)
    }

    private func account(_ name: String) throws -> AccountID {
        guard let account = world.account(named: try AccountName(name)) else {
            throw Unreadable(description: "there is no account \(name)")
        }
        return account.id
    }

    private func team(_ organization: String, _ name: String) throws -> TeamID {
        let owner = try account(organization)
        guard let team = world.teams.first(where: { $0.organization == owner && $0.name.rawValue == name }) else {
            throw Unreadable(description: "there is no team \(organization)/\(name)")
        }
        return team.id
    }

    private func require(_ words: [String], _ count: Int) throws {
        guard words.count >= count else { throw Unreadable(description: "too few words") }
    }

    private func raw<Value: RawRepresentable>(_ type: Value.Type, _ text: String) throws -> Value
    where Value.RawValue == String {
        guard let value = Value(rawValue: text) else { throw Unreadable(description: "\"\(text)\" is no \(type)") }
        return value
    }
}
