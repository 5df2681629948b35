public import AccessModel

/// One line of the import and export format: JSON Lines, one thing each.
public enum ImportLine: Hashable, Sendable {
    case user(UserLine)
    case organization(OrganizationLine)
    case organizationMember(OrganizationMemberLine)
    case team(TeamLine)
    case teamMember(TeamMemberLine)
    case serviceAccount(ServiceAccountLine)
    case repository(RepositoryLine)
    case grant(GrantLine)
    case namespace(NamespaceLine)

    public struct UserLine: Hashable, Sendable {
        public var name: AccountName
        public var fullName: String?
        public var email: String??
        public var isActive: Bool?
        public var isSystemAdmin: Bool?
        public var isDecisionReader: Bool?
    }

    public struct OrganizationLine: Hashable, Sendable {
        public var name: AccountName
        public var fullName: String?
    }

    public struct OrganizationMemberLine: Hashable, Sendable {
        public var organization: AccountName
        public var user: AccountName
        public var role: OrganizationMember.Role?
    }

    public struct TeamLine: Hashable, Sendable {
        public var organization: AccountName
        public var name: TeamName
        public var description: String?
        public var parent: TeamName??
    }

    public struct TeamMemberLine: Hashable, Sendable {
        public var organization: AccountName
        public var team: TeamName
        public var user: AccountName
        public var role: TeamMember.Role?
    }

    public struct ServiceAccountLine: Hashable, Sendable {
        public var owner: AccountName
        public var name: TeamName
        public var description: String?
        public var isActive: Bool?
        public var isDecisionReader: Bool?
        public var expiresAt: Timestamp??
    }

    public struct GrantLine: Hashable, Sendable {
        public var subject: SubjectName
        public var target: TargetName
        public var level: AccessLevel
        public var expiresAt: Timestamp??
    }

    /// How repositories of a namespace begin.
    public struct NamespaceLine: Hashable, Sendable {
        public var name: AccountName
        public var createsOnPush: Bool?
        public var visibility: Repository.Visibility?
        public var grants: [DefaultGrantView]?
    }

    public struct RepositoryLine: Hashable, Sendable {
        public var path: RepositoryPath
        public var visibility: Repository.Visibility?
        public var description: String?
    }
}
