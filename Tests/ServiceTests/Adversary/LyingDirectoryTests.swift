import Foundation
import TestSupport
import Testing

/// A directory that answers with success, and not with all: nobody loses anything that a second look could have shown.
@Suite(.timeLimit(.minutes(5)))
struct LyingDirectoryTests {
    private static let names = (0..<20).map { "p\($0)" }

    /// Twenty people, in the group `ops` or in none.
    private static func run(
        inGroup: Bool, _ body: (DirectoryWorld) async throws -> Void
    ) async throws {
        try await DirectoryWorld.run({ $0["brake"] = DirectoryWorld.noBrake }) { world async throws in
            for name in names { _ = try world.windows.addUser(name) }
            _ = try world.windows.addGroup(
                "ops", members: inGroup ? names.map { "CN=\($0),\(WindowsDirectory.users)" } : [])
            #expect(try await world.sync().state == "applied")
            try await body(world)
        }
    }

    @Test(arguments: [true, false], [1, 8, 19])
    func `a search that gives less than there is takes nobody away`(_ inGroup: Bool, _ given: Int) async throws {
        try await Self.run(inGroup: inGroup) { world async throws in
            let before = try await world.everything()
            world.windows.onSearch = { request in
                request.filter.contains("person") && request.scope != .base ? .result(0, afterEntries: given) : nil
            }
            let run = try await world.sync(reading: "full")
            #expect(run["complete"] == false, "\(run)")
            #expect(
                run["message"]?.string?.contains("is there and passes the filter") == true
                    || run["message"]?.string?.contains("passes the filter and was not among") == true, "\(run)")
            #expect(try await world.everything() == before)
            world.windows.onSearch = nil
            #expect(try await world.sync(reading: "full")["complete"] == true)
            #expect(try await world.everything() == before)
        }
    }

    @Test func `who is really gone is gone at once, by either reading`() async throws {
        for reading in ["full", nil] {
            try await Self.run(inGroup: true) { world async throws in
                try world.windows.delete("CN=p3,\(WindowsDirectory.users)")
                let run = try await world.sync(reading: reading)
                #expect(run["complete"] == true && run.planned.contains("deactivate p3"), "\(run)")
            }
        }
    }

    @Test func `more than a few who leave by what has changed are looked for in a whole reading`() async throws {
        try await Self.run(inGroup: false) { world async throws in
            for number in 0..<6 { try world.windows.delete("CN=p\(number),\(WindowsDirectory.users)") }
            let run = try await world.sync()
            #expect(run["read"] == "full" && run.planned.count { $0.hasPrefix("deactivate") } == 6, "\(run)")
            #expect(
                run["log"]?.elements.contains {
                    $0["text"]?.string?.contains("removals would follow from what has changed") == true
                }
                    == true
            )
        }
    }

    @Test func `a search that gives almost no group takes nobody out, until the settings are put again`() async throws {
        try await Self.run(inGroup: true) { world async throws in
            for number in 0..<11 { _ = try world.windows.addGroup("g\(number)", members: []) }
            #expect(try await world.sync(reading: "full")["complete"] == true)
            let before = try await world.everything()
            for kept in [0, 1] {
                world.windows.onSearch = { request in
                    request.filter.contains("group") && request.scope != .base ? .result(0, afterEntries: kept) : nil
                }
                let run = try await world.sync(reading: "full")
                #expect(run["complete"] == false, "\(run)")
                // Without the group that feeds something, that one is missed.
                let reason = kept == 0 ? "CN=ops" : "1 groups read, 12 last time"
                #expect(run["message"]?.string?.contains(reason) == true, "\(run)")
                #expect(try await world.everything() == before)
            }
            try await world.put {
                $0["brake"] = DirectoryWorld.noBrake
                $0["timeout"] = 50
            }
            let meant = try await world.sync(reading: "full")
            #expect(meant["complete"] == true, "\(meant)")
        }
    }

    @Test func `somebody who was renamed and is left out by a search is found by identity`() async throws {
        try await Self.run(inGroup: false) { world async throws in
            let before = try await world.everything()
            try world.windows.rename("CN=p3,\(WindowsDirectory.users)", to: "CN=other,\(WindowsDirectory.users)")
            world.windows.onSearch = { request in
                guard request.filter.contains("person"), request.scope != .base else { return nil }
                return .entries { entries in entries.removeAll { $0.dn.hasPrefix("CN=other,") } }
            }
            let run = try await world.sync(reading: "full")
            #expect(run["complete"] == false && run.planned == [], "\(run)")
            #expect(try await world.everything() == before)
        }
    }

    @Test func `somebody linked by command and not read yet is looked for by identity`() async throws {
        try await Self.run(inGroup: false) { world async throws in
            try await world.service.load([.user("local")])
            let dn = try world.windows.addUser("late")
            let body: JSONValue = ["directory": "corp", "external_id": .string(try world.windows.guid(dn))]
            #expect(try await world.service.put("/v1/users/local/directory", body, as: "root").status == 200)
            world.windows.onSearch = { request in
                guard request.filter.contains("person"), request.scope != .base else { return nil }
                return .entries { entries in entries.removeAll { $0.dn == dn } }
            }
            let run = try await world.sync(reading: "full")
            #expect(run["complete"] == false && !run.planned.contains("deactivate local"), "\(run)")
        }
    }

    @Test func `a group whose owner writes an unusable member stops no other`() async throws {
        try await Self.run(inGroup: true) { world async throws in
            let marks = String(repeating: "\u{301}", count: 40)
            _ = try world.windows.addGroup("own", members: ["CN=a\(marks),\(WindowsDirectory.users)"])
            try world.windows.replace("CN=p5,\(WindowsDirectory.users)", "displayName", ["p5\(marks)"])
            try world.windows.removeMember(
                "CN=p3,\(WindowsDirectory.users)", from: "CN=ops,\(WindowsDirectory.users)")
            let run = try await world.sync(reading: "full")
            #expect(run.planned.contains("remove-from-team p3"), "\(run)")
        }
    }
}
