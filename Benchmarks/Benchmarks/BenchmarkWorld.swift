import AccessModel
import Foundation
import ReferenceModel

/// A reference world: its facts, and questions about it that are the same each time.
struct BenchmarkWorld {
    enum Size: String, CaseIterable {
        case medium = "M"
        case large = "L"

        var size: WorldGenerator.Size { self == .medium ? .medium : .large }
    }

    let size: Size
    let generator: WorldGenerator
    let users: [AccountName]
    let userIDs: [AccountID]
    let organizations: [AccountID]
    let teams: [Team]
    let repositories: [RepositoryPath]
    let factCount: Int
    private(set) var someMembers: [(organization: AccountName, user: AccountName)] = []

    init(_ size: Size) throws {
        self.size = size
        generator = WorldGenerator(size.size, seed: 1)
        var users: [AccountName] = []
        var userIDs: [AccountID] = []
        var organizations: [AccountID] = []
        var teams: [Team] = []
        var repositories: [RepositoryPath] = []
        var names: [AccountID: AccountName] = [:]
        var count = 0
        for fact in generator {
            count += 1
            switch fact {
            case .account(let account):
                names[account.id] = account.name
                if account.kind == .user {
                    users.append(account.name)
                    userIDs.append(account.id)
                } else {
                    organizations.append(account.id)
                }
            case .team(let team): teams.append(team)
            case .repository(let repository):
                guard let namespace = names[repository.namespace] else { continue }
                repositories.append(try RepositoryPath(namespace: namespace, name: repository.name))
            case .organizationMember(let member) where count % 97 == 0:
                guard let organization = names[member.organization], let user = names[member.user] else { continue }
                someMembers.append((organization, user))
            default: break
            }
        }
        (self.users, self.userIDs, self.organizations, self.teams) = (users, userIDs, organizations, teams)
        (self.repositories, factCount) = (repositories, count)
    }

    /// Who and what checks are about: half at random, and half where the user may push, so that about
    /// half are allowed.
    func questions(_ count: Int, in graph: AccessGraph) -> [(user: AccountName, repository: RepositoryPath)] {
        var random = SplitMix64(seed: 7)
        var questions: [(user: AccountName, repository: RepositoryPath)] = []
        while questions.count < count {
            let user = users[random.below(users.count)]
            questions.append((user, repositories[random.below(repositories.count)]))
            let held = graph.whatMay(.user(user), .push, at: RandomWorld.now)
            if held.count < 10_000, let some = random.pick(held) { questions.append((user, some.repository)) }
        }
        return questions
    }
}
