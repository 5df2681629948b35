/// The name of a user or an organisation, and so a repository namespace: one OCI path
/// component of 1 to 100 characters. Compared bytewise.
public struct AccountName: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    public let rawValue: String

    /// Names that mean something else wherever a name may stand.
    public static let reserved: Set<String> = ["anonymous", "everyone"]

    /// Names that no new account gets, as paths of the API have them for something else: `/v1/users/me`.
    public static let wordsOfPaths: Set<String> = ["me"]

    public init(_ text: some StringProtocol) throws(NameError) {
        let text = String(text)
        guard !text.isEmpty else { throw NameError("account name", text, "it is empty") }
        guard text.utf8.count <= 100 else { throw NameError("account name", text, "it is longer than 100 characters") }
        guard PathComponent.isValid(text) else { throw NameError("account name", text, NameError.grammar) }
        guard !Self.reserved.contains(text) else { throw NameError("account name", text, "it is reserved") }
        rawValue = text
    }

    /// For text that was validated when it was stored.
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
