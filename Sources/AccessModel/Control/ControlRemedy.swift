/// Something that would allow what is denied, for who gives roles there.
public struct ControlRemedy: Hashable, Sendable, CustomStringConvertible {
    /// The word that stands for it in JSON.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case activate
        case renewGrant = "renew-grant"
        case joinTeam = "join-team"
        case giveRole = "give-role"
        case addOperation = "add-operation-to-role"
    }

    public let kind: Kind
    public let description: String
}

extension AccessGraph {
    /// The nearest things that would let a principal do what is asked for, the nearest first; empty if nothing is near, or if it is
    /// allowed already.
    /// - Parameters:
    ///   - mayGive: whether a role can be given by whom it is told to.
    ///   - editsRoles: whether they can edit roles.
    public func remedies(
        for question: ControlQuestion, at now: Timestamp, editsRoles: Bool = true,
        mayGive: (RoleID) -> Bool = { _ in true }
    ) -> [ControlRemedy] {
        guard let principal = principals.index(of: question.subject), principal != .anonymous,
            let place = place(of: question.resource)
        else { return [] }
        guard principals.isActive(principal, at: now) else {
            return [ControlRemedy(kind: .activate, description: "\(question.subject) is inactive: activate it")]
        }
        let path = path(of: place)
        for operation in question.operations {
            let roles = control.roles.having(operation)
            guard end(of: roles, for: principal, in: place, at: now) == nil else { continue }
            let (given, additions) = changes(for: principal, operation, roles, in: place, at: now)
            let gives = leastRole(of: roles, where: mayGive).map { role in
                ControlRemedy(kind: .giveRole, description: "give \(question.subject) \(role) on \(path)")
            }
            return Array((given + [gives].compactMap(\.self) + (editsRoles ? additions : [])).prefix(5))
        }
        return []
    }

    /// The role that gives least beside what is asked for.
    private func leastRole(of able: RoleSet, where mayGive: (RoleID) -> Bool) -> RoleName? {
        let nodes = control.roles.nodes
        let roles = nodes.indices.filter { able.contains($0) && mayGive(nodes[$0].id) }
        return roles.map { (nodes[$0].operations.reduce(0) { $0 + $1.breadth }, nodes[$0].name) }.min { $0 < $1 }?.1
    }

    /// What was given or could be joined, and what roles that they have lack.
    private func changes(
        for principal: PrincipalIndex, _ operation: ControlOperation, _ able: RoleSet, in place: CollectionPlace,
        at now: Timestamp
    ) -> (given: [ControlRemedy], additions: [ControlRemedy]) {
        let nodes = control.roles.nodes
        var (renewals, joins, additions): ([ControlRemedy], [ControlRemedy], [ControlRemedy]) = ([], [], [])
        forEachCollection(upwardFrom: place) { collection in
            let where_ = self.path(ofCollection: collection)
            control.collections.nodes[collection].grants.forEach { grant in
                let role = nodes[grant.role]
                let isTheirs = source(of: grant, for: principal) != nil
                let hasEnded = grant.end <= now.microseconds
                if able.contains(grant.role) {
                    if isTheirs, hasEnded {
                        let end = Timestamp(microseconds: grant.end)
                        renewals.append(
                            .init(
                                kind: .renewGrant,
                                description:
                                    "\(subjectName(grant.side)) had \(role.name) on \(where_) until \(end): give it anew"
                            ))
                    } else if !hasEnded, grant.side.kind == .team, case .user = principal {
                        joins.append(
                            .init(
                                kind: .joinTeam,
                                description:
                                    "\(subjectName(grant.side)) has \(role.name) on \(where_): make them a member"))
                    }
                } else if isTheirs, !hasEnded, !Role.builtIn.contains(where: { $0.id == role.id }) {
                    additions.append(
                        .init(
                            kind: .addOperation,
                            description:
                                "\(subjectName(grant.side)) has \(role.name) on \(where_), which has no \(operation): add it to the role"
                        ))
                }
            }
        }
        return (renewals + joins, additions)
    }

    private func subjectName(_ side: ControlSide) -> String {
        switch side.kind {
        case .everyone: "everyone"
        case .user, .organization: principals.accounts.names[side.index].rawValue
        case .team:
            "\(principals.accounts.names[principals.teams.places[side.index].organization])/\(principals.teams.nodes[side.index].name)"
        case .serviceAccount: principals.principal(at: .serviceAccount(side.index)).description
        }
    }
}

extension ControlOperation {
    /// About how much it covers, to compare roles by.
    fileprivate var breadth: Int {
        guard case .kubernetes(let operation) = self else { return 1 }
        let verbs = operation.verb == "*" ? 16 : 1
        switch operation.target {
        case .resource(let resource, let group, _): return verbs * (resource != "*" ? 1 : group.isEmpty ? 64 : 16)
        case .path(let path): return verbs * (path.hasSuffix("*") ? 16 : 1)
        }
    }
}
