import AccessControl
import AccessModel
import ReferenceModel

/// What a change costs: in the graph, and until it is durable and seen; and a look at the past.
func measureChanges(_ world: BenchmarkWorld, _ served: ServedWorld) async throws {
    Report.title("Changes to world \(world.size.rawValue)")
    let service = served.service
    var random = SplitMix64(seed: 3)
    var graph = served.graph
    let removals = world.someMembers.prefix(2_000).compactMap { organization, user in
        graph.accountID(named: organization).flatMap { place in
            graph.accountID(named: user).map {
                Change.delete(.organizationMember(OrganizationMember(organization: place, user: $0, role: .member)))
            }
        }
    }
    let patches = try Timings(removals.count) { number in
        graph = try graph.applying([removals[number]], revision: graph.revision + 1)
    }
    Report.row("patch of a graph that others hold", patches, Report.verdict(patches.high <= 2e6, "well under 2 ms"))

    let base = served.graph.revision
    let month = 15_000
    let (written, _) = try await seconds {
        for _ in 0..<month / 100 {
            _ = try await service.transactions.perform(
                SomeChanges(world: world, seed: random.next(), count: 100), as: ServedWorld.caller)
        }
    }
    Report.row("\(month) ordinary changes, 100 a transaction", "\(String(format: "%.2f", written)) s")
    var times: [Double] = []
    for _ in 0..<200 {
        let change = SomeChanges(world: world, seed: random.next(), count: 1)
        times.append(
            try await seconds { _ = try await service.transactions.perform(change, as: ServedWorld.caller) }.seconds
                * 1e9)
    }
    times.sort()
    Report.row(
        "one change, durable and seen by every check", "p50 \(Report.time(times[100]))  p99 \(Report.time(times[198]))")

    let (past, view) = try await seconds {
        try await service.decisions.world(at: .revision(base), for: [.everything], as: .service)
    }
    Report.row(
        "the world \(served.graph.revision - base) changes ago", "\(String(format: "%.2f", past)) s",
        Report.verdict(past <= 1, "1 s"))
    let everything = try RepositoryPattern("*")
    let (compared, changes) = try await seconds {
        try await service.decisions.accessDifferences(
            .push, on: everything, since: .revision(base), until: .now, as: ServedWorld.caller)
    }
    Report.row(
        "who gained or lost push since then",
        "\(changes.differences.count) found in \(String(format: "%.2f", compared)) s")
    guard view.graph.revision == base else { throw BenchmarkError("the past is at another revision") }
}

/// Changes as a company makes them from day to day: levels given and taken, names and profiles.
private struct SomeChanges: Command {
    let world: BenchmarkWorld
    let seed: UInt64
    let count: Int

    func perform(in context: WriteContext) throws(AccessError) {
        var random = SplitMix64(seed: seed)
        var made = 0
        while made < count {
            let user = world.users[random.below(world.users.count)]
            let path = world.repositories[random.below(world.repositories.count)]
            if random.chance(percent: 50) {
                var fields = UserFields()
                fields.fullName = "Name \(random.below(1_000_000))"
                _ = try UpdateUser(name: user, fields: fields).perform(in: context)
            } else {
                _ = try PutGrant(
                    subject: .user(user), target: .repository(path),
                    level: AccessLevel.allCases[random.below(3)], expiresAt: nil
                ).perform(in: context)
            }
            made += 1
        }
    }
}
