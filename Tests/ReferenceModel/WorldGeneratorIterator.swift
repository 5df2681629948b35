public import AccessModel

/// Makes the facts of a large world unit by unit: all of one account, one organisation's
/// members, one team's members, one repository's grants.
public struct WorldGeneratorIterator: IteratorProtocol {
    private let size: WorldGenerator.Size
    private var random: SplitMix64
    private var kinds = Fact.Kind.allCases[...]
    private var unit = 0
    private var buffer: [Fact] = []
    private var position = 0

    private let membersPerOrganization: [Int]
    private let teamsPerOrganization: [Int]
    private let membersPerTeam: [Int]
    private let grantsPerRepository: [Int]
    /// The number of an organisation's first team.
    private let firstTeam: [Int]
    private var members: [[Int32]] = []
    /// For each user, the last unit of the kind at hand that drew it.
    private var drawn: [Int32] = []
    private var organizationOfTeam: [Int32] = []
    private var ownerOfRepository: [Int32] = []
    private let namespaceGrants: Int

    init(size: WorldGenerator.Size, seed: UInt64) {
        self.size = size
        random = SplitMix64(seed: seed)
        let people = Self.shares(of: size.organizationMembers, among: size.organizations, most: size.users)
        let teams = Self.shares(of: size.teams, among: size.organizations, most: size.teams)
        var first = 0
        var firstTeam: [Int] = []
        var membersPerTeam: [Int] = []
        for (people, teams) in zip(people, teams) {
            firstTeam.append(first)
            first += teams
            // Everybody in an organisation is in as many teams on average as in any other.
            let places = people * size.teamMembers / Swift.max(1, size.organizationMembers)
            membersPerTeam += Self.shares(of: places, among: teams, most: people)
        }
        Self.spread(size.teamMembers - membersPerTeam.reduce(0, +), over: &membersPerTeam) { team in
            people[Self.lastPlace(in: firstTeam, notBehind: team)]
        }
        membersPerOrganization = people
        teamsPerOrganization = teams
        self.firstTeam = firstTeam
        self.membersPerTeam = membersPerTeam
        namespaceGrants = Swift.min(size.teams, size.grants / 50)
        grantsPerRepository = Self.shares(
            of: size.grants - namespaceGrants, among: size.repositories, most: Swift.max(1, size.users / 10))
        drawn = Array(repeating: -1, count: size.users)
    }

    public mutating func next() -> Fact? {
        while position == buffer.count {
            guard let kind = kinds.first else { return nil }
            buffer.removeAll(keepingCapacity: true)
            position = 0
            if unit < units(of: kind) {
                emit(kind, unit)
                unit += 1
            } else {
                kinds = kinds.dropFirst()
                unit = 0
                drawn = Array(repeating: -1, count: size.users)
            }
        }
        defer { position += 1 }
        return buffer[position]
    }

    private func units(of kind: Fact.Kind) -> Int {
        switch kind {
        case .account: size.users + size.organizations
        case .organizationMember: size.organizations
        case .team, .teamMember: size.teams
        case .serviceAccount: size.serviceAccounts
        case .repository: size.repositories
        case .grant: size.repositories + namespaceGrants
        case .role, .collection, .controlGrant, .site, .placement, .controlSettings, .retiredName, .password,
            .accessToken, .directory:
            0
        }
    }

    private mutating func emit(_ kind: Fact.Kind, _ unit: Int) {
        switch kind {
        case .account: emitAccount(unit)
        case .organizationMember: emitMembers(of: unit)
        case .team: emitTeam(unit)
        case .teamMember: emitTeamMembers(of: unit)
        case .serviceAccount: emitServiceAccount(unit)
        case .repository: emitRepository(unit)
        case .grant:
            if unit < size.repositories { emitGrants(on: unit) } else { emitNamespaceGrant(unit - size.repositories) }
        case .role, .collection, .controlGrant, .site, .placement, .controlSettings, .retiredName, .password,
            .accessToken, .directory:
            break
        }
    }
}

