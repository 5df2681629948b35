import AccessControl
import AccessModel
import Foundation
import Synchronization
import TestSupport
import Testing

/// One synchronisation at a time, for each directory and database.
@Suite(.timeLimit(.minutes(5)))
struct SyncLeaseTests {
    private func leave(
        _ owner: String, at world: DirectoryWorld, id: String = "00000000000000a", aliveAt: Timestamp? = nil
    ) async throws {
        let now = world.service.clock.now
        let run = SyncRun(id: id, directory: "corp", mode: .run, actor: "service", startedAt: now, settingsRevision: 1)
        try await world.service.service.transactions.store.write(as: .service) { (writer) throws(AccessError) in
            try writer.save(run)
            try writer.renew(SyncLease(owner: owner, aliveAt: aliveAt ?? now), of: run.id)
        }
    }

    /// Another process has the same timetable.
    @Test(arguments: [true, false]) func `a run that is due is not begun again, unless the other one was incomplete`(
        _ isComplete: Bool
    ) async throws {
        try await DirectoryWorld.run { world in
            try world.addPeople(["ada"])
            let due = world.service.clock.now
            var other = SyncRun(
                id: "00000000000000d", directory: "corp", mode: .run, actor: "service", startedAt: due,
                settingsRevision: 1)
            (other.state, other.read, other.isComplete) = (.applied, .full, isComplete)
            let kept = other
            try await world.service.service.transactions.store.write(as: .service) { (writer) throws(AccessError) in
                try writer.save(kept)
            }
            world.service.clock.advance(by: .seconds(1))
            let synchronization = world.service.service.synchronization
            for extent in [SyncRun.Extent.full, nil] {
                let run = try await synchronization.synchronize(
                    "corp", mode: .run, extent: extent, dueSince: due, as: .service)
                #expect((run.id == kept.id) == isComplete)
            }
            let asked = try await synchronization.synchronize("corp", mode: .run, as: .service)
            #expect(asked.id != kept.id, "who asks for one gets one")
            let later = try await synchronization.synchronize(
                "corp", mode: .run, dueSince: world.service.clock.now + .seconds(1), as: .service)
            #expect(later.id != kept.id && later.id != asked.id)
        }
    }

    private func start(_ world: DirectoryWorld) async throws -> TestAnswer {
        try await world.service.post("/v1/directories/corp/sync-runs", ["mode": "run"], as: "root")
    }

    @Test func `another machine's run is left alone while it says that it lives`() async throws {
        try await DirectoryWorld.run { world in
            try world.addPeople(["ada"])
            try await leave("elsewhere 1 1", at: world)
            expectProblem(try await start(world), 409, code: "sync-running")
            world.service.clock.advance(by: .seconds(9))
            expectProblem(try await start(world), 409, code: "sync-running")
            world.service.clock.advance(by: .seconds(2))
            #expect(try await start(world).status == 201)
            #expect(try await world.run("00000000000000a").state == "failed")
        }
    }

    @Test func `a process of this machine that has ended holds nothing`() async throws {
        try await DirectoryWorld.run { world in
            var name = [CChar](repeating: 0, count: 256)
            gethostname(&name, 255)
            let machine = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            // Ours, of a former life; and a number that no process can have.
            for (id, owner) in [
                ("00000000000000b", "\(machine) \(getpid()) 1"), ("00000000000000c", "\(machine) 2147483646 1"),
            ] {
                try await leave(owner, at: world, id: id)
                #expect(try await start(world).status == 201)
                #expect(try await world.run(id).state == "failed")
            }
            // The first process of the system lives.
            try await leave("\(machine) 1 1", at: world, id: "alive")
            expectProblem(try await start(world), 409, code: "sync-running")
        }
    }

    @Test func `a run that was taken over applies nothing`() async throws {
        try await DirectoryWorld.run { world in
            try world.addPeople(["ada"])
            let before = try await world.everything()
            let store = world.service.service.transactions.store
            // While the people are read, another process takes this one for dead.
            world.windows.onSearch = { request in
                guard request.filter.contains("objectClass=group") else { return nil }
                let done = DispatchSemaphore(value: 0)
                Task.detached {
                    try? await store.write(as: .service) { (writer) throws(AccessError) in
                        for (run, _) in try writer.runningSyncRuns(of: "corp") {
                            var ended = run
                            ended.state = .failed
                            try writer.save(ended)
                        }
                    }
                    done.signal()
                }
                done.wait()
                return nil
            }
            let run = try await world.sync()
            #expect(run.state == "failed" && run["message"]?.string?.contains("taken over") == true)
            #expect(try await world.everything() == before)
        }
    }

    @Test func `a run that goes on can be cancelled, and changes nothing`() async throws {
        try await DirectoryWorld.run { world in
            try world.addPeople(["ada"])
            // The domain controller does not answer the search for groups before the test says so.
            let mayGoOn = DispatchSemaphore(value: 0)
            let isAsked = Mutex(false)
            world.windows.onSearch = { request in
                guard request.filter.contains("objectClass=group") else { return nil }
                isAsked.withLock { $0 = true }
                mayGoOn.wait()
                return nil
            }
            let running = Task { try await world.sync() }
            try await poll(for: .seconds(30), "the groups to be asked for") { isAsked.withLock { $0 } ? () : nil }
            expectProblem(try await start(world), 409, code: "sync-running")
            let runs = try await world.service.get("/v1/directories/corp/sync-runs", as: "root")
            let id = try #require(runs.items.first { $0.state == "running" }?.id)
            let cancelled = try await world.service.send(
                "POST", "/v1/directories/corp/sync-runs/\(id)/cancel", as: "root")
            #expect(cancelled.status == 200)
            mayGoOn.signal()
            let run = try await running.value
            #expect(run.state == "cancelled", "\(run)")
            #expect(try await world.members() == [])
            world.windows.onSearch = nil
            #expect(try await world.sync().state == "applied")
        }
    }

    @Test func `runs are kept for ninety days, and those that wait for as long as they wait`() async throws {
        try await DirectoryWorld.run { world in
            try world.addPeople(["ada"])
            let plan = try await world.sync("plan")
            let first = try await world.sync()
            world.service.clock.advance(by: .seconds(91 * 86_400))
            let later = try await world.sync()
            let ids = try await world.service.get("/v1/directories/corp/sync-runs", as: "root").items.compactMap(\.id)
            #expect(ids.first == later.id && !ids.contains(first.id ?? ""))
            #expect(
                try await world.service.get("/v1/directories/-/sync-runs/\(plan.id ?? "")", as: "root").status == 404)
        }
    }
}
