import AccessModel
import ReferenceModel
import TestSupport
import Testing

@Suite struct RandomRequestTests {
    @Test(arguments: UInt64(1)...3)
    func `no request makes an actor able to do what the table does not allow`(_ seed: UInt64) async throws {
        try await TestService.run(world: seed, events: 250) { service, start async throws in
            var random = SplitMix64(seed: seed &* 7_919)
            var before = start
            var allowed = 0
            for _ in 0..<300 {
                let active = before.world.accounts.filter {
                    $0.kind == .user && $0.isActive && $0.name.rawValue != RootedWorld.root
                }
                guard let actor = random.pick(active) else { break }
                let request = RandomRequest.next(in: before.world, by: actor.name, using: &random)
                let secret = try await service.token(for: actor, random.chance(percent: 50))
                let revision = service.service.published.current.revision
                let answer = try await service.send(request.method, request.path, request.body, as: .bearer(secret))
                #expect(answer.status < 500, "\(actor.name): \(request): \(answer.text)")
                guard (200..<300).contains(answer.status) else {
                    #expect(
                        service.service.published.current.revision == revision,
                        "\(request) was refused and changed something")
                    continue
                }
                allowed += 1
                let after = ReferenceEvaluator(try await service.world())
                #expect(after.world.withoutGrantsToOwners.problems == [], "\(request)")
                for problem in Self.problems(actor, before, after) {
                    Issue.record("seed \(seed): \(actor.name): \(request): \(problem)")
                }
                before = after
            }
            #expect(allowed > 20, "too little was allowed for this to mean something")
        }
    }

    /// What rose that the actor had no right to raise.
    private static func problems(_ actor: Account, _ before: ReferenceEvaluator, _ after: ReferenceEvaluator)
        -> [String]
    {
        let me = Actor.user(actor.id)
        guard !before.allows(me, .administer) else { return [] }
        var problems: [String] = []
        for account in after.world.accounts where account.isSystemAdmin || account.isDecisionReader {
            let old = before.world.account(account.id)
            if account.isSystemAdmin && old?.isSystemAdmin != true {
                problems.append("\(account.name) became an administrator")
            }
            if account.isDecisionReader && old?.isDecisionReader != true {
                problems.append("\(account.name) became a reader")
            }
        }
        for member in after.world.organizationMembers where !before.world.organizationMembers.contains(member) {
            if !before.allows(me, .manageOrganization(member.organization)) { problems.append("membership \(member)") }
        }
        for path in after.world.paths {
            guard let namespace = after.world.account(named: path.namespace)?.id else { continue }
            let managesNamespace = before.allows(me, .manageNamespace(namespace))
            let managesRepository =
                before.world.repository(at: path).map { before.allows(me, .manageRepository($0.id)) } ?? false
            for principal in after.world.principals {
                let (old, new) = (before.level(of: principal, on: path), after.level(of: principal, on: path))
                guard let new, old.map({ $0 < new }) ?? true, !managesNamespace, !managesRepository else { continue }
                if principal == .user(actor.name) || !maintains(me, before, in: namespace) {
                    problems.append("\(principal) rose to \(new) on \(path)")
                }
            }
        }
        return problems
    }

    /// A maintainer decides who is in the team, and so hands on what the team has.
    private static func maintains(_ actor: Actor, _ reference: ReferenceEvaluator, in namespace: AccountID) -> Bool {
        reference.world.teams.contains {
            $0.organization == namespace && reference.allows(actor, .manageTeamMembers($0.id))
        }
    }
}

extension World {
    /// What a user is given on their own repository means nothing, and the reference has no word for it.
    fileprivate var withoutGrantsToOwners: World {
        var world = self
        world.grants.removeAll { grant in
            world.repositories.contains { grant.target == .repository($0.id) && grant.subject == .user($0.namespace) }
        }
        return world
    }
}

extension TestService {
    /// A token for an actor; now and then a new one, as the old ones go with a deactivation.
    fileprivate func token(for account: Account, _ isNew: Bool) async throws -> String {
        try await newToken(for: account.name.rawValue, named: isNew ? "one" : "two")
    }
}
