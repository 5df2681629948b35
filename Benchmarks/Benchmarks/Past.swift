import AccessControl
import AccessModel
import ReferenceModel

/// What questions about the past cost, at moments all over the log of a world.
func measurePast(_ world: BenchmarkWorld, _ served: ServedWorld) async throws {
    let service = served.service
    let newest = service.transactions.published.current.revision
    Report.title("The past of world \(world.size.rawValue): \(newest) changes")
    let (filled, _) = try await seconds { try await service.transactions.fillChangeKeys(after: nil) }
    Report.row(
        "noting what each change names", "\(String(format: "%.1f", filled)) s",
        "\(Int(Double(newest) / filled)) changes a second")

    var random = SplitMix64(seed: 4)
    func moment() -> PointInTime { .revision(newest / 10 + Revision(random.below(Int(newest * 9 / 10)))) }
    func user() -> Principal { .user(world.users[random.below(world.users.count)]) }
    func path() -> RepositoryPath { world.repositories[random.below(world.repositories.count)] }
    func question(_ name: String, _ count: Int = 50, _ ask: () async throws -> Void) async throws {
        let before = Report.residentMegabytes()
        var times: [Double] = []
        for _ in 0..<count { times.append(try await seconds(ask).seconds * 1e9) }
        times.sort()
        Report.row(
            name, "p50 \(Report.time(times[count / 2]))  most \(Report.time(times[count - 1]))",
            "\(max(0, Report.residentMegabytes() - before)) MB more",
            Report.verdict(times[count - 1] <= 200e6, "200 ms"))
    }
    let caller = ServedWorld.caller
    try await question("may she push there, and why") {
        let asked = AccessQuestion(subject: user(), action: .push, repository: path())
        let view = try await service.decisions.world(
            at: moment(), for: [.decision(asked.subject, asked.repository)], as: caller)
        _ = try await service.decisions.explain(asked, in: view, as: caller)
    }
    try await question("who may push there") {
        let path = path()
        let view = try await service.decisions.world(at: moment(), for: [.holders(path, everybody: false)], as: caller)
        _ = try service.decisions.whoMay(.push, path, in: view, as: caller)
    }
    try await question("what may she push") {
        let user = user()
        let view = try await service.decisions.world(at: moment(), for: [.holdings(user, everybody: false)], as: caller)
        _ = try service.decisions.whatMay(user, .push, in: view, as: caller)
    }
    try await question("who may push in a namespace, a page") {
        _ = try await service.decisions.whoMay(
            .push, on: RepositoryPattern(allOf: path().namespace), after: nil, limit: 100, at: moment(), as: caller)
    }
    try await question("who may push anywhere, a page", 10) {
        _ = try await service.decisions.whoMay(
            .push, on: try RepositoryPattern("*"), after: nil, limit: 100, at: moment(), as: caller)
    }
    try await question("who gained or lost it in a namespace") {
        let since = PointInTime.revision(newest - 5_000 - Revision(random.below(10_000)))
        _ = try await service.decisions.accessDifferences(
            .push, on: RepositoryPattern(allOf: path().namespace), since: since, until: .now, as: caller)
    }
    try await question("a page of the log about an account") {
        _ = try await service.transactions.ask(ListChanges(subject: path().namespace), as: caller)
    }
    try await question("who gained or lost it anywhere", 2) {
        _ = try await service.decisions.accessDifferences(
            .push, on: try RepositoryPattern("*"), since: .revision(newest - 10_000), until: .now, as: caller)
    }
}
