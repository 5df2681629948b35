import StrictJSON

/// Why a directory's settings cannot be used, in words for the administrator who wrote them.
public struct DirectorySettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The member, by its path in the JSON: `rules[2].team`, `tls.mode`; empty for the whole.
    public let field: String
    /// The refused value as text, cut to 200 characters; empty when there is none to show.
    public let value: String
    /// What is wrong, and what to write instead.
    public let reason: String

    public init(field: String, value: String = "", reason: String) {
        self.field = field
        self.value = value.cut(to: 200)
        self.reason = reason
    }

    public var description: String {
        let place = field.isEmpty ? "the directory's settings" : field
        return value.isEmpty ? "\(place): \(reason)" : "\(place) is \"\(value)\": \(reason)"
    }
}
