import AccessModel
public import Foundation

/// Makes everything that the lines name, all or nothing. For things that exist, absent members
/// keep their value.
public struct ImportLines: Command {
    /// JSON Lines; empty lines are passed over.
    public var text: Data
    /// Called now and then with the number of bytes done.
    public var progress: @Sendable (Int) -> Void

    public init(text: Data, progress: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.text = text
        self.progress = progress
    }

    public struct Summary: Hashable, Sendable {
        public var lines = 0
        public var changes = 0
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Summary {
        try context.require(.administer, to: "import")
        var lines = DecodedLines(text)
        var summary = Summary()
        while let line = lines.next() {
            let content = try line.content.get()
            do throws(AccessError) {
                try context.put(content)
            } catch {
                throw error.isAboutInput ? .importLine(line: line.number, reason: error.description) : error
            }
            summary.lines += 1
            if summary.lines % 1_000 == 0 { progress(line.end - text.startIndex) }
        }
        progress(text.count)
        summary.changes = context.changes.count
        return summary
    }
}

extension AccessError {
    /// Whether the one who wrote the request can mend it, as opposed to a failing disk.
    var isAboutInput: Bool {
        switch self {
        case .notFound, .invalid, .conflict, .forbidden: true
        default: false
        }
    }
}

extension WriteContext {
    fileprivate func put(_ line: ImportLine) throws(AccessError) {
        switch line {
        case .user(let line): try put(line)
        case .organization(let line): try put(line)
        case .organizationMember(let line): try put(line)
        case .team(let line): try put(line)
        case .teamMember(let line): try put(line)
        case .serviceAccount(let line): try put(line)
        case .repository(let line): try put(line)
        case .namespace(let line):
            _ = try UpdateNamespace(
                name: line.name, createsRepositoriesOnPush: line.createsOnPush, visibility: line.visibility,
                grants: line.grants
            ).perform(in: self)
        case .grant(let grant):
            _ = try PutGrant(
                subject: grant.subject, target: grant.target, level: grant.level, expiresAt: grant.expiresAt
            )
            .perform(in: self)
        }
    }

    private func put(_ line: ImportLine.UserLine) throws(AccessError) {
        // The name of an organisation is taken.
        guard graph.kind(ofAccount: line.name) == .user else {
            _ = try CreateUser(
                name: line.name, fullName: line.fullName ?? "", email: line.email ?? nil,
                isActive: line.isActive ?? true,
                isSystemAdmin: line.isSystemAdmin ?? false, isDecisionReader: line.isDecisionReader ?? false
            ).perform(in: self)
            return
        }
        _ = try UpdateUser(
            name: line.name, fullName: line.fullName, email: line.email, isActive: line.isActive,
            isSystemAdmin: line.isSystemAdmin, isDecisionReader: line.isDecisionReader
        ).perform(in: self)
    }

    private func put(_ line: ImportLine.OrganizationLine) throws(AccessError) {
        guard graph.kind(ofAccount: line.name) == .organization else {
            // An import names the owners itself: whoever runs it does not become one.
            try requireFreeName(line.name)
            try Account.check(fullName: line.fullName ?? "", email: nil)
            let organization = Account(
                id: newIdentifier(), kind: .organization, name: line.name, fullName: line.fullName ?? "")
            try insert(.account(organization))
            return
        }
        _ = try UpdateOrganization(name: line.name, fullName: line.fullName).perform(in: self)
    }

    private func put(_ line: ImportLine.OrganizationMemberLine) throws(AccessError) {
        let role: OrganizationMember.Role
        if let given = line.role { role = given } else { role = try currentRole(line) ?? .member }
        _ = try PutOrganizationMember(organization: line.organization, user: line.user, role: role).perform(in: self)
    }

    private func currentRole(_ line: ImportLine.OrganizationMemberLine) throws(AccessError) -> OrganizationMember.Role?
    {
        let (organization, user) = (try organization(line.organization).value, try user(line.user).value)
        return try writer.member(user.id, of: organization.id)?.value.role
    }

    private func put(_ line: ImportLine.TeamLine) throws(AccessError) {
        let organization = try organization(line.organization).value
        guard try writer.team(named: line.name, in: organization.id) != nil else {
            _ = try CreateTeam(
                organization: line.organization, name: line.name, description: line.description ?? "",
                parent: line.parent ?? nil
            ).perform(in: self)
            return
        }
        _ = try UpdateTeam(
            organization: line.organization, name: line.name, description: line.description, parent: line.parent
        ).perform(in: self)
    }

    private func put(_ line: ImportLine.TeamMemberLine) throws(AccessError) {
        let role: TeamMember.Role
        if let given = line.role {
            role = given
        } else {
            let team = try team(line.team, in: try organization(line.organization).value).value
            role = try writer.member(try user(line.user).value.id, of: team.id)?.value.role ?? .member
        }
        _ = try PutTeamMember(organization: line.organization, team: line.team, user: line.user, role: role)
            .perform(in: self)
    }

    private func put(_ line: ImportLine.ServiceAccountLine) throws(AccessError) {
        let owner = try account(line.owner).value
        guard try writer.serviceAccount(named: line.name, of: owner.id) != nil else {
            var command = CreateServiceAccount(
                owner: line.owner, name: line.name, description: line.description ?? "",
                isActive: line.isActive ?? true, isDecisionReader: line.isDecisionReader ?? false,
                expiresAt: line.expiresAt ?? nil)
            command.mayHaveEnded = true
            _ = try command.perform(in: self)
            return
        }
        _ = try UpdateServiceAccount(
            owner: line.owner, name: line.name, description: line.description, isActive: line.isActive,
            isDecisionReader: line.isDecisionReader, expiresAt: line.expiresAt
        ).perform(in: self)
    }

    private func put(_ line: ImportLine.RepositoryLine) throws(AccessError) {
        guard graph.repositoryID(at: line.path) != nil else {
            _ = try CreateRepository(
                path: line.path, visibility: line.visibility, description: line.description ?? ""
            ).perform(in: self)
            return
        }
        _ = try UpdateRepository(path: line.path, visibility: line.visibility, description: line.description)
            .perform(in: self)
    }
}
