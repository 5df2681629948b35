import AccessModel
import ReferenceModel

/// Questions to the graph in this process, beside a C program that holds the same world in flat arrays, and beside
/// one query to SQLite that answers the same.
func measureDecisions(_ world: BenchmarkWorld, _ graph: AccessGraph, _ query: LevelQuery) throws {
    Report.title("Decisions on world \(world.size.rawValue), in process")
    let now = RandomWorld.now
    let questions = world.questions(100_000, in: graph)
    let byName = questions.map { (Principal.user($0.user), $0.repository) }
    let byID = questions.compactMap { user, path in
        graph.accountID(named: user).flatMap { id in graph.repositoryID(at: path).map { (Actor.user(id), $0) } }
    }
    let floor = try Floor(world, at: now)
    try floor.agree(with: graph, Array(questions.prefix(2_000)))
    let bytes = questions.map { floor.question($0.user, $0.repository) }
    let count = questions.count
    var allowed = 0

    func ask(_ number: Int) { if floor.level(bytes[number % count]) > 1 { allowed += 1 } }
    func checkByName(_ number: Int) {
        let (principal, path) = byName[number % count]
        if graph.check(principal, .push, path, at: now).isAllowed { allowed += 1 }
    }
    func checkByID(_ number: Int) {
        let (actor, repository) = byID[number % count]
        if graph.level(of: actor, on: repository, at: now) ?? .readOnly > .readOnly { allowed += 1 }
    }
    let calls = [ask, checkByName, checkByID]
    _ = Timings.inTurn(count, batch: 100, calls)
    allowed = 0
    let timings = Timings.inTurn(count, batch: 100, calls)
    let (least, names, ids) = (timings[0], timings[1], timings[2])
    let single = Timings(count, checkByName)
    Report.row("the C program by name, 100 at a time", least, "\(allowed * 100 / (3 * count)) % allowed")
    Report.row(
        "check by name, 100 at a time", names, String(format: "%.2f allocations", names.allocations),
        Report.ratio(names.median / least.median, atMost: 1.2))
    Report.row("99 of 100 of these", Report.ratio(names.high / least.high, atMost: 1))
    Report.row("check by name, each by itself", single)
    Report.row(
        "check by id, 100 at a time", ids, String(format: "%.2f allocations", ids.allocations),
        Report.ratio(ids.median / least.median, atMost: 1.1))
    try query.agree(with: graph, byName.prefix(2_000), at: now)
    let sql = try Timings(2_000) { number in
        _ = try query.level(byName[number].0.description, byName[number].1, at: now)
    }
    Report.row("the same by one SQLite query", sql, "\(Int(sql.median / names.median)) times a check")
    measureSets(world, graph, floor, questions)
}

private func measureSets(
    _ world: BenchmarkWorld, _ graph: AccessGraph, _ floor: Floor,
    _ questions: [(user: AccountName, repository: RepositoryPath)]
) {
    let now = RandomWorld.now
    let paths = questions.map(\.repository)
    let principals = questions.map { Principal.user($0.user) }
    let repositories = paths.map(floor.number(of:))
    let users = questions.map { floor.number(of: $0.user) }
    func measure(
        _ what: String, _ theirs: @escaping (Int) -> Int, _ ours: @escaping (Int) -> Int, atMost p50: Double
    ) {
        var names = 0
        let timings = Timings.inTurn(5_000, batch: 1, [{ names += theirs($0) }, { names += ours($0) }])
        let (least, all) = (timings[0], timings[1])
        Report.row(
            "\(what) (\(names / 10_000) on average)", all, Report.ratio(all.median / least.median, atMost: p50))
        guard let most = (0..<300).max(by: { ours($0) < ours($1) }) else { return }
        let longest = Timings.inTurn(20, batch: 1, [{ _ in names = theirs(most) }, { _ in names = ours(most) }])
        let (theirs, one) = (longest[0], longest[1])
        Report.row(
            "\(what), \(names) of them", one, "\(Int(one.median / Double(max(1, names)))) ns each",
            Report.ratio(one.median / theirs.median, atMost: 3))
    }
    measure(
        "who may push", { floor.whoMayPush(repositories[$0]) },
        { graph.whoMay(.push, paths[$0], at: now).count }, atMost: 3)
    measure(
        "what may push", { floor.whatMayPush(users[$0]) },
        { graph.whatMay(principals[$0], .push, at: now).count }, atMost: 2)
}
