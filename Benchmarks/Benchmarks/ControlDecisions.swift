import AccessControl
import AccessModel
import Foundation
import ReferenceModel

/// Questions to the control plane on world C, which is world M and the collections, roles, grants and clusters of
/// `ControlWorld`, beside checks of the registry in the same run.
func measureControl(_ world: BenchmarkWorld, in folder: URL) async throws {
    let control = try ControlWorld(on: world)
    let facts = control.facts
    Report.title("World C: M and \(facts.count) facts of the control plane")
    let (path, both) = (folder.appending(path: "registry.db").path, folder.appending(path: "C.db").path)
    // Not imported: the grants name the world's own identifiers.
    var served = try await ServedWorld.open(path, creating: true)
    try await ServedWorld.record(world, in: served)
    await served.close()
    try FileManager.default.copyItem(atPath: path, toPath: both)
    served = try await ServedWorld.open(both)
    let known = Set(Role.builtIn.map(\.key) + ResourceCollection.fixed.map(\.key))
    _ = try await served.service.transactions.store.write(as: .service) { (writer) throws(AccessError) in
        for fact in facts where !known.contains(fact.key) { try writer.record(.insert(fact), reason: nil, secret: nil) }
    }
    await served.close()
    try await measureStart(without: path, with: both)
    served = try await ServedWorld.open(both)
    measureControlDecisions(world, control, served.graph)
    try measureManyTeams(world, control, served.graph)
    try measureControlChanges(control, served.graph)
    await served.close()
}

/// In turn, as the machine has other work.
private func measureStart(without: String, with: String) async throws {
    var times: [[Double]] = [[], []]
    var megabytes: [[Double]] = [[], []]
    for _ in 0..<5 {
        for (place, path) in [without, with].enumerated() {
            let before = Report.allocatedMegabytes()
            let (time, opened) = try await seconds { try await ServedWorld.open(path) }
            times[place].append(time)
            megabytes[place].append(Report.allocatedMegabytes() - before)
            await opened.close()
        }
    }
    let (medians, heaps) = (times.map { $0.sorted()[2] }, megabytes.map { $0.sorted()[2] })
    let (more, larger) = (medians[1] - medians[0], heaps[1] - heaps[0])
    Report.row(
        "start from the file, with and without", String(format: "%.2f s and %.2f s", medians[1], medians[0]),
        Report.verdict(more <= 0.1, "0.1 s more"))
    Report.row(
        "memory after it, with and without", String(format: "%.0f MB and %.0f MB", heaps[1], heaps[0]),
        Report.verdict(larger <= 20, "20 MB more"))
}

