import AccessModel
import ReferenceModel
import TestSupport
import Testing

@testable import AccessControl

/// A question about the past brings back what it touches. Its answer is that of the whole world of then, in every
/// random history, however much of the log is noted in `change_keys`.
@Suite(.timeLimit(.minutes(5)))
struct PastFactsTests {
    private struct History {
        var worlds: [Revision: World] = [:]
        var revisions: [Revision] = []
    }

    /// Writes a random history, and notes a part of it.
    private func write(_ service: TestService, _ random: inout SplitMix64, events: Int) async throws -> History {
        var world = World(now: service.clock.now)
        var history = History()
        for event in 0..<events {
            let changes = RandomChange.next(in: &world, growth: event < events / 2 ? 80 : 40, using: &random)
            guard !changes.isEmpty else { continue }
            let revision = try await service.service.transactions.store.write(as: .service) {
                (writer) throws(AccessError) in
                for change in changes { try writer.record(change, reason: nil, secret: nil) }
                return try writer.revision()
            }
            history.worlds[revision] = world
            history.revisions.append(revision)
        }
        try await service.service.transactions.catchUp()
        return history
    }

    private func note(_ service: TestService, entries: Int) async throws {
        _ = try await service.service.transactions.store.write(as: .service) { (writer) throws(AccessError) in
            try writer.fillChangeKeys(limit: entries)
        }
    }

