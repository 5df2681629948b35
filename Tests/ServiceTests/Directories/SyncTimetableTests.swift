import AccessControl
import AccessModel
import Foundation
import TestSupport
import Testing

/// When which directory is due.
struct SyncTimetableTests {
    /// 2026-03-01T12:05:00Z: fifty-five minutes before the next full hour.
    private static let start = Timestamp(seconds: 1_772_366_700)

    private static func directory(
        _ name: String, schedule: String?, full: String? = nil, order: Int = 0, revision: Revision = 1
    ) throws -> Stored<Directory> {
        var settings = DirectorySettings(
            preset: .openLDAP, urls: ["ldaps://x"], tls: .init(mode: .ldaps), bind: nil,
            users: .init(base: "dc=x", filter: "(a=b)"), groups: .init(base: "dc=x", filter: "(a=b)"),
            attributes: .init(login: "uid", fullName: "cn", email: "mail", member: "member"), rules: [])
        settings.schedule = try schedule.map { text in try SyncSchedule(text) }
        settings.fullSchedule = try full.map { text in try SyncSchedule(text) }
        settings.order = order
        return Stored(Directory(name: name, settings: settings), revision: revision)
    }

    private static func timetable(
        _ directories: [Stored<Directory>], last: (any: Timestamp?, full: Timestamp?) = (nil, nil)
    ) throws -> SyncTimetable {
        var timetable = SyncTimetable()
        try timetable.update(directories, at: start) { (_) throws(AccessError) in last }
        return timetable
    }

    private static func due(_ timetable: SyncTimetable, after seconds: Int64) -> [String] {
        timetable.due(at: start + .seconds(seconds)).map { "\($0.directory) \($0.extent?.rawValue ?? "changes")" }
    }

    @Test(
        arguments: [
            (.applied, .full, true, .full), (.held, .full, true, .full),
            (.applied, .full, false, nil), (.held, .full, false, nil), (.applied, .incremental, false, .incremental),
            (.failed, .full, false, nil), (.cancelled, .full, true, nil),
        ] as [(SyncRun.State, SyncRun.Extent, Bool, SyncRun.Extent?)])
    func `an incomplete full reading is to be tried again`(
        state: SyncRun.State, read: SyncRun.Extent, isComplete: Bool, done: SyncRun.Extent?
    ) throws {
        var run = SyncRun(
            id: "x", directory: "corp", mode: .run, actor: "service", startedAt: Self.start, settingsRevision: 1)
        (run.state, run.read, run.isComplete) = (state, read, isComplete)
        #expect(run.extentDone == done)
        var timetable = try Self.timetable([try Self.directory("corp", schedule: nil, full: "@daily")])
        timetable.began("corp", at: Self.start + .seconds(50_000))
        timetable.ended("corp", read: run.extentDone, begun: Self.start + .seconds(50_000))
        #expect(Self.due(timetable, after: 50_061) == (done == .full ? [] : ["corp full"]))
        var both = try Self.timetable([try Self.directory("corp", schedule: "30m", full: "@daily")])
        both.began("corp", at: Self.start + .seconds(50_000))
        both.ended("corp", read: run.extentDone, begun: Self.start + .seconds(50_000))
        #expect(Self.due(both, after: 50_061) == (done == .full ? [] : ["corp full"]), "not later for another schedule")
    }

    @Test func `a directory without a schedule is never due`() throws {
        let timetable = try Self.timetable([try Self.directory("corp", schedule: nil)])
        #expect(Self.due(timetable, after: 1_000_000) == [] && timetable.next(of: "corp") == nil)
    }

    @Test func `changes are read by the schedule, and everything every hour unless told otherwise`() throws {
        var timetable = try Self.timetable([try Self.directory("corp", schedule: "10m")])
        #expect(Self.due(timetable, after: 599) == [])
        #expect(Self.due(timetable, after: 661) == ["corp changes"], "at most a minute later than it says")
        timetable.began("corp", at: Self.start + .seconds(661))
        #expect(Self.due(timetable, after: 3_361) == [], "not while it runs")
        timetable.ended("corp", read: .incremental, begun: Self.start + .seconds(661))
        #expect(Self.due(timetable, after: 662) == [])
        #expect(Self.due(timetable, after: 3_361) == ["corp full"])
        timetable.began("corp", at: Self.start + .seconds(3_361))
        timetable.ended("corp", read: .full, begun: Self.start + .seconds(3_361))
        #expect(Self.due(timetable, after: 3_362) == [])
        let daily = try Self.timetable([try Self.directory("corp", schedule: "10m", full: "@daily")])
        #expect(Self.due(daily, after: 3_700) == ["corp changes"])
        #expect(Self.due(daily, after: 12 * 3_600) == ["corp full"])
        let fullOnly = try Self.timetable([try Self.directory("corp", schedule: nil, full: "@daily")])
        #expect(Self.due(fullOnly, after: 3_700) == [] && Self.due(fullOnly, after: 12 * 3_600) == ["corp full"])
    }

    @Test func `a full reading that did not come about is tried again, and not at once`() throws {
        var timetable = try Self.timetable([try Self.directory("corp", schedule: "10m")])
        var begun = Self.start + .seconds(3_361)
        for read in [nil, SyncRun.Extent.incremental] {
            #expect(timetable.due(at: begun).map(\.extent) == [.full])
            timetable.began("corp", at: begun)
            timetable.ended("corp", read: read, begun: begun)
            #expect(timetable.due(at: begun + .seconds(59)).isEmpty)
            begun = begun + .seconds(60)
            #expect(timetable.due(at: begun).map(\.extent) == [.full])
        }
    }

    @Test func `what was missed while the service was away is made up at once, and once`() throws {
        let yesterday = Self.start + .seconds(-86_400)
        var timetable = try Self.timetable(
            [try Self.directory("corp", schedule: "10m")], last: (any: yesterday, full: yesterday))
        #expect(Self.due(timetable, after: 0) == ["corp full"])
        timetable.began("corp", at: Self.start)
        timetable.ended("corp", read: .full, begun: Self.start)
        #expect(Self.due(timetable, after: 1) == [])
    }

    @Test func `several are due in their order, then by name`() throws {
        let timetable = try Self.timetable([
            try Self.directory("c", schedule: "1m"), try Self.directory("b", schedule: "1m"),
            try Self.directory("a", schedule: "1m", order: 5),
        ])
        #expect(Self.due(timetable, after: 70) == ["b changes", "c changes", "a changes"])
    }

    @Test func `other settings begin anew, the same go on, and a directory that is gone is gone`() throws {
        var timetable = try Self.timetable([try Self.directory("corp", schedule: "10m")])
        let later = Self.start + .seconds(300)
        let same = [try Self.directory("corp", schedule: "10m")]
        try timetable.update(same, at: later) { (_) throws(AccessError) in (nil, nil) }
        #expect(Self.due(timetable, after: 661) == ["corp changes"])
        let other = [try Self.directory("corp", schedule: "10m", revision: 2)]
        try timetable.update(other, at: later) { (_) throws(AccessError) in (nil, nil) }
        #expect(Self.due(timetable, after: 661) == [])
        #expect(Self.due(timetable, after: 961) == ["corp changes"])
        try timetable.update([], at: later) { (_) throws(AccessError) in (nil, nil) }
        #expect(Self.due(timetable, after: 10_000) == [])
    }
}
