public import AccessModel

/// A team with the names that its identities stand for.
public struct TeamView: Hashable, Sendable {
    public let team: Team
    public let organization: AccountName
    public let parent: TeamName?
}

/// Makes a team.
public struct CreateTeam: Command {
    public var organization: AccountName
    public var name: TeamName
    public var fields: TeamFields

    public init(organization: AccountName, name: TeamName, fields: TeamFields = TeamFields()) {
        self.organization = organization
        self.name = name
        self.fields = fields
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<TeamView> {
        let organization = try context.organization(organization).value
        try context.require(.manageOrganization(organization.id), to: "make teams in \(organization.name)")
        guard try context.row(ofTeam: name, in: organization.id) == nil else {
            throw .conflict(code: .nameTaken, detail: "\(organization.name) has a team \"\(name)\" already")
        }
        var team = Team(id: context.newIdentifier(), organization: organization.id, name: name)
        try context.apply(fields, to: &team, in: organization)
        let revision = try context.insert(.team(team))
        return Stored(try context.view(team, in: organization), revision: revision)
    }
}

/// Changes a team. Absent members keep their value.
public struct UpdateTeam: Command {
    public var organization: AccountName
    public var name: TeamName
    public var newName: TeamName?
    public var fields: TeamFields
    public var condition: Precondition

    public init(
        organization: AccountName, name: TeamName, newName: TeamName? = nil, fields: TeamFields,
        condition: Precondition = .none
    ) {
        self.organization = organization
        self.name = name
        self.newName = newName
        self.fields = fields
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<TeamView> {
        let organization = try context.organization(organization).value
        try context.require(.manageOrganization(organization.id), to: "change the teams of \(organization.name)")
        let stored = try context.team(name, in: organization)
        try context.expect(stored.revision, meets: condition)
        var after = stored.value
        if let newName, newName != name {
            guard try context.row(ofTeam: newName, in: organization.id) == nil else {
                throw .conflict(code: .nameTaken, detail: "\(organization.name) has a team \"\(newName)\" already")
            }
            after.name = newName
        }
        try context.apply(fields, to: &after, in: organization)
        let revision = try context.update(.team(stored.value), to: .team(after))
        return Stored(
            try context.view(after, in: organization), revision: revision ?? stored.revision)
    }
}

/// Deletes a team with its grants and memberships; its children move up to its parent.
public struct DeleteTeam: Command {
    public var organization: AccountName
    public var name: TeamName
    public var condition: Precondition

    public init(organization: AccountName, name: TeamName, condition: Precondition = .none) {
        self.organization = organization
        self.name = name
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        let organization = try context.organization(organization).value
        try context.require(.manageOrganization(organization.id), to: "delete teams of \(organization.name)")
        let stored = try context.team(name, in: organization)
        try context.expect(stored.revision, meets: condition)
        for child in try context.writer.teams(of: organization.id, .all) where child.value.parent == stored.value.id {
            var moved = child.value
            moved.parent = stored.value.parent
            try context.update(.team(child.value), to: .team(moved), reason: "its parent \(name) was deleted")
        }
        try context.delete(team: stored.value)
    }
}

extension WriteContext {
    /// How deep teams may be nested. Each check walks from a member's team up to the topmost.
    static let teamDepth = 16

    fileprivate func apply(
        _ fields: TeamFields, to team: inout Team, in organization: Account
    ) throws(AccessError) {
        fields.apply(to: &team)
        try checkDescription(team.description)
        guard let parent = fields.parent else { return }
        team.parent = try parent.map { (name) throws(AccessError) in
            try self.team(name, in: organization).value.id
        }
        try checkNesting(of: team)
    }

    /// Refuses a team below itself, or one that makes the nesting too deep.
    func checkNesting(of team: Team) throws(AccessError) {
        var depth = 0
        var ancestor = team.parent
        while let id = ancestor, depth <= Self.teamDepth {
            guard id != team.id else {
                throw .conflict(code: .teamCycle, detail: "\(team.name) would be below itself: choose another parent")
            }
            depth += 1
            ancestor = try writer.team(id)?.value.parent
        }
        guard depth > 0 else { return }
        // A new one has none below it.
        let isThere = try writer.team(team.id) != nil
        let height = try !isThere ? 1 : writer.teams(of: team.organization, .all).map(\.value).height(of: team)
        guard depth + height <= Self.teamDepth else {
            throw .conflict(
                code: .teamDepth,
                detail:
                    "teams may be nested \(Self.teamDepth) deep, and \(team.name) would be deeper: choose another parent"
            )
        }
    }

    func delete(team: Team) throws(AccessError) {
        for grant in try writer.grants(to: .team(team.id)) { try delete(.grant(grant.value)) }
        try deleteControlGrants(to: .team(team.id))
        for member in try writer.members(of: team.id, .all) { try delete(.teamMember(member.membership)) }
        try delete(.team(team))
    }
}

extension LookupContext {
    func view(_ team: Team, in organization: Account) throws(AccessError) -> TeamView {
        let parent = try team.parent.flatMap { (id) throws(AccessError) in try rows.team(id) }
        return TeamView(team: team, organization: organization.name, parent: parent?.value.name)
    }
}

func checkDescription(_ text: String) throws(AccessError) {
    guard text.unicodeScalars.count <= 4_000 else {
        throw .invalid(field: "description", value: nil, reason: "it is longer than 4,000 characters")
    }
}

/// Teams of an organisation, ordered by name.
public struct ListTeams: Query {
    public var organization: AccountName
    public var page: Page

    public init(organization: AccountName, page: Page = Page()) {
        self.organization = organization
        self.page = page
    }

    public func answer(in context: ReadContext) throws(AccessError) -> Listing<Stored<TeamView>> {
        let organization = try context.organization(organization).value
        try context.require(.readOrganization(organization.id), to: "read the teams of \(organization.name)")
        var views: [Stored<TeamView>] = []
        for stored in try context.reader.teams(of: organization.id, page) {
            views.append(Stored(try context.view(stored.value, in: organization), revision: stored.revision))
        }
        return Listing(
            views, count: page.isCounted ? try context.reader.teamCount(of: organization.id, page.filter) : nil)
    }
}

/// One team.
public struct GetTeam: Query {
    public var organization: AccountName
    public var name: TeamName

    public init(organization: AccountName, name: TeamName) {
        self.organization = organization
        self.name = name
    }

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<TeamView> {
        let organization = try context.organization(organization).value
        try context.require(.readOrganization(organization.id), to: "read the teams of \(organization.name)")
        let stored = try context.team(name, in: organization)
        return Stored(try context.view(stored.value, in: organization), revision: stored.revision)
    }
}