private func measureControlDecisions(_ world: BenchmarkWorld, _ control: ControlWorld, _ graph: AccessGraph) {
    let now = RandomWorld.now
    var random = SplitMix64(seed: 20)
    let count = 100_000
    let engine = EngineOperation.all.map(ControlOperation.engine)
    let verbs = ["get", "create", "delete"].flatMap { verb in
        ["pods", "deployments.apps", "secrets"].compactMap { try? ControlOperation("\(verb) \($0)") }
    }
    let asked = (0..<count).map { _ in Principal.user(random.one(of: world.users)) }
    let containers = asked.map { user in
        ControlQuestion(
            subject: user, operations: [random.one(of: engine)],
            resource: ControlResource(random.one(of: control.collections).path))
    }
    let namespaces = asked.map { user in
        ControlQuestion(
            subject: user, operations: [random.one(of: verbs)], resource: random.one(of: control.placements).resource)
    }
    let pushes = asked.map { ($0, random.one(of: world.repositories)) }
    var allowed = 0
    let calls: [(Int) -> Void] = [
        { if graph.check(pushes[$0].0, .push, pushes[$0].1, at: now).isAllowed { allowed += 1 } },
        { if graph.check(containers[$0], at: now).isAllowed { allowed += 1 } },
        { if graph.check(namespaces[$0], at: now).isAllowed { allowed += 1 } },
    ]
    _ = Timings.inTurn(count, batch: 100, calls)
    let timings = Timings.inTurn(count, batch: 100, calls)
    Report.row("a check of the registry, 100 at a time", timings[0])
    for (what, timing, aim) in [("an engine", timings[1], 500.0), ("a cluster's namespace", timings[2], 700)] {
        Report.row(
            "check for \(what), 100 at a time", timing, String(format: "%.2f allocations", timing.allocations),
            String(format: "%.1f of the registry's;", timing.median / timings[0].median),
            Report.verdict(timing.median <= aim, Report.time(aim)))
    }
    let single = Timings.inTurn(count, batch: 1, [calls[1], calls[2]])
    for (what, timing) in zip(["an engine", "a cluster's namespace"], single) {
        Report.row(
            "check for \(what), each by itself", timing, Report.verdict(timing.high <= 3_000, "p99 3 µs"))
    }
    var names = 0
    let holders = Timings(2_000) { number in
        let question = containers[number]
        names += graph.whoMay(question.operations[0], in: control.collections[number].path, at: now).principals.count
    }
    Report.row("who may, in a collection (\(names / 2_000) on average)", holders)
    let few = (0..<500).map { number in
        (containers[number].operations[0], control.collections[control.collections.count - 1 - number].path)
    }
    guard
        let most = few.max(by: {
            graph.whoMay($0.0, in: $0.1, at: now).principals.count
                < graph.whoMay($1.0, in: $1.1, at: now).principals.count
        })
    else { return }
    let longest = Timings(50) { _ in names = graph.whoMay(most.0, in: most.1, at: now).principals.count }
    let each = longest.median / Double(max(1, names))
    Report.row(
        "who may, \(names) of them", longest, String(format: "%.0f ns each;", each),
        Report.verdict(each <= 30, "30 ns each"))
    let held = Timings(2_000) { number in names = graph.whatMay(asked[number], engine[3], at: now).count }
    Report.row("what may she", held)
}

/// Somebody in 2,000 teams, with half of the grants of the control plane on the way to the root.
private func measureManyTeams(_ world: BenchmarkWorld, _ control: ControlWorld, _ graph: AccessGraph) throws {
    let (user, name) = (AccountID(rawValue: "busy"), try AccountName("busy"))
    var changes: [Change] = [.insert(.account(Account(id: user, kind: .user, name: name)))]
    var organizations: Set<AccountID> = []
    for team in world.teams.prefix(2_000) {
        if organizations.insert(team.organization).inserted {
            changes.append(
                .insert(
                    .organizationMember(OrganizationMember(organization: team.organization, user: user, role: .member)))
            )
        }
        changes.append(.insert(.teamMember(TeamMember(team: team.id, user: user, role: .member))))
    }
    let busy = try graph.applying(changes, revision: graph.revision + 1)
    let questions = (0..<2_000).map { number in
        ControlQuestion(
            subject: .user(name), operations: [.engine(EngineOperation.all[number % EngineOperation.all.count])],
            resource: ControlResource(control.collections[number * 2].path))
    }
    var allowed = 0
    let timing = Timings(questions.count) {
        if busy.check(questions[$0], at: RandomWorld.now).isAllowed { allowed += 1 }
    }
    Report.row(
        "check of somebody in 2,000 teams", timing, "\(allowed * 100 / questions.count) % allowed;",
        Report.verdict(timing.median <= 60_000, "60 µs"))
}

private func measureControlChanges(_ control: ControlWorld, _ graph: AccessGraph) throws {
    var graph = graph
    func patch(_ what: String, _ changes: [Change]) throws {
        let timing = try Timings(changes.count) { number in
            graph = try graph.applying([changes[number]], revision: graph.revision + 1)
        }
        Report.row("patch of a graph: \(what)", timing, Report.verdict(timing.median <= 5_000, "5 µs"))
    }
    try patch("a grant is taken", control.grants.prefix(2_000).map { .delete(.controlGrant($0)) })
    try patch(
        "a role is edited",
        control.roles.compactMap { role in
            var edited = role
            edited.operations.append(.engine(EngineOperation.all[0]))
            edited.description = "edited"
            return .update(.role(role), to: .role(edited))
        })
    try patch(
        "a collection moves",
        control.collections.suffix(1_000).compactMap { collection, _ in
            var moved = collection
            moved.parent = control.collections[0].collection.id
            return .update(.collection(collection), to: .collection(moved))
        })
}