    @Test(arguments: UInt64(1)...10)
    func `what a question brings back answers it as the whole past does`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        try await TestService.run { service async throws in
            let history = try await write(service, &random, events: 160)
            let current = service.service.transactions.published.current
            let now = service.clock.now
            // None, a part, and all of the log is noted.
            for noted in [0, history.revisions.count / 2, Int(current.revision)] {
                if noted > 0 { try await note(service, entries: noted) }
                for _ in 1...4 {
                    let revision = history.revisions[random.below(history.revisions.count)]
                    let then = try #require(history.worlds[revision])
                    let reference = ReferenceEvaluator(then, at: now)
                    let names = (then.principals + [.user(AccountName(trusted: "nobody"))])
                    try await service.service.transactions.store.read { (reader) throws(AccessError) in
                        let whole = try current.rewound(to: revision, with: reader)
                        #expect(whole.revision == revision)
                        for path in then.paths + then.missingPaths {
                            for principal in names {
                                let part = try current.past(
                                    at: revision, for: [.decision(principal, path)], with: reader)
                                for action in [Action.pull, .push, .manageAccess] {
                                    let answer = part.explain(principal, action, path, at: now)
                                    #expect(answer == whole.explain(principal, action, path, at: now))
                                    #expect(answer.isAllowed == reference.check(principal, action, path))
                                    #expect(
                                        part.remedies(for: principal, action, on: path, at: now)
                                            == whole.remedies(for: principal, action, on: path, at: now))
                                    #expect(
                                        part.standing(of: principal, action, on: path, at: now)
                                            == whole.standing(of: principal, action, on: path, at: now))
                                }
                            }
                            let part = try current.past(
                                at: revision, for: [.holders(path, everybody: true)], with: reader)
                            for action in [Action.pull, .push, .manageAccess] {
                                #expect(part.whoMay(action, path, at: now) == whole.whoMay(action, path, at: now))
                            }
                        }
                        for principal in names {
                            let part = try current.past(
                                at: revision, for: [.holdings(principal, everybody: true)], with: reader)
                            for action in [Action.pull, .push, .manageAccess] {
                                #expect(
                                    part.whatMay(principal, action, at: now)
                                        == whole.whatMay(principal, action, at: now))
                            }
                        }
                        for team in then.teams {
                            guard let organization = then.accounts.first(where: { $0.id == team.organization })?.name
                            else { continue }
                            let part = try current.past(
                                at: revision, for: [.teamHoldings(team.name, of: organization)], with: reader)
                            #expect(
                                part.whatMay(team: team.name, of: organization, .push, at: now)
                                    == whole.whatMay(team: team.name, of: organization, .push, at: now))
                        }
                        for account in then.accounts {
                            let part = try current.past(at: revision, for: [.namespace(account.name)], with: reader)
                            let pattern = RepositoryPattern(allOf: account.name)
                            for action in [Action.pull, .push] {
                                let (found, expected) = (
                                    part.whoMay(action, on: pattern, after: nil, limit: 1_000, at: now) { _ in true },
                                    whole.whoMay(action, on: pattern, after: nil, limit: 1_000, at: now) { _ in true }
                                )
                                #expect(found.map(\.repository) == expected.map(\.repository))
                                #expect(found.map(\.holder) == expected.map(\.holder))
                            }
                        }
                        let owners = Set(then.repositories.map(\.namespace))
                        let places = then.accounts.filter { owners.contains($0.id) }.map(\.name).sorted()
                        #expect(Set(try reader.namespaces(at: revision)).isSuperset(of: places))
                    }
                }
            }
        }
    }

    @Test(arguments: UInt64(1)...6)
    func `the entries about an account, and the last one of a fact, are found in the log and its notes alike`(
        seed: UInt64
    ) async throws {
        var random = SplitMix64(seed: seed &+ 100)
        try await TestService.run { service async throws in
            let history = try await write(service, &random, events: 120)
            let newest = service.service.transactions.published.current.revision
            let log = try await service.service.transactions.store.read { (reader) throws(AccessError) in
                try reader.changes(after: 0, limit: 10_000)
            }
            let accounts = Set(history.worlds.values.flatMap { $0.accounts.map(\.id) })
            for noted in [0, Int(newest / 2), Int(newest)] {
                if noted > 0 { try await note(service, entries: noted) }
                try await service.service.transactions.store.read { (reader) throws(AccessError) in
                    for account in accounts {
                        for after in [0, newest / 3, newest - 1] {
                            var selection = ChangeSelection(after: after)
                            let found = try reader.changes(about: .account(account), selection, limit: 10_000)
                            #expect(found.map(\.revision) == Self.entries(about: account, in: log, after: after))
                            let few = try reader.changes(about: .account(account), selection, limit: 3)
                            #expect(few == Array(found.prefix(3)))
                            selection.order = .newest
                            #expect(
                                try reader.changes(about: .account(account), selection, limit: 3)
                                    == Array(found.reversed().prefix(3)))
                            (selection.before, selection.kind) = (newest * 2 / 3, .grant)
                            #expect(
                                try reader.changes(about: .account(account), selection, limit: 10_000)
                                    == found.reversed().filter {
                                        $0.revision < newest * 2 / 3 && $0.change.fact?.kind == .grant
                                    })
                        }
                    }
                    for entry in log {
                        guard let key = entry.change.fact?.key else { continue }
                        for end in [entry.revision, (entry.revision + newest) / 2, newest] {
                            let last = log.last { $0.revision <= end && $0.change.fact?.key == key }
                            #expect(try reader.lastChange(of: key, upTo: end) == last)
                        }
                    }
                }
            }
        }
    }

    /// What a membership or grant belongs to, looked up in the log from its beginning: no index, no memory.
    private static func entries(about account: AccountID, in log: [LoggedChange], after: Revision) -> [Revision] {
        log.filter { entry in
            guard entry.revision > after else { return false }
            func owner(_ id: String) -> AccountID? {
                log.last { $0.revision <= entry.revision && $0.change.fact?.owned?.id == id }?.change.fact?.owned?.owner
            }
            return [entry.change.before, entry.change.after].compactMap(\.self).contains { fact in
                switch fact {
                case .account(let changed): changed.id == account
                case .organizationMember(let member): member.organization == account || member.user == account
                case .teamMember(let member): member.user == account || owner(member.team.rawValue) == account
                case .grant(let grant):
                    grant.subject == .user(account) || grant.target == .namespace(account)
                        || owner(grant.target.id) == account
                default: fact.owned?.owner == account
                }
            }
        }.map(\.revision)
    }
}