// One unit of each kind. Accounts are numbered users first, then organisations.

extension WorldGeneratorIterator {
    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// Fifteen characters, as of real identities: fourteen of digits behind a letter for the kind.
    private static func id<Entity>(_ letter: UInt8, _ number: Int) -> Identifier<Entity> {
        Identifier(
            rawValue: String(unsafeUninitializedCapacity: 15) { bytes in
                bytes[0] = letter
                for place in 1..<15 { bytes[place] = digits[number >> (5 * (14 - place)) & 31] }
                return 15
            })
    }

    private static func account(_ number: Int) -> AccountID { id(UInt8(ascii: "a"), number) }
    private static func team(_ number: Int) -> TeamID { id(UInt8(ascii: "t"), number) }
    private static func repository(_ number: Int) -> RepositoryID { id(UInt8(ascii: "r"), number) }
    private static func service(_ number: Int) -> ServiceAccountID { id(UInt8(ascii: "s"), number) }

    private func organization(_ number: Int) -> AccountID { Self.account(size.users + number) }

    private mutating func emitAccount(_ number: Int) {
        let isUser = number < size.users
        let name =
            isUser ? WorldGenerator.userName(number) : WorldGenerator.organizationName(number - size.users)
        buffer.append(
            .account(
                Account(
                    id: Self.account(number), kind: isUser ? .user : .organization, name: name,
                    isActive: !isUser || number == 0 || !random.chance(percent: 4),
                    isSystemAdmin: isUser && number % 20_000 == 0,
                    createsRepositoriesOnPush: random.chance(percent: 20))))
    }

    private mutating func emitMembers(of organization: Int) {
        let count = membersPerOrganization[organization]
        var places: [Int32] = []
        places.reserveCapacity(count)
        let isDense = count * 2 > size.users
        let start = random.below(size.users)
        while places.count < count {
            let user = isDense ? (start + places.count) % size.users : randomUser()
            guard drawn[user] != Int32(organization) else { continue }
            drawn[user] = Int32(organization)
            let role: OrganizationMember.Role = places.count < 1 + count / 200 ? .owner : .member
            places.append(Int32(user))
            buffer.append(
                .organizationMember(
                    OrganizationMember(
                        organization: self.organization(organization), user: Self.account(user), role: role)))
        }
        members.append(places)
    }

    /// Those with small numbers are in more organisations.
    private mutating func randomUser() -> Int {
        random.chance(percent: 50) ? random.skewedBelow(size.users) : random.below(size.users)
    }

    private mutating func emitTeam(_ number: Int) {
        let organization = Self.lastPlace(in: firstTeam, notBehind: number)
        organizationOfTeam.append(Int32(organization))
        let place = number - firstTeam[organization]
        let parent = place > 0 && random.chance(percent: 30) ? firstTeam[organization] + random.skewedBelow(place) : nil
        buffer.append(
            .team(
                Team(
                    id: Self.team(number), organization: self.organization(organization),
                    name: WorldGenerator.teamName(number), parent: parent.map(Self.team))))
    }

    private mutating func emitTeamMembers(of team: Int) {
        let people = members[Int(organizationOfTeam[team])]
        let count = membersPerTeam[team]
        let isDense = count * 2 > people.count
        let start = random.below(people.count)
        var taken = 0
        while taken < count {
            let place = isDense ? (start + taken) % people.count : random.below(people.count)
            let user = Int(people[place])
            guard drawn[user] != Int32(team) else { continue }
            drawn[user] = Int32(team)
            let role: TeamMember.Role = taken == 0 ? .maintainer : .member
            buffer.append(.teamMember(TeamMember(team: Self.team(team), user: Self.account(user), role: role)))
            taken += 1
        }
    }

