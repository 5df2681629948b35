import AccessModel
import ReferenceModel

/// What everybody has at one moment, after the reference evaluator.
struct Standing {
    let reference: ReferenceEvaluator
    let levels: [Principal: [RepositoryPath: AccessLevel]]
    let administrators: Set<Principal>
    let readers: Set<Principal>

    init(_ world: World, at moment: Timestamp) {
        let reference = ReferenceEvaluator(world, at: moment)
        self.reference = reference
        let principals = world.principals
        let actors = Dictionary(uniqueKeysWithValues: principals.map { ($0, Standing.actor($0, in: world)) })
        administrators = Set(principals.filter { reference.allows(actors[$0] ?? .anonymous, .administer) })
        readers = Set(principals.filter { reference.allows(actors[$0] ?? .anonymous, .askAnyDecision) })
        let paths = world.paths
        levels = Dictionary(
            uniqueKeysWithValues: principals.map { principal in
                let known = paths.compactMap { path in reference.level(of: principal, on: path).map { (path, $0) } }
                return (principal, Dictionary(uniqueKeysWithValues: known))
            })
    }

    private static func actor(_ principal: Principal, in world: World) -> Actor {
        switch principal {
        case .anonymous: .anonymous
        case .user(let name): world.account(named: name).map { .user($0.id) } ?? .anonymous
        case .serviceAccount(let owner, let name):
            world.serviceAccounts.first { $0.name == name && $0.owner == world.account(named: owner)?.id }
                .map { .serviceAccount($0.id) } ?? .anonymous
        }
    }

    /// What rose from here to `after` that the actor had no right to raise.
    /// - Parameters:
    ///   - me: who asked.
    ///   - lender: whose secret they were given, and so may do now what that one may.
    func problems(_ me: Actor, lender: Principal?, to after: Standing) -> [String] {
        guard !reference.allows(me, .administer) else { return [] }
        var problems: [String] = []
        for one in after.administrators.subtracting(administrators) {
            problems.append("\(one) became an administrator")
        }
        for one in after.readers.subtracting(readers) { problems.append("\(one) became a reader") }
        for member in after.reference.world.organizationMembers
        where !reference.world.organizationMembers.contains(member) {
            if !reference.allows(me, .manageOrganization(member.organization)) {
                problems.append("membership \(member)")
            }
        }
        let world = reference.world
        let myself = world.principal(me)
        for path in after.reference.world.paths where !manages(me, path) {
            let maintains = maintains(me, in: path)
            for (principal, levels) in after.levels {
                guard let new = levels[path], level(of: principal, on: path).map({ $0 < new }) ?? true else { continue }
                // A maintainer decides who is in the team, and so hands on what the team has.
                if principal == myself || !maintains { problems.append("\(principal) rose to \(new) on \(path)") }
            }
        }
        if let lender, lender != myself { problems += self.problems(me, lender: lender) }
        return problems
    }

    /// What somebody could do with a secret of somebody else that they could not give.
    private func problems(_ me: Actor, lender: Principal) -> [String] {
        let myself = reference.world.principal(me) ?? .anonymous
        var problems: [String] = []
        if case .user = lender { problems.append("holds a secret of \(lender)") }
        if administrators.contains(lender) { problems.append("administers as \(lender)") }
        if readers.contains(lender), !readers.contains(myself) { problems.append("asks everything as \(lender)") }
        for (path, level) in levels[lender] ?? [:] where !manages(me, path) {
            if self.level(of: myself, on: path).map({ $0 < level }) ?? true {
                problems.append("has \(level) on \(path) as \(lender)")
            }
        }
        return problems
    }

    /// At the least what everybody has: who is new may view what is public, too.
    private func level(of principal: Principal, on path: RepositoryPath) -> AccessLevel? {
        [levels[principal]?[path], levels[.anonymous]?[path]].compactMap(\.self).max()
    }

    private func manages(_ me: Actor, _ path: RepositoryPath) -> Bool {
        guard let namespace = reference.world.account(named: path.namespace)?.id else { return false }
        return reference.allows(me, .manageNamespace(namespace))
            || reference.world.repository(at: path).map { reference.allows(me, .manageRepository($0.id)) } ?? false
    }

    private func maintains(_ me: Actor, in path: RepositoryPath) -> Bool {
        guard let namespace = reference.world.account(named: path.namespace)?.id else { return false }
        return reference.world.teams.contains {
            $0.organization == namespace && reference.allows(me, .manageTeamMembers($0.id))
        }
    }
}
