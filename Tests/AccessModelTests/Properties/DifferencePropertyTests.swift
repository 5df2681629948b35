import AccessModel
import ReferenceModel
import Testing

@Suite struct DifferencePropertyTests {
    // What somebody has with everybody else is told for the anonymous alone, and whoever or whatever is renamed is the same.
    @Test func `the access differences of a change are those of the reference`() {
        Worlds.eachHistory(events: 3) { history, chance in
            let (before, after) = (history.start, history.end)
            let (old, new) = (ReferenceEvaluator(before), ReferenceEvaluator(after))
            let told = try before.graph.accessDifferences(after: history.changes, at: before.now) ?? []
            var open = Set(told)
            for (oldPath, newPath) in before.paths(and: after) {
                func levels(_ first: Principal?, _ last: Principal?) -> (AccessLevel?, AccessLevel?) {
                    (
                        first.flatMap { first in oldPath.flatMap { old.level(of: first, on: $0) } },
                        last.flatMap { last in newPath.flatMap { new.level(of: last, on: $0) } }
                    )
                }
                let everybodys = levels(.anonymous, .anonymous)
                for (first, last) in before.identities(and: after) {
                    chance.compared += 1
                    let levels = levels(first, last)
                    let isTheirs = isMore(levels.0, than: everybodys.0) || isMore(levels.1, than: everybodys.1)
                    guard levels.0 != levels.1, isTheirs || first == .anonymous, let name = last ?? first,
                        let path = newPath ?? oldPath
                    else { continue }
                    let difference = AccessDifference(
                        principal: name, repository: path, before: levels.0, after: levels.1)
                    guard open.remove(difference) != nil else { return "\(difference) is not told" }
                }
            }
            guard open.isEmpty else { return "\(open) is told" }
            return told.count == Set(told).count ? nil : "something is told twice: \(told)"
        }
    }

    @Test func `differences are given up when nobody waits for them`() throws {
        let (acme, ann) = (AccountID(rawValue: "o"), AccountID(rawValue: "a"))
        let web = Repository(id: RepositoryID(rawValue: "r"), namespace: acme, name: "web")
        let graph = try AccessGraph(
            facts: [
                .account(Account(id: acme, kind: .organization, name: try AccountName("acme"))),
                .account(Account(id: ann, kind: .user, name: try AccountName("ann"))), .repository(web),
            ], revision: 1)
        let grant = Grant(subject: .user(ann), target: .repository(web.id), level: .readWrite)
        let now = Timestamp(seconds: 1)
        #expect(try graph.accessDifferences(after: [.insert(.grant(grant))], at: now)?.count == 1)
        #expect(try graph.accessDifferences(after: [.insert(.grant(grant))], at: now) { true } == nil)
    }

    /// From the past by undoing, to a graph made by the same changes and to one made anew, and later.
    @Test func `who gained or lost between two moments is what the reference says of both`() throws {
        Worlds.eachHistory(events: 3) { history, chance in
            let (before, after) = (history.start, history.end)
            let later = before.now + .seconds(86_400 * 40)
            let made = try before.graph.applying(history.changes, revision: 2)
            let past = try made.applying(history.changes.reversed().map(\.undone), revision: 1)
            let (old, new) = (ReferenceEvaluator(before), ReferenceEvaluator(after, at: later))
            for (graph, action) in [(made, Action.pull), (made, .push), (try after.graph, .push)] {
                var (gone, come) = (
                    TouchedRepositories(in: past, at: before.now), TouchedRepositories(in: graph, at: later)
                )
                for change in history.changes {
                    gone.add(change)
                    come.add(change)
                }
                let ends = [past, graph].map { $0.repositoriesWithEnds(from: before.now, to: later) }
                let told =
                    AccessGraph.differences(
                        from: (past, before.now), to: (graph, later), action,
                        on: gone.paths.union(come.paths).union(ends[0]).union(ends[1])) ?? []
                let found = Set(told.map { "\($0.principal) \($0.repository)" })
                guard found.count == told.count else { return "something is told twice: \(told)" }
                for path in Set(before.paths + after.paths) {
                    let open = (old.level(of: .anonymous, on: path), new.level(of: .anonymous, on: path))
                    for (first, last) in before.identities(and: after) {
                        chance.compared += 1
                        let levels = (
                            first.flatMap { old.level(of: $0, on: path) }, last.flatMap { new.level(of: $0, on: path) }
                        )
                        let had = levels.0.map { $0 >= action.requiredLevel } ?? false
                        let has = levels.1.map { $0 >= action.requiredLevel } ?? false
                        let isTheirs =
                            first == .anonymous || isMore(levels.0, than: open.0) || isMore(levels.1, than: open.1)
                        let name = last ?? first ?? .anonymous
                        let isTold = found.contains("\(name) \(path)")
                        guard isTold == (had != has && isTheirs) else {
                            return "\(action) \(name) on \(path): \(levels), told: \(isTold)"
                        }
                    }
                }
            }
            return nil
        }
    }

