import AccessModel
import ReferenceModel

/// What everybody has at one moment, after the reference evaluator.
struct Standing {
    let reference: ReferenceEvaluator
    /// By the identity of repositories: one that moves is the same.
    let levels: [Principal: [RepositoryID: AccessLevel]]
    let administrators: Set<Principal>
    let readers: Set<Principal>

    init(_ world: World, at moment: Timestamp) {
        let reference = ReferenceEvaluator(world, at: moment)
        self.reference = reference
        let principals = world.principals
        let actors = Dictionary(uniqueKeysWithValues: principals.map { ($0, Standing.actor($0, in: world)) })
        administrators = Set(principals.filter { reference.allows(actors[$0] ?? .anonymous, .administer) })
        readers = Set(principals.filter { reference.allows(actors[$0] ?? .anonymous, .askAnyDecision) })
        let repositories = world.repositories.compactMap { repository in
            world.path(of: repository).map { (repository.id, $0) }
        }
        levels = Dictionary(
            uniqueKeysWithValues: principals.map { principal in
                let known = repositories.compactMap { id, path in
                    reference.level(of: principal, on: path).map { (id, $0) }
                }
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
    ///   - present: who may make a repository now leaves it to those who have its namespace, also later.
    func problems(_ me: Actor, lender: Principal?, to after: Standing, present: Standing) -> [String] {
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
        for repository in after.reference.world.repositories
        where !manages(me, repository) && !present.mayMake(repository, me, opening: manages(me, repository)) {
            let maintains = maintains(me, in: repository)
            for (principal, levels) in after.levels {
                guard let new = levels[repository.id],
                    level(of: principal, on: repository.id).map({ $0 < new }) ?? true
                else { continue }
                // A maintainer decides who is in the team, and so hands on what the team has.
                if principal == myself || !maintains {
                    problems.append("\(principal) rose to \(new) on \(repository.name)")
                }
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
        // Service accounts send with tokens that manage those of their owner's.
        guard myself.owner == nil || myself.owner != lender.owner else { return problems }
        for repository in reference.world.repositories where !manages(me, repository) {
            guard let level = levels[lender]?[repository.id] else { continue }
            if self.level(of: myself, on: repository.id).map({ $0 < level }) ?? true {
                problems.append("has \(level) on \(repository.name) as \(lender)")
            }
        }
        return problems
    }

    /// At the least what everybody has: who is new may view what is public, too.
    private func level(of principal: Principal, on id: RepositoryID) -> AccessLevel? {
        [levels[principal]?[id], levels[.anonymous]?[id]].compactMap(\.self).max()
    }

    /// Whether a repository is new, and theirs to make: public only where the namespace's are, or by somebody who
    /// has the namespace for good.
    private func mayMake(_ repository: Repository, _ me: Actor, opening mayOpen: Bool) -> Bool {
        guard !reference.world.repositories.contains(where: { $0.id == repository.id }),
            let namespace = reference.world.account(repository.namespace)
        else { return false }
        let opens = repository.visibility == .public && namespace.repositoryDefaults.visibility == .private
        return reference.allows(me, .manageNamespace(namespace.id)) && (!opens || mayOpen)
    }

    /// Whether they managed it where it was, or, if it is new, the namespace where it is.
    private func manages(_ me: Actor, _ repository: Repository) -> Bool {
        guard let old = reference.world.repositories.first(where: { $0.id == repository.id }) else {
            return reference.allows(me, .manageNamespace(repository.namespace))
        }
        return reference.allows(me, .manageNamespace(old.namespace)) || reference.allows(me, .manageRepository(old.id))
    }

    private func maintains(_ me: Actor, in repository: Repository) -> Bool {
        reference.world.teams.contains {
            $0.organization == repository.namespace && reference.allows(me, .manageTeamMembers($0.id))
        }
    }
}

extension Principal {
    /// Of a service account; nil for others.
    fileprivate var owner: AccountName? {
        if case .serviceAccount(let owner, _) = self { owner } else { nil }
    }
}