    /// The owners of service accounts take turns, so that the names differ.
    private mutating func emitServiceAccount(_ number: Int) {
        buffer.append(
            .serviceAccount(
                ServiceAccount(
                    id: Self.service(number), owner: organization(number % size.organizations),
                    name: WorldGenerator.serviceAccountName(number))))
    }

    private mutating func emitRepository(_ number: Int) {
        let isPersonal = random.chance(percent: 10)
        let owner = isPersonal ? random.below(size.users) : size.users + random.skewedBelow(size.organizations)
        ownerOfRepository.append(Int32(owner))
        buffer.append(
            .repository(
                Repository(
                    id: Self.repository(number), namespace: Self.account(owner),
                    name: WorldGenerator.repositoryName(number),
                    visibility: random.chance(percent: 3) ? .public : .private)))
    }

    private mutating func randomLevel() -> AccessLevel {
        switch random.below(100) {
        case 0..<55: .readOnly
        case 55..<90: .readWrite
        default: .admin
        }
    }

    private mutating func randomEnd() -> Timestamp? {
        random.chance(percent: 3) ? RandomWorld.now + .seconds(random.below(20_000_000) - 10_000_000) : nil
    }

    private mutating func emitGrants(on repository: Int) {
        let owner = Int(ownerOfRepository[repository])
        let organization = owner - size.users
        let teams = organization >= 0 ? teamsPerOrganization[organization] : 0
        var subjects: Set<GrantSubject> = []
        while subjects.count < grantsPerRepository[repository] {
            let subject: GrantSubject
            let dice = random.below(100)
            if dice < 80 && subjects.count < teams / 2 {
                subject = .team(Self.team(firstTeam[organization] + random.skewedBelow(teams)))
            } else if dice < 85 && organization >= 0 && organization < size.serviceAccounts {
                subject = .serviceAccount(Self.service(organization))
            } else {
                let user = random.below(size.users)
                guard user != owner else { continue }
                subject = .user(Self.account(user))
            }
            guard subjects.insert(subject).inserted else { continue }
            buffer.append(
                .grant(
                    Grant(
                        subject: subject, target: .repository(Self.repository(repository)), level: randomLevel(),
                        expiresAt: randomEnd())))
        }
    }

    private mutating func emitNamespaceGrant(_ number: Int) {
        let team = number * (size.teams / Swift.max(1, namespaceGrants))
        buffer.append(
            .grant(
                Grant(
                    subject: .team(Self.team(team)), target: .namespace(organization(Int(organizationOfTeam[team]))),
                    level: randomLevel())))
    }
}

// How many of something each one has.

extension WorldGeneratorIterator {
    /// Splits `total` into shares that fall off with the rank, each at least one while there is
    /// enough, and at most `most`.
    private static func shares(of total: Int, among count: Int, most: Int) -> [Int] {
        guard count > 0 else { return [] }
        let weights = (0..<count).map { 1 / Double($0 + 3) }
        let sum = weights.reduce(0, +)
        let each = total >= count ? 1 : 0
        let rest = Double(total - each * count)
        var shares = weights.map { Swift.min(most, each + Int($0 / sum * rest)) }
        spread(total - shares.reduce(0, +), over: &shares) { _ in most }
        return shares
    }

    /// Adds `missing` to the shares in turn, none above its `most`, as far as there is room.
    private static func spread(_ missing: Int, over shares: inout [Int], most: (Int) -> Int) {
        var missing = missing
        var hasRoom = true
        while missing > 0 && hasRoom {
            hasRoom = false
            for place in shares.indices where missing > 0 && shares[place] < most(place) {
                let part = Swift.min(missing, most(place) - shares[place], Swift.max(1, missing / shares.count))
                shares[place] += part
                missing -= part
                hasRoom = true
            }
        }
    }

    /// The place of the last of the rising `starts` that is at or before `value`.
    private static func lastPlace(in starts: [Int], notBehind value: Int) -> Int {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= value { low = middle } else { high = middle }
        }
        return low
    }
}
