extension SyncSchedule.Rule {
    /// `words`: what was written, taken apart at white space.
    init(_ words: [Substring]) throws(SyncScheduleError) {
        guard let first = words.first else {
            throw SyncScheduleError("schedule", "", "is empty; \(Self.forms)")
        }
        if first.hasPrefix("@") {
            self = .cron(try Self.named(words.joined(separator: " ")))
        } else if words.count == 5 {
            self = .cron(try CronExpression(words))
        } else if words.count > 1 {
            let text = words.joined(separator: " ")
            throw SyncScheduleError("schedule", text, "has \(words.count) fields instead of five; \(Self.forms)")
        } else if first.utf8.first?.isDigit == true {
            self = .every(seconds: try SyncInterval(first).seconds)
        } else {
            throw SyncScheduleError("schedule", first, Self.forms)
        }
    }

    private static let forms =
        "should be an interval as 15m, a word as @daily, "
        + "or five fields: minute hour day-of-month month day-of-week"

    private static func named(_ text: String) throws(SyncScheduleError) -> CronExpression {
        let expression =
            switch text.lowercasedASCII {
            case "@hourly": "0 * * * *"
            case "@daily", "@midnight": "0 0 * * *"
            case "@weekly": "0 0 * * 0"
            case "@monthly": "0 0 1 * *"
            case "@yearly", "@annually": "0 0 1 1 *"
            default:
                throw SyncScheduleError(
                    "schedule", text,
                    "should be @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually, "
                        + "or an interval as 15m")
            }
        return try CronExpression(expression.split(separator: " "))
    }

}

/// A span of time: a whole number and one of `s`, `m`, `h` and `d`, from 5 seconds to 31 days.
public struct SyncInterval: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    public let description: String
    public let seconds: Int64

    public init(_ text: some StringProtocol) throws(SyncScheduleError) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let digits = text.dropLast()
        guard let unit = text.last.flatMap({ units[$0] }), !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit) else {
            throw SyncScheduleError("interval", text, "should be a whole number and one of s, m, h and d, as 90m")
        }
        // Only too many digits are no number now.
        guard let count = Int64(digits), count <= 31 * 86_400 / unit else {
            throw SyncScheduleError("interval", text, "should be at most 31d")
        }
        guard count * unit >= 5 else { throw SyncScheduleError("interval", text, "should be at least 5s") }
        description = String(text)
        seconds = count * unit
    }

    /// - Parameter hours: at most 744.
    init(hours: Int64) {
        description = "\(hours)h"
        seconds = hours * 3_600
    }
}

extension UInt8 {
    var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}
