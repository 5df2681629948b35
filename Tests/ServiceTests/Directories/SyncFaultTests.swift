import AccessControl
import AccessModel
import Foundation
import TestSupport
import Testing

/// A directory that fails at any stage: nobody loses anything, the state is told, and it mends itself.
@Suite(.timeLimit(.minutes(5)))
struct SyncFaultTests {
    enum Fault: String, CaseIterable, Sendable {
        case closed, silent
    }

    /// The bind, the root DSE, the controller's own entry, DirSync, then entries and results of the two
    /// searches: every message that the domain controller sends in a full reading of three people.
    @Test(arguments: Fault.allCases)
    func `a full reading that breaks off at any message removes nobody and recovers`(_ fault: Fault) async throws {
        // Silence lasts as long as the settings allow.
        try await DirectoryWorld.run({ $0["timeout"] = fault == .silent ? 2 : 60 }) { world in
            let people = try world.addPeople(["ada", "bob", "cyd"])
            #expect(try await world.sync().state == "applied")
            let passed = world.proxy.messagesPassed
            _ = try await world.sync(reading: "full")
            let messages = world.proxy.messagesPassed - passed
            #expect(messages > 8)
            // While it fails, somebody leaves: that is seen when it works again, and not before.
            try world.windows.removeMember(people[2], from: "CN=ops,\(WindowsDirectory.users)")
            let before = try await world.everything()
            world.proxy.action = fault == .closed ? .close : .silence
            var outcomes: Set<String> = []
            for message in stride(from: 1, through: messages, by: fault == .closed ? 1 : 4) {
                world.proxy.message = message
                let run = try await world.sync(reading: "full")
                #expect(try await world.everything() == before, "at message \(message): \(run)")
                #expect(run["message"]?.string?.isEmpty == false, "at message \(message)")
                #expect(run["complete"] == false)
                outcomes.insert(run.state ?? "")
                #expect(try await world.metric("failing") == 1, "at message \(message)")
            }
            #expect(outcomes == ["failed", "applied"], "early it fails, later it is incomplete")
            world.proxy.message = nil
            #expect(try await world.sync().planned == ["remove-from-team cyd", "remove-from-organization cyd"])
            #expect(try await world.metric("failing") == 0)
            #expect(try await world.members() == ["ada", "bob"])
        }
    }

    @Test func `an incremental reading that breaks off at any message changes nothing and goes on from there`()
        async throws
    {
        try await DirectoryWorld.run({ $0["brake"] = DirectoryWorld.noBrake }) { world in
            let people = try world.addPeople(["ada", "bob", "cyd"])
            #expect(try await world.sync().state == "applied")
            try world.windows.removeMember(people[0], from: "CN=ops,\(WindowsDirectory.users)")
            try world.windows.delete(people[1])
            let before = try await world.everything()
            for message in 1... {
                world.proxy.message = message
                let run = try await world.sync()
                if run.state == "applied", run["complete"] == true {
                    #expect(run["read"] == "incremental")
                    #expect(message > 5, "several stages were tried")
                    break
                }
                #expect(try await world.everything() == before, "at message \(message): \(run)")
                #expect(run.state == "failed" || run["complete"] == false, "at message \(message): \(run)")
                try #require(message < 60)
            }
            #expect(try await world.members() == ["cyd"])
            world.proxy.message = nil
            #expect(try await world.sync(reading: "full").planned == [])
        }
    }

    @Test func `a slow directory is waited for`() async throws {
        try await DirectoryWorld.run { world in
            try world.addPeople(["ada"])
            world.proxy.action = .delay(.milliseconds(400))
            world.proxy.message = 6
            #expect(try await world.sync().state == "applied")
            #expect(try await world.members() == ["ada"])
        }
    }

    /// Codes of RFC 4511 that a server may end a search with after some entries.
    @Test(arguments: [3, 4, 11, 51, 52, 1, 80, 10])
    func `a search that a server gives up with a code removes nobody`(_ code: Int) async throws {
        try await DirectoryWorld.run { world in
            try world.addPeople(["ada", "bob", "cyd"])
            #expect(try await world.sync().state == "applied")
            let before = try await world.everything()
            world.windows.onSearch = { request in
                request.filter.contains("objectClass=user") && request.scope == .subtree && request.cookie != nil
                    ? .result(code, diagnostic: "played", afterEntries: 1) : nil
            }
            let run = try await world.sync(reading: "full")
            #expect(run["complete"] == false && run["message"]?.string?.isEmpty == false, "\(run)")
            #expect(try await world.everything() == before)
            world.windows.onSearch = nil
            let again = try await world.sync()
            #expect(again.state == "applied" && again["complete"] == true && again.planned == [])
        }
    }

