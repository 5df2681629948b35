import AccessModel
import ReferenceModel
import Testing

/// The putting off of a schedule's moments.
@Suite struct SyncScheduleJitterTests {
    static let start = Timestamp(seconds: 1_772_366_400)

    @Test(
        arguments: ["* * * * *", "*/7 * * * *", "0,1,30 */5 * * *", "@daily", "0 0 29 2 *"],
        ["", "corporate", "contractors", "Größe"])
    func `passing each answer in turn comes upon every cron moment once`(text: String, seed: String) throws {
        let schedule = try SyncSchedule(text)
        var random = SplitMix64(seed: Worlds.seed)
        var moment = schedule.next(after: Self.start + .seconds(-60))
        var putOff = schedule.next(after: moment + .microseconds(-1), jitter: seed)
        for _ in 0..<300 {
            let following = schedule.next(after: moment)
            let gap = following.microseconds - moment.microseconds
            let share = putOff.microseconds - moment.microseconds
            #expect((0...min(gap / 10, 60_000_000)).contains(share), "\(putOff) for \(moment)")
            // A run may begin late, as long as it begins before the next is due.
            let run = putOff + .microseconds(Int64(random.below(Int(gap - share))))
            let next = schedule.next(after: run, jitter: seed)
            #expect(next == schedule.next(after: putOff, jitter: seed))
            #expect(next >= following && next > run)
            (moment, putOff) = (following, next)
        }
    }

    @Test(arguments: ["* * * * *", "*/7 * * * *", "@daily"])
    func `a cron moment that was put off is not missed from a time between`(text: String) throws {
        let schedule = try SyncSchedule(text)
        var betweens = 0
        for number in 0..<200 {
            let seed = "directory \(number)"
            let moment = schedule.next(after: Self.start)
            let putOff = schedule.next(after: moment + .microseconds(-1), jitter: seed)
            guard putOff > moment else { continue }
            betweens += 1
            #expect(schedule.next(after: moment, jitter: seed) == putOff)
            #expect(schedule.next(after: putOff + .microseconds(-1), jitter: seed) == putOff)
            #expect(schedule.next(after: putOff, jitter: seed) > putOff + .seconds(50))
        }
        #expect(betweens > 190)
    }

    @Test(
        arguments: [
            ("5s", 500_000), ("30s", 3_000_000), ("9m", 54_000_000), ("10m", 60_000_000), ("1h", 60_000_000),
            ("31d", 60_000_000), ("* * * * *", 6_000_000), ("*/5 * * * *", 30_000_000), ("@monthly", 60_000_000),
        ])
    func `a moment is put off by a tenth of the way to the next at most, and by a minute at most`(
        text: String, most: Int64
    ) throws {
        let schedule = try SyncSchedule(text)
        // By then no moment before is still put off.
        let time = Self.start + .seconds(30)
        let moment = schedule.next(after: time)
        let shares = (0..<1_000).map { number in
            schedule.next(after: time, jitter: "directory \(number)").microseconds - moment.microseconds
        }
        #expect(shares.allSatisfy { (0...most).contains($0) })
        // Seeds that hardly differ lie evenly in what there is.
        let tenths = Dictionary(grouping: shares) { min($0 * 10 / most, 9) }.mapValues(\.count)
        #expect((0..<10).allSatisfy { (60...140).contains(tenths[$0] ?? 0) }, "\(tenths)")
    }

    @Test func `the moments of one seed are put off by different shares`() throws {
        let schedule = try SyncSchedule("@hourly")
        var time = Self.start
        var shares: Set<Int64> = []
        for _ in 0..<100 {
            time = schedule.next(after: time, jitter: "corporate")
            shares.insert(time.microseconds % 3_600_000_000)
        }
        #expect(shares.count > 95)
    }

    @Test(
        arguments: [
            ("@hourly", "corporate", "2026-03-01T12:00:00.808407Z"),
            ("@hourly", "contractors", "2026-03-01T12:00:10.785988Z"),
            ("@daily", "corporate", "2026-03-02T00:00:12.950759Z"),
            ("15m", "corporate", "2026-03-01T12:15:48.191609Z"), ("5s", "", "2026-03-01T12:00:05.118286Z"),
        ])
    func `the share is the same in every process`(text: String, seed: String, expected: String) throws {
        let next = try SyncSchedule(text).next(after: Self.start, jitter: seed)
        #expect(next.description == expected)
    }
}
