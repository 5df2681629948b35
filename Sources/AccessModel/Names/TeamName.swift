/// The name of a team, unique in its organisation, or of a service account, unique under its
/// owner: the grammar and length of an account name.
public struct TeamName: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    public let rawValue: String

    public init(_ text: some StringProtocol, kind: String = "name of a team or service account") throws(NameError) {
        let text = String(text)
        guard !text.isEmpty else { throw NameError(kind, text, "it is empty") }
        guard text.utf8.count <= 100 else { throw NameError(kind, text, "it is longer than 100 characters") }
        guard PathComponent.isValid(text) else { throw NameError(kind, text, NameError.grammar) }
        rawValue = text
    }

    package init(trusted text: String) { rawValue = text }

    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    public var description: String { rawValue }

    // Names are ASCII, for which Swift's order is that of the bytes.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
