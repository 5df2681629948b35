import Foundation
import TestSupport
import Testing

/// A directory that is as it was before, slow thefts, and groups that are not to be seen.
@Suite(.timeLimit(.minutes(5)))
struct RestoredDirectoryTests {
    private static func dn(_ name: String) -> String { "CN=\(name),\(WindowsDirectory.users)" }
    private static let names = (0..<30).map { "p\($0)" }

    /// Twenty-eight people, then a backup, then two more.
    private static func run(_ body: (DirectoryWorld, WindowsDirectory.Backup) async throws -> Void) async throws {
        try await DirectoryWorld.run({ $0["brake"] = DirectoryWorld.noBrake }) { world async throws in
            try world.addPeople(Array(names.prefix(28)))
            let backup = world.windows.backup()
            for name in names.suffix(2) {
                try world.windows.addMember(try world.windows.addUser(name), to: dn("ops"))
            }
            #expect(try await world.sync().state == "applied")
            try await body(world, backup)
        }
    }

    @Test(arguments: ["full", nil]) func `a restored directory takes nothing away until a person approves`(
        _ reading: String?
    ) async throws {
        try await Self.run { world, backup async throws in
            let before = try await world.everything()
            world.windows.restore(backup)
            let held = try await world.sync(reading: reading)
            #expect(held.state == "held", "\(held)")
            let reason = held["held"]?.elements.first?["reason"]?.string ?? ""
            #expect(reason.hasPrefix("the directory went back (highestCommittedUSN of"), "\(reason)")
            #expect(try await world.everything() == before)
            // It goes on, and is further than it ever was.
            for number in 0..<40 { try world.windows.replace(Self.dn("p1"), "description", ["\(number)"]) }
            let again = try await world.sync(reading: reading)
            #expect(
                again.state == "held" && (again["waits_in"] == nil || again["waits_in"]?.string == held.id), "\(again)")
            #expect(try await world.everything() == before)
            let waiting = again["waits_in"]?.string == nil ? again : held
            #expect(try await world.decide(waiting, "approve").status == 200)
            #expect(try await world.sync(reading: reading).planned == [])
            try world.windows.delete(Self.dn("p4"))
            #expect(try await world.sync(reading: "full").planned.contains("deactivate p4"), "no doubt is left")
        }
    }

    @Test func `people come back when the restored directory has them again, and no doubt is left`() async throws {
        try await Self.run { world, backup async throws in
            let now = world.windows.backup()
            world.windows.restore(backup)
            #expect(try await world.sync(reading: "full").state == "held")
            world.windows.restore(now)
            #expect(try await world.sync(reading: "full").planned == [])
            try world.windows.delete(Self.dn("p4"))
            #expect(try await world.sync(reading: "full").planned.contains("deactivate p4"))
        }
    }

    @Test func `new settings of the same directory do not make it believed, another server is another directory`()
        async throws
    {
        try await Self.run { world, backup async throws in
            world.windows.restore(backup)
            #expect(try await world.sync(reading: "full").state == "held")
            try await world.put {
                $0["brake"] = DirectoryWorld.noBrake
                $0["page_size"] = 100
            }
            #expect(try await world.sync(reading: "full").state == "held")
            try await world.put {
                $0["brake"] = DirectoryWorld.noBrake
                $0["urls"] = ["ldap://localhost:\(world.proxy.port)"]
            }
            let run = try await world.sync(reading: "full")
            #expect(run.state == "applied" && run.planned.contains("deactivate p29"), "\(run)")
        }
    }

    @Test func `an approval of something else does not make a restored directory believed`() async throws {
        try await DirectoryWorld.run { world async throws in
            try world.addPeople(Array(Self.names.prefix(20)))
            #expect(try await world.sync().state == "applied")
            let backup = world.windows.backup()
            for number in 0..<12 { try world.windows.removeMember(Self.dn("p\(number)"), from: Self.dn("ops")) }
            _ = try world.windows.addUser("new")
            let held = try await world.sync()
            #expect(held.state == "held")
            #expect(try await world.decide(held, "approve").status == 200)
            world.windows.restore(backup)
            let run = try await world.sync()
            #expect(run.state == "held" && run["held"]?.elements.count == 1, "\(run)")
            #expect(run["held"]?.elements.first?["reason"]?.string?.hasPrefix("the directory went back (") == true)
            #expect(try await world.service.get("/v1/users/new", as: "root").json["active"] == true)
        }
    }

    @Test func `a reading of a part does not make a restored directory believed`() async throws {
        try await Self.run { world, backup async throws in
            let before = try await world.everything()
            world.windows.restore(backup)
            // The group that feeds the team is not to be seen, so that nothing is to be removed from it.
            world.windows.onSearch = { request in
                .entries { entries in entries.removeAll { $0.dn == Self.dn("ops") || $0.dn.hasPrefix("CN=p2") } }
            }
            _ = try await world.sync(reading: "full")
            world.windows.onSearch = nil
            #expect(try await world.sync(reading: "full").state == "held")
            #expect(try await world.everything() == before)
        }
    }

    @Test func `six runs may not do what one may not, until a person approves or a day has passed`() async throws {
        try await DirectoryWorld.run { world async throws in
            try world.addPeople(Self.names)
            #expect(try await world.sync().state == "applied")
            func leave(_ number: Int) async throws -> JSONValue {
                try world.windows.removeMember(Self.dn("p\(number)"), from: Self.dn("ops"))
                return try await world.sync()
            }
            // Half of thirty may leave, two at a time: a member of the team and of the organisation.
            var left = 0
            var run = try await leave(left)
            while run.state == "applied" {
                left += 1
                run = try await leave(left)
            }
            // 90 accounts and memberships are kept; 20 % of them are 18, two for each who leaves.
            #expect(left == 9 && run.state == "held", "\(left): \(run)")
            let reason = run["held"]?.elements.first?["reason"]?.string ?? ""
            #expect(reason.contains("18 of them in the last 24 hours, which nobody approved"), "\(reason)")
            // After a restart, too.
            try await world.service.restarted { service async throws in
                let again = try await service.post(
                    "/v1/directories/corp/sync-runs", ["mode": "plan"], as: "root"
                ).json
                #expect(again["held"]?.elements.first?["reason"]?.string == reason, "\(again)")
            }
            #expect(try await world.decide(run, "approve").status == 200)
            #expect(try await leave(left + 1).state == "applied", "an approval says that all before it is meant")
            world.service.clock.advance(by: .seconds(86_400))
            for number in (left + 2)..<(left + 6) { #expect(try await leave(number).state == "applied") }
        }
    }

    @Test(arguments: ["hidden", "deleted"]) func `an organisation is not emptied for a group that is not to be seen`(
        _ fate: String
    ) async throws {
        try await DirectoryWorld.run({ settings in
            settings["rules"] = [["pattern": "registry-{org}-{team}"], ["pattern": "registry-{org}"]]
            settings["brake"] = DirectoryWorld.noBrake
        }) { world async throws in
            let people = try Self.names.map { try world.windows.addUser($0) }
            _ = try world.windows.addGroup("registry-acme-ops", members: Array(people[0..<5]))
            let group = try world.windows.addGroup("registry-acme", members: Array(people[5..<20]))
            #expect(try await world.sync().state == "applied")
            let before = try await world.everything()
            if fate == "deleted" {
                try world.windows.delete(group)
            } else {
                world.windows.onSearch = { _ in .entries { entries in entries.removeAll { $0.dn == group } } }
            }
            let run = try await world.sync(reading: "full")
            if fate == "deleted" {
                #expect(run["complete"] == true && run.planned.count == 15, "\(run)")
            } else {
                #expect(run["complete"] == false && run.planned == [], "\(run)")
                #expect(run["message"]?.string?.contains("nothing proves that it is gone") == true, "\(run)")
                #expect(try await world.everything() == before)
                world.windows.onSearch = nil
                #expect(try await world.sync(reading: "full")["complete"] == true)
                #expect(try await world.everything() == before)
            }
        }
    }
}
