/// A user's place in a team.
public struct TeamMember: FactValue {
    public static let kind = Fact.Kind.teamMember
    public var key: FactKey { FactKey(Self.kind, team.rawValue, user.rawValue) }
    public var changeKeys: [ChangeKey] { [.identity(team), .identity(user)] }
    public var concerned: [Concerned] { [.account(user), .owner(.team, team.rawValue)] }
    public var named: [FactKey] { [.team(team), .account(user)] }

    public enum Role: String, Hashable, Sendable, Codable, CaseIterable { case member, maintainer }

    public var team: TeamID
    public var user: AccountID
    public var role: Role
    /// The directory that keeps this membership; nil for one made by a person.
    public var managedBy: String?

    public init(team: TeamID, user: AccountID, role: Role, managedBy: String? = nil) {
        self.team = team
        self.user = user
        self.role = role
        self.managedBy = managedBy
    }

    enum CodingKeys: String, CodingKey {
        case team, user, role
        case managedBy = "managed_by"
    }
}
