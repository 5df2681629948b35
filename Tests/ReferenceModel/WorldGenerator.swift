public import AccessModel

/// A large world, the same for the same seed, as a stream of facts in the order of
/// `Fact.Kind.allCases`: a sequence, so that the largest need not be held. Skewed as companies
/// are: few organisations, teams, repositories and people have most of everything.
public struct WorldGenerator: Sequence, Sendable {
    public struct Size: Hashable, Sendable {
        public var users: Int
        public var organizations: Int
        public var teams: Int
        public var repositories: Int
        public var organizationMembers: Int
        public var teamMembers: Int
        public var serviceAccounts: Int
        public var grants: Int

        public init(
            users: Int, organizations: Int, teams: Int, repositories: Int, organizationMembers: Int, teamMembers: Int,
            serviceAccounts: Int, grants: Int
        ) {
            self.users = users
            self.organizations = organizations
            self.teams = teams
            self.repositories = repositories
            self.organizationMembers = organizationMembers
            self.teamMembers = teamMembers
            self.serviceAccounts = serviceAccounts
            self.grants = grants
        }

        /// The reference world M.
        public static let medium = Size(
            users: 100_000, organizations: 500, teams: 5_000, repositories: 50_000, organizationMembers: 150_000,
            teamMembers: 350_000, serviceAccounts: 2_000, grants: 150_000)
        /// The reference world L, ten times M.
        public static let large = medium.multiplied(by: 10)

        /// Every number times `factor`, and at least one of each.
        public func multiplied(by factor: Double) -> Size {
            func times(_ count: Int) -> Int { Swift.max(1, Int(Double(count) * factor + 0.5)) }
            return Size(
                users: times(users), organizations: times(organizations), teams: times(teams),
                repositories: times(repositories), organizationMembers: times(organizationMembers),
                teamMembers: times(teamMembers), serviceAccounts: times(serviceAccounts), grants: times(grants))
        }
    }

    public let size: Size
    public let seed: UInt64

    public init(_ size: Size = .medium, seed: UInt64 = 1) {
        self.size = size
        self.seed = seed
    }

    public func makeIterator() -> WorldGeneratorIterator { WorldGeneratorIterator(size: size, seed: seed) }

    // Names and identities by number, so that a benchmark can ask about any of them.

    public static func userName(_ number: Int) -> AccountName { AccountName(trusted: "user-\(number)") }
    public static func organizationName(_ number: Int) -> AccountName { AccountName(trusted: "org-\(number)") }
    public static func teamName(_ number: Int) -> TeamName { TeamName(trusted: "team-\(number)") }
    public static func serviceAccountName(_ number: Int) -> TeamName { TeamName(trusted: "robot-\(number)") }
    public static func repositoryName(_ number: Int) -> String {
        number % 4 == 0 ? "app/svc-\(number)" : "svc-\(number)"
    }
}
