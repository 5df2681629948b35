/// A day of the proleptic Gregorian calendar.
struct CivilDay {
    /// Days since 1970-01-01.
    private(set) var number: Int64
    private var year: Int
    private(set) var month: Int
    private(set) var day: Int

    /// - Parameter number: days since 1970-01-01.
    init(_ number: Int64) {
        self.number = number
        (year, month, day) = Timestamp.civil(daysSinceEpoch: Int(number))
    }

    /// Sunday is 0.
    var weekday: Int { Int((number + 4).floored(by: 7).remainder) }

    mutating func moveToNextDay() {
        guard day < daysInMonth else {
            moveToNextMonth()
            return
        }
        number += 1
        day += 1
    }

    /// To its first day.
    mutating func moveToNextMonth() {
        number += Int64(daysInMonth - day + 1)
        day = 1
        month += 1
        guard month > 12 else { return }
        month = 1
        year += 1
    }

    private var daysInMonth: Int { Timestamp.days(inMonth: month, of: year) }

    /// In a leap year.
    static func mostDays(inMonth month: Int) -> Int { Timestamp.days(inMonth: month, of: 2000) }
}
