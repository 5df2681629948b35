import Wording

/// The text of a progress line.
enum ProgressText {
    static func bar(_ title: String, done: Int, of all: Int, width: Int) -> String {
        let share = all == 0 ? 1 : min(1, Double(done) / Double(all))
        let numbers = " \(Int(share * 100)) %  \(megabytes(done)) of \(megabytes(all)) MB"
        let length = max(5, min(40, width - title.count - numbers.count - 5))
        let filled = Int(share * Double(length))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: length - filled)
        return "\(title) [\(bar)]\(numbers)"
    }

    private static func megabytes(_ bytes: Int) -> String {
        let tenths = bytes / 100_000
        return "\((tenths / 10).grouped).\(tenths % 10)"
    }
}