    /// Places are filled anew by whoever comes next: the same place is not the same person.
    @Test func `somebody else at the same place is somebody else`() throws {
        let owner = Account(id: AccountID(rawValue: "o"), kind: .organization, name: try AccountName("acme"))
        let web = Repository(id: RepositoryID(rawValue: "r"), namespace: owner.id, name: "web")
        let base: [Fact] = [.account(owner), .repository(web)]
        func newcomer(_ name: String) throws -> [Fact] {
            let account = Account(id: AccountID(rawValue: name), kind: .user, name: try AccountName(name))
            let grant = Grant(subject: .user(account.id), target: .repository(web.id), level: .readWrite)
            return [.account(account), .grant(grant)]
        }
        let (ann, bob) = (try newcomer("ann"), try newcomer("bob"))
        let start = try AccessGraph(facts: base, revision: 1)
        let now = Timestamp(seconds: 1)
        for (first, last) in [
            (
                try start.applying(ann.map(Change.insert), revision: 2),
                try start.applying(bob.map(Change.insert), revision: 2)
            ),
            (try AccessGraph(facts: base + ann, revision: 2), try AccessGraph(facts: base + bob, revision: 2)),
        ] {
            let told =
                AccessGraph.differences(
                    from: (first, now), to: (last, now), .push, on: [try RepositoryPath("acme/web")]) ?? []
            #expect(told.map { "\($0.principal) \($0.after?.rawValue ?? "lost")" } == ["ann lost", "bob read-write"])
        }
    }

    private func isMore(_ level: AccessLevel?, than other: AccessLevel?) -> Bool {
        level.map { level in other.map { $0 < level } ?? true } ?? false
    }
}

extension World {
    /// Every repository of this world and of a later one, by the paths that it has in each.
    fileprivate func paths(and later: World) -> [(RepositoryPath?, RepositoryPath?)] {
        func paths(_ world: World) -> [RepositoryID: RepositoryPath] {
            Dictionary(
                uniqueKeysWithValues: world.repositories.compactMap { repository in
                    world.path(of: repository).map { (repository.id, $0) }
                })
        }
        let (first, last) = (paths(self), paths(later))
        return Set(first.keys).union(last.keys).map { (first[$0], last[$0]) }
    }

    /// Everybody of this world and of a later one, by the names that they have in each.
    fileprivate func identities(and later: World) -> [(Principal?, Principal?)] {
        func names(_ world: World) -> [String: Principal] {
            var names: [String: Principal] = ["": .anonymous]
            let accounts = Dictionary(world.accounts.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
            for account in world.accounts where account.kind == .user {
                names[account.id.rawValue] = .user(account.name)
            }
            for service in world.serviceAccounts {
                guard let owner = accounts[service.owner] else { continue }
                names[service.id.rawValue] = .serviceAccount(owner: owner.name, name: service.name)
            }
            return names
        }
        let (first, last) = (names(self), names(later))
        return Set(first.keys).union(last.keys).map { (first[$0], last[$0]) }
    }
}
