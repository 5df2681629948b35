import Foundation
import StrictJSON

/// A point in time as people type it.
enum Moment {
    /// For the help.
    static let forms =
        "A moment is a revision (4000), a time (2026-03-01T12:00:00Z), a day (2026-03-01, its beginning in UTC), or so long"
        + " ago (90m, 12h, 7d, 2w)."

    /// Seconds of the units of a time that is written as a number and a letter.
    fileprivate static let units: [Character: Double] = ["m": 60, "h": 3_600, "d": 86_400, "w": 604_800]

    /// What the service understands: a day and so long ago are made a time, all else is left as it is.
    static func text(_ text: String, at now: Date) -> String {
        if let unit = text.last.flatMap({ units[$0] }), let count = Double(text.dropLast()), count >= 0 {
            return now.addingTimeInterval(-count * unit).ISO8601Format()
        }
        let isDay = text.utf8.count == 10 && text.split(separator: "-").count == 3
        return isDay ? text + "T00:00:00Z" : text
    }
}

/// An end as people type it.
enum Ending {
    /// For the help.
    static let forms = "14d, 12h, 2026-12-31 (with all of that day, in UTC) or 2027-01-01T00:00:00Z"

    /// What the service understands: so long from now and a day are made a time, all else is left as it is.
    static func text(_ text: String, at now: Date) -> String {
        if let unit = text.last.flatMap({ Moment.units[$0] }), let count = Double(text.dropLast()), count > 0 {
            return now.addingTimeInterval(count * unit).ISO8601Format()
        }
        guard text.utf8.count == 10, let day = try? Date(text + "T00:00:00Z", strategy: .iso8601) else { return text }
        return day.addingTimeInterval(86_400).ISO8601Format()
    }

    /// Of an option; null for `never`.
    static func json(_ option: String?, at now: Date = Date()) throws(CommandFailure) -> JSONValue? {
        guard let option else { return nil }
        guard option != "never" else { return .null }
        let time = text(option, at: now)
        guard time.contains("T") else {
            throw .input("\"\(option)\" is no end: write \(forms)")
        }
        return .string(time)
    }
}
