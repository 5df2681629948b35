import Foundation

/// A point in time as people type it.
enum Moment {
    /// For the help.
    static let forms =
        "A moment is a revision (4000), a time (2026-03-01T12:00:00Z), a day (2026-03-01, its beginning in UTC), or so long"
        + " ago (90m, 12h, 7d)."

    /// What the service understands: a day and so long ago are made a time, all else is left as it is.
    static func text(_ text: String, at now: Date) -> String {
        let seconds: [Character: Double] = ["m": 60, "h": 3_600, "d": 86_400]
        if let unit = text.last.flatMap({ seconds[$0] }), let count = Double(text.dropLast()), count >= 0 {
            return now.addingTimeInterval(-count * unit).ISO8601Format()
        }
        let isDay = text.utf8.count == 10 && text.split(separator: "-").count == 3
        return isDay ? text + "T00:00:00Z" : text
    }
}
