import StrictJSON

/// Why a text is not a name, in words for the person who typed it.
public struct NameError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the text should have been: "account name", "repository name", …
    public let kind: String
    /// The refused text, cut to 120 characters.
    public let value: String
    public let reason: String

    public init(_ kind: String, _ value: some StringProtocol, _ reason: String) {
        self.kind = kind
        self.value = value.cut(to: 120)
        self.reason = reason
    }

    public var description: String { "\"\(value)\" is not a valid \(kind): \(reason)" }

    static let grammar =
        "use lower-case letters and digits, with single '.', '_', '__' or dashes between them, as in registry-ops.eu"
}
