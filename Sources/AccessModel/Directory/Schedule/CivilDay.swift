/// A day of the proleptic Gregorian calendar.
struct CivilDay {
    /// Days since 1970-01-01.
    private(set) var number: Int64
    private var year: Int64
    private(set) var month: Int
    private(set) var day: Int

    /// - Parameter number: days since 1970-01-01.
    init(_ number: Int64) {
        // Eras of 400 years that begin on 1 March, so that a leap day is the last of its year.
        let (era, dayOfEra) = (number + 719_468).floored(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        self.number = number
        month = Int(part < 10 ? part + 3 : part - 9)
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = Int(dayOfYear - (153 * part + 2) / 5 + 1)
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

    private var daysInMonth: Int {
        let isLeapYear = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
        return month == 2 && !isLeapYear ? 28 : Self.mostDays(inMonth: month)
    }

    /// In a leap year.
    static func mostDays(inMonth month: Int) -> Int {
        switch month {
        case 2: 29
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Int64 {
    /// Rounded down, before 1970 too; `divisor` is positive.
    func floored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
