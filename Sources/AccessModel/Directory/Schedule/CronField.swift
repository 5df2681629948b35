/// One of the five fields of a cron expression: what it is called, and what may stand in it.
struct CronField {
    let name: String
    let range: ClosedRange<Int>
    /// Other spellings of the values, from the lowest on.
    let names: [String]

    static let minute = CronField(name: "minute", range: 0...59, names: [])
    static let hour = CronField(name: "hour", range: 0...23, names: [])
    static let dayOfMonth = CronField(name: "day-of-month", range: 1...31, names: [])
    static let month = CronField(
        name: "month", range: 1...12,
        names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    static let dayOfWeek = CronField(
        name: "day-of-week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

    /// The numbers that `text` names; Sunday is 0.
    func numbers(in text: Substring) throws(SyncScheduleError) -> NumberSet {
        var numbers = NumberSet()
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard !item.isEmpty else {
                throw SyncScheduleError(name, text, "has a comma too many")
            }
            let (range, step) = try parts(of: item)
            for number in stride(from: range.lowerBound, through: range.upperBound, by: step) {
                numbers.insert(isDayOfWeek ? number % 7 : number)
            }
        }
        return numbers
    }

    private var isDayOfWeek: Bool { range.upperBound == 7 }

    private func parts(of item: Substring) throws(SyncScheduleError) -> (ClosedRange<Int>, step: Int) {
        let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let values = try values(parts[0], in: item)
        guard parts.count == 2 else { return (values, 1) }
        guard parts[0] == "*" || parts[0].contains("-") else {
            throw SyncScheduleError(
                name, item, "a step needs * or a range before it, as \(parts[0])-\(range.upperBound)/\(parts[1])")
        }
        guard let step = number(parts[1]), (1...range.upperBound).contains(step) else {
            throw SyncScheduleError(name, item, "the step should be from 1 to \(range.upperBound)")
        }
        return (values, step)
    }

    private func values(_ text: Substring, in item: Substring) throws(SyncScheduleError) -> ClosedRange<Int> {
        if text == "*" { return range }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let low = try value(ends[0], in: item)
        guard ends.count == 2 else { return low...low }
        var high = try value(ends[1], in: item)
        // Sunday begins the week and ends it.
        if isDayOfWeek, high == 0, low > 0 { high = 7 }
        guard low <= high else {
            let (first, last) = (range.lowerBound, range.upperBound)
            throw SyncScheduleError(
                name, text, "should run upwards; write \(ends[0])-\(last),\(first)-\(ends[1]) to run past \(last)")
        }
        return low...high
    }

    private func value(_ text: Substring, in item: Substring) throws(SyncScheduleError) -> Int {
        let word = String(text).lowercasedASCII
        if let number = number(text) ?? names.firstIndex(of: word).map({ $0 + range.lowerBound }),
            range.contains(number)
        {
            return number
        }
        var values = "from \(range.lowerBound) to \(range.upperBound)"
        if let first = names.first, let last = names.last { values += " or from \(first) to \(last)" }
        guard !text.isEmpty, text.allSatisfy({ $0.isLetter || $0.isNumber }) else {
            throw SyncScheduleError(name, item, "should be *, or a value or a range \(values)")
        }
        throw SyncScheduleError(name, text, "should be \(values)")
    }

    /// nil unless `text` is nothing but digits, and few enough of them.
    private func number(_ text: Substring) -> Int? { text.utf8.allSatisfy(\.isDigit) ? Int(text) : nil }
}
