import AccessModel
import ReferenceModel
import Testing

@Suite struct SyncScheduleTests {
    static let forms =
        "should be an interval as 15m, a word as @daily, or five fields: minute hour day-of-month month day-of-week"
    static let interval = "should be a whole number and one of s, m, h and d, as 90m"
    static let words =
        "should be @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually, or an interval as 15m"

    @Test(
        arguments: [
            ("5s", "2026-03-01T12:00:05Z"), ("30s", "2026-03-01T12:00:30Z"), ("15m", "2026-03-01T12:15:00Z"),
            ("2h", "2026-03-01T14:00:00Z"), ("1d", "2026-03-02T12:00:00Z"), ("31d", "2026-04-01T12:00:00Z"),
            ("744h", "2026-04-01T12:00:00Z"), ("090m", "2026-03-01T13:30:00Z"),
        ])
    func `an interval counts from the time given`(text: String, expected: String) throws {
        #expect(try SyncSchedule(text).next(after: time("2026-03-01T12:00:00Z")) == time(expected))
    }

    @Test func `an interval keeps the fraction of the time given`() throws {
        let next = try SyncSchedule("15m").next(after: time("2026-03-01T12:00:07.250000Z"))
        #expect(try next == time("2026-03-01T12:15:07.250000Z"))
    }

    @Test(
        arguments: [
            ("@hourly", "2026-03-04T13:00:00Z"), ("@daily", "2026-03-05T00:00:00Z"),
            ("@midnight", "2026-03-05T00:00:00Z"), ("@weekly", "2026-03-08T00:00:00Z"),
            ("@monthly", "2026-04-01T00:00:00Z"), ("@yearly", "2027-01-01T00:00:00Z"),
            ("@annually", "2027-01-01T00:00:00Z"), ("@Daily", "2026-03-05T00:00:00Z"),
        ])
    func `a word names the first moment of an hour, day, week, month or year`(text: String, expected: String) throws {
        // A Wednesday.
        #expect(try SyncSchedule(text).next(after: time("2026-03-04T12:34:56Z")) == time(expected))
    }

