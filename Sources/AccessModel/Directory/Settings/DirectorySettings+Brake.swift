extension DirectorySettings {
    /// Limits on what one synchronisation may do without a person's approval. Numbers that are
    /// nil limit nothing; percentages apply from five removals on.
    public struct Brake: Hashable, Sendable, Encodable {
        public var maxRemovals = 100
        public var maxPercent = 20
        public var maxTeamRemovals: Int?
        public var maxTeamPercent = 50
        public var maxOrganizationRemovals: Int?
        public var maxOrganizationPercent = 50
        public var maxPromotions = 3
        public var maxReactivations = 10
        public var maxRenamePercent = 20
        public var maxAdditionsPercent = 50

        public init(
            maxRemovals: Int = 100, maxPercent: Int = 20, maxTeamPercent: Int = 50, maxPromotions: Int = 3,
            maxAdditionsPercent: Int = 50
        ) {
            self.maxRemovals = maxRemovals
            self.maxPercent = maxPercent
            self.maxTeamPercent = maxTeamPercent
            self.maxPromotions = maxPromotions
            self.maxAdditionsPercent = maxAdditionsPercent
        }

        enum CodingKeys: String, CodingKey, CaseIterable {
            case maxRemovals = "max_removals"
            case maxPercent = "max_percent"
            case maxTeamRemovals = "max_team_removals"
            case maxTeamPercent = "max_team_percent"
            case maxOrganizationRemovals = "max_org_removals"
            case maxOrganizationPercent = "max_org_percent"
            case maxPromotions = "max_promotions"
            case maxReactivations = "max_reactivations"
            case maxRenamePercent = "max_rename_percent"
            case maxAdditionsPercent = "max_additions_percent"
        }
    }
}
