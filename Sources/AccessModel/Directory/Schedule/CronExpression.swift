/// Five fields as in crontab(5), in UTC.
struct CronExpression: Hashable, Sendable {
    private let minutes: NumberSet
    private let hours: NumberSet
    private let daysOfMonth: NumberSet
    private let months: NumberSet
    /// Sunday is 0.
    private let daysOfWeek: NumberSet
    /// Whether a day is taken that only one of the day fields matches.
    private let eitherDayMatches: Bool

    /// - Parameter fields: five.
    init(_ fields: [Substring]) throws(SyncScheduleError) {
        guard fields.count == 5 else {
            throw SyncScheduleError("schedule", fields.joined(separator: " "), "should have five fields")
        }
        minutes = try CronField.minute.numbers(in: fields[0])
        hours = try CronField.hour.numbers(in: fields[1])
        daysOfMonth = try CronField.dayOfMonth.numbers(in: fields[2])
        months = try CronField.month.numbers(in: fields[3])
        daysOfWeek = try CronField.dayOfWeek.numbers(in: fields[4])
        eitherDayMatches = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
        // Some weekday always comes; and on a day of the month, in time, each of them.
        guard !eitherDayMatches, let earliest = daysOfMonth.first(from: 0) else { return }
        let longest = months.numbers.map(CivilDay.mostDays(inMonth:)).max() ?? 0
        guard earliest <= longest else {
            throw SyncScheduleError(
                CronField.dayOfMonth.name, fields[2], "never comes in month \(fields[3]); should be at most \(longest)")
        }
    }

    /// The first second of the first minute that matches and begins strictly after `time`.
    func next(after time: Timestamp) -> Timestamp {
        let minute = time.seconds.floored(by: 60).quotient + 1
        let (number, minuteOfDay) = minute.floored(by: 24 * 60)
        var day = CivilDay(number)
        var earliest = Int(minuteOfDay)
        // Ends: the initialiser refuses what never comes, and the calendar repeats after 400 years.
        while true {
            if !months.contains(day.month) {
                day.moveToNextMonth()
            } else if matches(day), let minute = firstMinute(from: earliest) {
                return Timestamp(seconds: (day.number * 24 * 60 + Int64(minute)) * 60)
            } else {
                day.moveToNextDay()
            }
            earliest = 0
        }
    }

    private func matches(_ day: CivilDay) -> Bool {
        let ofMonth = daysOfMonth.contains(day.day)
        let ofWeek = daysOfWeek.contains(day.weekday)
        return eitherDayMatches ? ofMonth || ofWeek : ofMonth && ofWeek
    }

    /// Of a day; nil when the rest of the day has none.
    private func firstMinute(from earliest: Int) -> Int? {
        let hour = earliest / 60
        if hours.contains(hour), let minute = minutes.first(from: earliest % 60) { return hour * 60 + minute }
        guard let hour = hours.first(from: hour + 1), let minute = minutes.first(from: 0) else { return nil }
        return hour * 60 + minute
    }
}

/// Numbers from 0 to 63.
struct NumberSet: Hashable, Sendable {
    private var bits: UInt64 = 0

    var numbers: [Int] { (0..<64).filter(contains) }

    mutating func insert(_ number: Int) { bits |= 1 << UInt64(number) }
    func contains(_ number: Int) -> Bool { bits & (1 << UInt64(number)) != 0 }

    /// The smallest that is not below `number`.
    func first(from number: Int) -> Int? {
        let rest = bits & (~0 << UInt64(number))
        return rest == 0 ? nil : rest.trailingZeroBitCount
    }
}
