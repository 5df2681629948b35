/// A moment in microseconds since 1970-01-01T00:00:00Z; written as RFC 3339 in UTC.
public struct Timestamp: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    public let microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// The moment so many seconds after 1970; the last or first there is for more than can be counted.
    public init(seconds: Int64) {
        let (product, isTooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000)
        microseconds = isTooLarge ? (seconds < 0 ? .min : .max) : product
    }

    public var seconds: Int64 { microseconds.floored(by: 1_000_000).quotient }

    public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// Stays within what can be counted.
    public static func + (left: Self, right: Duration) -> Self {
        let (seconds, attoseconds) = right.components
        let whole = Self(seconds: seconds).microseconds
        let (sum, isTooLarge) = left.microseconds.addingReportingOverflow(whole)
        guard !isTooLarge else { return Self(microseconds: whole < 0 ? .min : .max) }
        let rest = attoseconds / 1_000_000_000_000
        let (total, overflows) = sum.addingReportingOverflow(rest)
        return Self(microseconds: overflows ? (rest < 0 ? .min : .max) : total)
    }

    /// How long before `end` this moment is; negative behind it.
    public func duration(to end: Self) -> Duration {
        .microseconds(end.microseconds) - .microseconds(microseconds)
    }

    /// The last moment that RFC 3339 can write.
    public static let last = Self(microseconds: (lastSecond + 1) * 1_000_000 - 1)

    /// Parses `2026-03-01T12:00:00Z`, with an offset instead of `Z` and with up to nine digits
    /// of fraction (cut to microseconds), or a date alone, which is its first moment in UTC.
    public init?(_ text: some StringProtocol) {
        var scanner = DigitScanner(text.utf8)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), (1...12).contains(month),
            (1...Self.days(inMonth: month, of: year)).contains(day)
        else { return nil }
        let date = Self.daysSinceEpoch(year: year, month: month, day: day) * 86_400
        if scanner.isAtEnd {
            self.init(seconds: Int64(date))
            return
        }
        guard scanner.skip("T") || scanner.skip("t") || scanner.skip(" "), let hour = scanner.number(2), hour < 24,
            scanner.skip(":"), let minute = scanner.number(2), minute < 60,
            scanner.skip(":"), let second = scanner.number(2), second < 60
        else { return nil }
        var micros: Int64 = 0
        if scanner.skip(".") {
            guard let fraction = scanner.fraction(digits: 6) else { return nil }
            micros = Int64(fraction)
        }
        var offset = 0
        if !(scanner.skip("Z") || scanner.skip("z")) {
            let sign: Int
            if scanner.skip("+") { sign = 1 } else if scanner.skip("-") { sign = -1 } else { return nil }
            guard let hours = scanner.number(2), hours < 24, scanner.skip(":"), let minutes = scanner.number(2),
                minutes < 60
            else { return nil }
            offset = sign * (hours * 3600 + minutes * 60)
        }
        guard scanner.isAtEnd else { return nil }
        let total = date + hour * 3600 + minute * 60 + second - offset
        self.init(microseconds: Int64(total) * 1_000_000 + micros)
        // An offset may lead out of the four-digit years that RFC 3339 can write.
        guard (Self.firstSecond...Self.lastSecond).contains(seconds) else { return nil }
    }

    private static let firstSecond: Int64 = -62_167_219_200
    private static let lastSecond: Int64 = 253_402_300_799

    public var description: String {
        let (whole, micros) = microseconds.floored(by: 1_000_000)
        let (days, time) = whole.floored(by: 86_400)
        let (year, month, day) = Self.civil(daysSinceEpoch: Int(days))
        var text = Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2)
        text += "T" + Self.padded(Int(time) / 3600, 2) + ":" + Self.padded(Int(time) / 60 % 60, 2)
        text += ":" + Self.padded(Int(time) % 60, 2)
        if micros != 0 { text += "." + Self.padded(Int(micros), 6) }
        return text + "Z"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is not a time in RFC 3339 form, as 2026-03-01T12:00:00Z")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // The proleptic Gregorian calendar in eras of 400 years, which begin on 1 March.
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func civil(daysSinceEpoch days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
    }
}

extension Int64 {
    /// Rounded down, before 1970 too; `divisor` is positive.
    func floored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

private struct DigitScanner<Bytes: Collection<UInt8>> {
    private var rest: Bytes.SubSequence

    init(_ bytes: Bytes) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func digit() -> Int? {
        guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        rest = rest.dropFirst()
        return Int(byte - UInt8(ascii: "0"))
    }

    mutating func number(_ digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let next = digit() else { return nil }
            value = value * 10 + next
        }
        return value
    }

    /// One to nine digits, as if there were exactly `digits` of them.
    mutating func fraction(digits: Int) -> Int? {
        var value = 0
        var count = 0
        while let next = digit() {
            if count < digits { value = value * 10 + next }
            count += 1
        }
        guard (1...9).contains(count) else { return nil }
        for _ in 0..<max(0, digits - count) { value *= 10 }
        return value
    }
}