    @Test(
        arguments: [
            // Strictly after, and at the first second.
            ("* * * * *", "2026-03-04T12:00:00Z", "2026-03-04T12:01:00Z"),
            ("* * * * *", "2026-03-04T11:59:59.999999Z", "2026-03-04T12:00:00Z"),
            ("* * * * *", "2026-03-04T12:00:00.000001Z", "2026-03-04T12:01:00Z"),
            ("30 4 * * *", "2026-03-04T04:29:59Z", "2026-03-04T04:30:00Z"),
            ("30 4 * * *", "2026-03-04T04:30:00Z", "2026-03-05T04:30:00Z"),
            ("05 04 * * *", "2026-03-04T00:00:00Z", "2026-03-04T04:05:00Z"),
            ("59 23 31 12 *", "1969-12-31T23:58:59.5Z", "1969-12-31T23:59:00Z"),
            ("0 0 1 1 *", "1969-12-31T23:59:59.5Z", "1970-01-01T00:00:00Z"),
            ("*/15 * * * *", "1960-02-28T23:45:00Z", "1960-02-29T00:00:00Z"),
            // Steps, ranges, lists.
            ("*/15 * * * *", "2026-03-04T12:00:00Z", "2026-03-04T12:15:00Z"),
            ("*/15 * * * *", "2026-03-04T12:45:00Z", "2026-03-04T13:00:00Z"),
            ("*/25 * * * *", "2026-03-04T12:50:00Z", "2026-03-04T13:00:00Z"),
            ("10-20/5 * * * *", "2026-03-04T12:00:00Z", "2026-03-04T12:10:00Z"),
            ("10-20/5 * * * *", "2026-03-04T12:15:00Z", "2026-03-04T12:20:00Z"),
            ("10-20/5 * * * *", "2026-03-04T12:20:00Z", "2026-03-04T13:10:00Z"),
            ("10-19/5 * * * *", "2026-03-04T12:15:00Z", "2026-03-04T13:10:00Z"),
            ("50,5,20-21 8-18/5 * * *", "2026-03-04T13:21:00Z", "2026-03-04T13:50:00Z"),
            ("50,5,20-21 8-18/5 * * *", "2026-03-04T13:50:00Z", "2026-03-04T18:05:00Z"),
            ("50,5,20-21 8-18/5 * * *", "2026-03-04T18:50:00Z", "2026-03-05T08:05:00Z"),
            // Days of the week; 2026-03-06 is a Friday.
            ("0 6 * * 1-5", "2026-03-06T06:00:00Z", "2026-03-09T06:00:00Z"),
            ("0 6 * * mon-fri", "2026-03-06T06:00:00Z", "2026-03-09T06:00:00Z"),
            ("0 6 * * MON-Fri", "2026-03-05T06:00:00Z", "2026-03-06T06:00:00Z"),
            ("0 6 * * 0", "2026-03-06T06:00:00Z", "2026-03-08T06:00:00Z"),
            ("0 6 * * 7", "2026-03-06T06:00:00Z", "2026-03-08T06:00:00Z"),
            ("0 6 * * sun", "2026-03-06T06:00:00Z", "2026-03-08T06:00:00Z"),
            ("0 6 * * sat-sun", "2026-03-07T06:00:00Z", "2026-03-08T06:00:00Z"),
            ("0 6 * * sat-sun", "2026-03-08T06:00:00Z", "2026-03-14T06:00:00Z"),
            ("0 6 * * 5-7", "2026-03-07T06:00:00Z", "2026-03-08T06:00:00Z"),
            ("0 6 * * sun-mon", "2026-03-09T06:00:00Z", "2026-03-15T06:00:00Z"),
            ("0 6 * * 1-7/2", "2026-03-06T06:00:00Z", "2026-03-08T06:00:00Z"),
            ("0 6 * * */2", "2026-03-07T06:00:00Z", "2026-03-08T06:00:00Z"),
            // Month ends, year ends, leap years.
            ("0 0 31 * *", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z"),
            ("0 0 31 * *", "2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z"),
            ("59 23 28-31 feb *", "2026-02-28T23:59:00Z", "2027-02-28T23:59:00Z"),
            ("59 23 28-31 feb *", "2028-02-28T23:59:00Z", "2028-02-29T23:59:00Z"),
            ("0 0 1 Jan-mar/2 *", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"),
            ("0 0 1 jan,DEC *", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("0 0 29 2 *", "2024-02-29T00:00:00Z", "2028-02-29T00:00:00Z"),
            ("0 0 29 2 *", "1996-02-29T00:00:00Z", "2000-02-29T00:00:00Z"),
            ("0 0 29 2 *", "2096-02-29T00:00:00Z", "2104-02-29T00:00:00Z"),
            ("59 23 31 12 *", "2026-12-31T23:59:00Z", "2027-12-31T23:59:00Z"),
        ])
    func `cron finds the next minute that matches`(text: String, from: String, expected: String) throws {
        #expect(try SyncSchedule(text).next(after: time(from)) == time(expected))
    }

    /// 2026-03-13 is a Friday.
    @Test(
        arguments: [
            ("0 0 13 * fri", ["2026-03-06", "2026-03-13", "2026-03-20", "2026-03-27", "2026-04-03"]),
            ("0 0 15 * fri", ["2026-03-06", "2026-03-13", "2026-03-15", "2026-03-20"]),
            ("0 0 15 * *", ["2026-03-15", "2026-04-15"]),
            ("0 0 * * fri", ["2026-03-06", "2026-03-13"]),
            // One that starts with * is not restricted, so that both are to match.
            ("0 0 */2 * fri", ["2026-03-13", "2026-03-27", "2026-04-03"]),
            ("0 0 13 * */5", ["2026-03-13", "2026-09-13"]),
            // The 30th never comes in February; Mondays do.
            ("0 0 30 2 mon", ["2027-02-01", "2027-02-08"]),
        ])
    func `either day field matches when both are restricted`(text: String, days: [String]) throws {
        let schedule = try SyncSchedule(text)
        var last = try time("2026-03-02")
        for day in days {
            last = schedule.next(after: last)
            #expect(try last == time(day))
        }
    }

    @Test(
        arguments: [
            ("", "schedule: is empty; \(forms)"), (" \n", "schedule: is empty; \(forms)"),
            ("hourly", "schedule hourly: \(forms)"), ("*/15", "schedule */15: \(forms)"),
            ("-5m", "schedule -5m: \(forms)"), ("٥m", "schedule ٥m: \(forms)"),
            ("every 15 minutes", "schedule every 15 minutes: has 3 fields instead of five; \(forms)"),
            ("5 m", "schedule 5 m: has 2 fields instead of five; \(forms)"),
            ("0 0 12 * * ?", "schedule 0 0 12 * * ?: has 6 fields instead of five; \(forms)"),
            ("@reboot", "schedule @reboot: \(words)"), ("@every 5m", "schedule @every 5m: \(words)"),
            ("@", "schedule @: \(words)"),
            ("15", "interval 15: \(interval)"), ("1h30m", "interval 1h30m: \(interval)"),
            ("1.5h", "interval 1.5h: \(interval)"), ("5M", "interval 5M: \(interval)"),
            ("2w", "interval 2w: \(interval)"),
            ("4s", "interval 4s: should be at least 5s"), ("0d", "interval 0d: should be at least 5s"),
            ("32d", "interval 32d: should be at most 31d"), ("745h", "interval 745h: should be at most 31d"),
            ("2678401s", "interval 2678401s: should be at most 31d"),
            ("99999999999999999999s", "interval 99999999999999999999s: should be at most 31d"),
        ])
    func `what is no schedule is refused`(text: String, reason: String) {
        #expect(refusal(of: text) == reason)
    }

    @Test(
        arguments: [
            ("61 * * * *", "minute 61: should be from 0 to 59"), ("60 * * * *", "minute 60: should be from 0 to 59"),
            ("* 24 * * *", "hour 24: should be from 0 to 23"),
            ("* * 0 * *", "day-of-month 0: should be from 1 to 31"),
            ("* * 32 * *", "day-of-month 32: should be from 1 to 31"),
            ("* * L * *", "day-of-month L: should be from 1 to 31"),
            ("* * * 13 *", "month 13: should be from 1 to 12 or from jan to dec"),
            ("* * * 0 *", "month 0: should be from 1 to 12 or from jan to dec"),
            ("* * * january *", "month january: should be from 1 to 12 or from jan to dec"),
            ("* * * mon *", "month mon: should be from 1 to 12 or from jan to dec"),
            ("* * * * 8", "day-of-week 8: should be from 0 to 7 or from sun to sat"),
            ("* * * * mon-fry", "day-of-week fry: should be from 0 to 7 or from sun to sat"),
            ("mon * * * *", "minute mon: should be from 0 to 59"), ("٥ * * * *", "minute ٥: should be from 0 to 59"),
            ("99999999999999999999 * * * *", "minute 99999999999999999999: should be from 0 to 59"),
            ("0,50-60 * * * *", "minute 60: should be from 0 to 59"),
            ("1-2-3 * * * *", "minute 1-2-3: should be *, or a value or a range from 0 to 59"),
            ("* -5 * * *", "hour -5: should be *, or a value or a range from 0 to 23"),
            ("5- * * * *", "minute 5-: should be *, or a value or a range from 0 to 59"),
            ("*-5 * * * *", "minute *-5: should be *, or a value or a range from 0 to 59"),
            ("+5 * * * *", "minute +5: should be *, or a value or a range from 0 to 59"),
            ("* * ? * *", "day-of-month ?: should be *, or a value or a range from 1 to 31"),
            ("/5 * * * *", "minute /5: should be *, or a value or a range from 0 to 59"),
            ("1,,2 * * * *", "minute 1,,2: has a comma too many"), ("1, * * * *", "minute 1,: has a comma too many"),
            (
                "20-10 * * * *",
                "minute 20-10: should run upwards; write 20-59,0-10 to run past 59"
            ),
            (
                "* * * nov-feb/2 *",
                "month nov-feb: should run upwards; write nov-12,1-feb to run past 12"
            ),
            (
                "* * * * fri-mon",
                "day-of-week fri-mon: should run upwards; write fri-7,0-mon to run past 7"
            ),
            ("*/0 * * * *", "minute */0: the step should be from 1 to 59"),
            ("*/90 * * * *", "minute */90: the step should be from 1 to 59"),
            ("* */24 * * *", "hour */24: the step should be from 1 to 23"),
            ("*/ * * * *", "minute */: the step should be from 1 to 59"),
            ("*/5/2 * * * *", "minute */5/2: the step should be from 1 to 59"),
            ("5/10 * * * *", "minute 5/10: a step needs * or a range before it, as 5-59/10"),
            ("0 0 30 2 *", "day-of-month 30: never comes in month 2; should be at most 29"),
            ("0 0 31 apr,jun *", "day-of-month 31: never comes in month apr,jun; should be at most 30"),
            ("0 0 30-31 feb */2", "day-of-month 30-31: never comes in month feb; should be at most 29"),
        ])
    func `a field that cannot be is refused by its name`(text: String, reason: String) {
        #expect(refusal(of: text) == reason)
    }

    @Test func `a refusal of a long text shows its beginning`() {
        let text = String(repeating: "x", count: 1_000)
        #expect(refusal(of: text) == "schedule \(text.prefix(60)): \(Self.forms)")
    }

    @Test(
        arguments: [
            ("15m", "15m"), (" 15m\n", "15m"), ("\t@Daily ", "@Daily"),
            ("  */15 *\t* * MON-fri ", "*/15 *\t* * MON-fri"),
        ])
    func `a schedule is written as it was`(text: String, description: String) throws {
        #expect(try SyncSchedule(text).description == description)
        #expect(try SyncSchedule(text) == SyncSchedule(description))
    }

    private func refusal(of text: String) -> String? {
        do throws(SyncScheduleError) {
            return "accepted, next \(try SyncSchedule(text).next(after: Timestamp(seconds: 0)))"
        } catch {
            #expect(error.description == error.reason)
            return error.reason
        }
    }

    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }
}
