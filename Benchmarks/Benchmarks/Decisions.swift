import AccessModel
import ReferenceModel

/// Questions to the graph in this process, beside one query to SQLite that answers the same.
func measureDecisions(_ world: BenchmarkWorld, _ graph: AccessGraph, _ query: LevelQuery) throws {
    Report.title("Decisions on world \(world.size.rawValue), in process")
    let now = RandomWorld.now
    let questions = world.questions(100_000, in: graph)
    let byName = questions.map { (Principal.user($0.user), $0.repository) }
    let byID = questions.compactMap { user, path in
        graph.accountID(named: user).flatMap { id in graph.repositoryID(at: path).map { (Actor.user(id), $0) } }
    }
    let count = questions.count
    var allowed = 0

    func check(_ number: Int) {
        let (principal, path) = byName[number % count]
        if graph.check(principal, .push, path, at: now).isAllowed { allowed += 1 }
    }
    _ = Timings(count, batch: 100, check)
    allowed = 0
    let names = Timings(count, batch: 100, check)
    let share = allowed * 100 / count
    let single = Timings(count, check)
    Report.row(
        "check by name, 100 at a time (\(share) % allowed)", names,
        String(format: "%.2f allocations", names.allocations),
        Report.verdict(
            names.median <= (world.size == .medium ? 350 : 1_200), world.size == .medium ? "350 ns" : "1.2 µs"))
    let look = nanosecondsOfALook()
    Report.row(
        "a look at memory that is in no cache",
        String(format: "%.0f ns: a check takes as long as %.1f", look, names.median / look))
    Report.row(
        "check by name, each by itself", single,
        world.size == .medium ? Report.verdict(single.high <= 2_000, "p99 2 µs") : "")
    let ids = Timings(count, batch: 100) { number in
        let (actor, repository) = byID[number % count]
        if graph.level(of: actor, on: repository, at: now) ?? .readOnly > .readOnly { allowed += 1 }
    }
    Report.row("check by id, 100 at a time", ids, String(format: "%.2f allocations", ids.allocations))
    try query.agree(with: graph, byName.prefix(2_000), at: now)
    let sql = try Timings(2_000) { number in
        _ = try query.level(byName[number].0.description, byName[number].1, at: now)
    }
    Report.row("the same by one SQLite query", sql, "\(Int(sql.median / names.median)) times a check")
    measureSets(world, graph, questions)
}

private func measureSets(
    _ world: BenchmarkWorld, _ graph: AccessGraph, _ questions: [(user: AccountName, repository: RepositoryPath)]
) {
    let now = RandomWorld.now
    var answered = 0
    let paths = questions.map(\.repository)
    let who = Timings(5_000) { answered += graph.whoMay(.push, paths[$0], at: now).count }
    Report.row(
        "who may push (\(answered / 5_000) names on average)", who,
        world.size == .medium ? Report.verdict(who.median <= 10_000, "p50 10 µs") : "")
    let most = paths.prefix(300).max { graph.whoMay(.push, $0, at: now).count < graph.whoMay(.push, $1, at: now).count }
    if let most = world.size == .medium ? most : paths.first {
        var names = 0
        let one = Timings(20) { _ in names = graph.whoMay(.push, most, at: now).count }
        Report.row(
            "who may push, \(names) names", one, "\(Int(one.median / Double(max(1, names)))) ns a name",
            Report.verdict(one.median <= 30 * Double(max(1, names)), "30 ns a name"))
    }
    answered = 0
    let principals = questions.map { Principal.user($0.user) }
    let what = Timings(5_000) { answered += graph.whatMay(principals[$0], .push, at: now).count }
    Report.row(
        "what may push (\(answered / 5_000) paths on average)", what,
        world.size == .medium ? Report.verdict(what.median <= 10_000, "p50 10 µs") : "")
}
