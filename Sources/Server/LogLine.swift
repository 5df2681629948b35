import AccessModel
import StrictJSON
import Wording

/// A line of the log. Text that clients choose, such as a login name, cannot pass for another line or value.
struct LogLine {
    let time: Timestamp
    let level: String
    let message: String
    let values: [(key: String, value: String)]

    /// - Parameter values: the address comes first, so that what others chose is never before it; the rest by key.
    init(time: Timestamp, level: String, message: String, _ values: [String: String]) {
        self.time = time
        self.level = level
        self.message = message
        self.values = values.sorted { ($0.key == Self.first ? "" : $0.key) < ($1.key == Self.first ? "" : $1.key) }
            .map { (key: $0.key, value: $0.value) }
    }

    private static let first = "address"

    func written(as format: Settings.LogFormat) -> String {
        switch format {
        case .text:
            ([time.description, level, message.withoutControls] + values.map { "\($0.key)=\(Self.quoted($0.value))" })
                .joined(separator: " ")
        case .json:
            JSONValue(
                members: [
                    ("time", .string(time.description)), ("level", .string(level)), ("message", .string(message)),
                ]
                    + values.map { ($0.key, .string($0.value)) }
            ).compact
        }
    }

    /// As it is, or as a JSON string if it has characters that could be misread.
    private static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty && value.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"=\\".utf8.contains($0) }
        return isPlain ? value : JSONValue.string(value).compact
    }
}