    @Test func `an empty base and a group that is gone take nothing from anybody`() async throws {
        try await DirectoryWorld.run { world in
            try world.addPeople(["ada", "bob"])
            #expect(try await world.sync().state == "applied")
            let before = try await world.everything()
            try world.windows.delete("CN=ops,\(WindowsDirectory.users)")
            let gone = try await world.sync()
            #expect(
                gone.planned == [] && gone["plan"]?["notes"]?.elements.contains { $0["kind"] == "frozen-feed" } == true)
            try await world.put { $0["users"] = ["base": .string("OU=Nobody,\(WindowsDirectory.base)")] }
            let missing = try await world.sync()
            #expect(missing["complete"] == false)
            #expect(missing["message"]?.string?.contains("OU=Nobody") == true)
            #expect(try await world.everything() == before)
        }
    }

    @Test func `a search that selects nobody at all takes nothing from anybody`() async throws {
        try await DirectoryWorld.run({ $0["brake"] = DirectoryWorld.noBrake }) { world in
            try world.addPeople(["ada", "bob"])
            #expect(try await world.sync().state == "applied")
            let before = try await world.everything()
            // An attribute that nobody knows is no error for a directory: it finds nobody.
            try await world.put {
                $0["brake"] = DirectoryWorld.noBrake
                $0["users"] = ["base": .string(WindowsDirectory.users), "filter": "(&(objectClass=user)(unknown=x))"]
            }
            // And it stays so, though nothing changes any more.
            for _ in 1...3 {
                let run = try await world.sync()
                #expect(
                    run["complete"] == false && run["message"]?.string?.contains("selects nobody") == true, "\(run)")
                #expect(try await world.metric("failing") == 1, "\(run)")
            }
            #expect(try await world.everything() == before)
        }
    }

    @Test func `whoever comes while it is read is looked at by the next run, and not by this one`() async throws {
        try await DirectoryWorld.run({ $0["brake"] = DirectoryWorld.noBrake }) { world in
            try world.addPeople(["ada", "bob"])
            try await world.service.load([.user("cyd")])
            let service = world.service
            let body: JSONValue = ["directory": "corp", "external_id": "7a0c3f5e-1b7c-4a56-9f0e-6b1d2c3e4f50"]
            world.windows.onSearch = { request in
                guard request.filter.contains("objectClass=group") else { return nil }
                let done = DispatchSemaphore(value: 0)
                Task.detached {
                    _ = try? await service.put("/v1/users/cyd/directory", body, as: "root")
                    done.signal()
                }
                done.wait()
                return nil
            }
            let run = try await world.sync()
            world.windows.onSearch = nil
            #expect(run.state == "applied" && !run.planned.contains { $0.contains("cyd") }, "\(run)")
            let linked = try await service.get("/v1/users/cyd", as: "root").json
            #expect(linked["active"] == true && linked["directory"]?["name"] == "corp")
            // Nobody has that identity, and nothing has changed in the directory.
            #expect(try await world.sync().planned == ["deactivate cyd"])
        }
    }

    @Test func `almost everybody gone at once is held, whatever the directory says`() async throws {
        try await DirectoryWorld.run { world in
            let people = try world.addPeople((1...12).map { "p\($0)" })
            #expect(try await world.sync().state == "applied")
            for person in people.dropLast() { try world.windows.delete(person) }
            let run = try await world.sync()
            #expect(run.state == "held" && run["applied"] == 0)
            #expect(try await world.members().count == 12)
        }
    }

    @Test func `after a thousand failures the limits and the age are what they were`() async throws {
        try await DirectoryWorld.run({ $0["brake"] = ["max_additions_percent": 1] }) { world in
            try world.addPeople(["ada", "bob"])
            #expect(try await world.sync().state == "applied")
            let store = world.service.service.transactions.store
            let start = world.service.clock.now
            try await store.write(as: .service) { (writer) throws(AccessError) in
                for number in 1...1_005 {
                    var run = SyncRun(
                        id: "failed-\(number)", directory: "corp", mode: .run, actor: "service",
                        startedAt: start + .seconds(Int64(number)), settingsRevision: 1)
                    run.state = .failed
                    try writer.save(run)
                }
                var removing = SyncRun(
                    id: "removing", directory: "corp", mode: .run, actor: "service", startedAt: start,
                    settingsRevision: 1)
                removing.state = .applied
                removing.tally = SyncTally()
                removing.tally?.removals = 3
                try writer.save(removing)
                let counted = try writer.unapproved(by: "corp", since: start + .seconds(-10))
                #expect(counted.removals == 3)
                try writer.pruneSyncRuns(
                    of: "corp", keeping: 1_000, since: start + .seconds(-1), countedSince: start + .seconds(-10))
                #expect(try writer.unapproved(by: "corp", since: start + .seconds(-10)) == counted)
            }
            world.service.clock.advance(by: .seconds(2_000))
            #expect(try await world.metric("age_seconds") == 2_000)
            for number in 1...6 {
                try world.windows.addMember(
                    world.windows.addUser("new\(number)"), to: "CN=ops,\(WindowsDirectory.users)")
            }
            #expect(try await world.sync().state == "held", "additions are limited as before")
        }
    }

    @Test func `a wrong password is told, kept out of the answer, and mended by the right one`() async throws {
        try await DirectoryWorld.run { world in
            try world.addPeople(["ada"])
            world.windows.setPassword("another one", of: WindowsDirectory.syncPrincipal)
            let run = try await world.sync()
            #expect(run.state == "failed")
            #expect(run["message"]?.string?.contains("password is wrong") == true)
            #expect(try !run.text.contains(WindowsDirectory.password))
            world.windows.setPassword(WindowsDirectory.password, of: WindowsDirectory.syncPrincipal)
            #expect(try await world.sync().state == "applied")
        }
    }
}
