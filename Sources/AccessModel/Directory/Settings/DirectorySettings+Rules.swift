extension DirectorySettings {
    /// What the members of a group become. Exactly one of `team`, `organization` (with a role)
    /// and `systemAdmin`.
    public struct Rule: Hashable, Sendable, Encodable {
        /// The group's DN, or its objectGUID / entryUUID.
        public var group: String
        public var feeds: Feed

        public init(group: String, feeds: Feed) {
            self.group = group
            self.feeds = feeds
        }
    }

    public enum Feed: Hashable, Sendable {
        case team(organization: AccountName, team: TeamName)
        case organization(AccountName, role: OrganizationMember.Role)
        case systemAdmin
    }
}
