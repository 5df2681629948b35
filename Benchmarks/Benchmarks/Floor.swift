import AccessModel
import CFloor
import ReferenceModel

/// The same world in flat arrays, by a C program that answers and does nothing else: what decisions are measured by.
final class Floor {
    /// A question as bytes, which live as long as the process.
    struct Question {
        let user: UnsafeBufferPointer<CChar>
        let repository: UnsafeBufferPointer<CChar>
    }

    private let world = floor_new()
    private var users: [AccountName: UInt32] = [:]
    private var repositories: [RepositoryPath: UInt32] = [:]
    private let found: UnsafeMutablePointer<UInt32>

    init(_ world: BenchmarkWorld, at now: Timestamp) throws {
        var accounts: [String: UInt32] = [:]
        var teams: [String: (number: UInt32, organization: UInt32)] = [:]
        var places: [String: UInt32] = [:]
        // In the order of names, so that the program's answers are in the order of the graph's.
        var named: [Account] = []
        for case .account(let account) in world.generator { named.append(account) }
        for account in named.sorted(by: { $0.name < $1.name }) {
            var flags = account.kind == .user ? floor_is_user : 0
            if account.isActive { flags |= floor_is_active }
            if account.isSystemAdmin { flags |= floor_is_administrator }
            let name = account.name.rawValue
            let number = floor_add_account(self.world, name, name.utf8.count, UInt8(flags))
            (users[account.name], accounts[account.id.rawValue]) = (number, number)
        }
        let names = Dictionary(uniqueKeysWithValues: named.map { ($0.id.rawValue, $0.name) })
        var paths: [(RepositoryPath, Repository)] = []
        for case .repository(let repository) in world.generator {
            let namespace = try known(names[repository.namespace.rawValue])
            paths.append((RepositoryPath(trustedNamespace: namespace, name: repository.name), repository))
        }
        for (path, repository) in paths.sorted(by: { $0.0 < $1.0 }) {
            let number = floor_add_repository(
                self.world, try known(accounts[repository.namespace.rawValue]), path.description,
                path.description.utf8.count, repository.visibility == .public ? 1 : 0)
            (places[repository.id.rawValue], repositories[path]) = (number, number)
        }
        for fact in world.generator {
            switch fact {
            case .organizationMember(let member) where member.role == .owner:
                floor_add_owner(
                    self.world, try known(accounts[member.organization.rawValue]),
                    try known(accounts[member.user.rawValue]))
            case .team(let team):
                let organization = try known(accounts[team.organization.rawValue])
                let parent = try team.parent.map { Int64(try known(teams[$0.rawValue]).number) } ?? -1
                teams[team.id.rawValue] = (floor_add_team(self.world, organization, parent), organization)
            case .teamMember(let member):
                floor_add_member(
                    self.world, try known(teams[member.team.rawValue]).number,
                    try known(accounts[member.user.rawValue]))
            case .grant(let grant):
                if let end = grant.expiresAt, end <= now { continue }
                let level = UInt8((AccessLevel.allCases.firstIndex(of: grant.level) ?? 0) + 1)
                switch (grant.subject, grant.target) {
                case (.team(let team), .namespace(let namespace)):
                    let team = try known(teams[team.rawValue])
                    guard accounts[namespace.rawValue] == team.organization else { continue }
                    floor_add_namespace_grant(self.world, team.number, level)
                case (.team(let team), .repository(let repository)):
                    floor_add_team_grant(
                        self.world, try known(teams[team.rawValue]).number, try known(places[repository.rawValue]),
                        level)
                case (.user(let user), .repository(let repository)):
                    floor_add_user_grant(
                        self.world, try known(accounts[user.rawValue]), try known(places[repository.rawValue]), level)
                default: break
                }
            default: break
            }
        }
        floor_seal(self.world)
        found = .allocate(capacity: max(users.count, repositories.count) + 1)
    }

    func question(_ user: AccountName, _ repository: RepositoryPath) -> Question {
        Question(user: Self.bytes(user.rawValue), repository: Self.bytes(repository.description))
    }

    private static func bytes(_ text: String) -> UnsafeBufferPointer<CChar> {
        let bytes = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.utf8.count)
        _ = bytes.initialize(from: text.utf8.map(CChar.init(bitPattern:)))
        return UnsafeBufferPointer(bytes)
    }

    func number(of user: AccountName) -> UInt32 { users[user] ?? .max }
    func number(of repository: RepositoryPath) -> UInt32 { repositories[repository] ?? .max }

    /// 1 to 3 for the levels; 0 for none.
    @inline(__always)
    func level(_ question: Question) -> Int32 {
        floor_level(
            world, question.user.baseAddress, question.user.count, question.repository.baseAddress,
            question.repository.count)
    }

    func whoMayPush(_ repository: UInt32) -> Int { floor_who(world, repository, 2, found) }
    func whatMayPush(_ user: UInt32) -> Int { floor_what(world, user, 2, found) }

    private func levels(_ count: Int) -> [AccessLevel] {
        (0..<count).map { AccessLevel.allCases[Int(found[$0] & 3) - 1] }
    }

    private func numbers(_ count: Int) -> [UInt32] { (0..<count).map { found[$0] >> 2 } }

    /// Fails unless both say the same.
    func agree(with graph: AccessGraph, _ questions: [(user: AccountName, repository: RepositoryPath)]) throws {
        let now = RandomWorld.now
        for (user, path) in questions {
            let level = graph.check(.user(user), .view, path, at: now).level
            let expected = level.map { (AccessLevel.allCases.firstIndex(of: $0) ?? 0) + 1 } ?? 0
            let people = graph.whoMay(.push, path, at: now).filter { $0.principal.kind == "user" }
            let places = graph.whatMay(.user(user), .push, at: now)
            guard expected == Int(self.level(question(user, path))),
                people.map({ $0.level }) == levels(whoMayPush(number(of: path))),
                places.map({ number(of: $0.repository) }) == numbers(whatMayPush(number(of: user)))
            else { throw BenchmarkError("the C program and the graph differ on \(user) and \(path)") }
        }
    }
}

private func known<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw BenchmarkError("the world names something unknown") }
    return value
}
