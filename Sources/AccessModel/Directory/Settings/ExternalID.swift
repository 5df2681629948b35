/// An objectGUID, entryUUID or ipaUniqueID in the form that snapshots use: dashed, lower case.
public struct ExternalID: Hashable, Sendable {
    public let text: String

    /// Accepts upper case and the braces that Windows tools write around a GUID; nil for a text of another form.
    public init?(_ text: String) {
        var lower = Substring(text.lowercasedASCII)
        if lower.hasPrefix("{"), lower.hasSuffix("}") { lower = lower.dropFirst().dropLast() }
        let parts = lower.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12],
            parts.allSatisfy({ $0.utf8.allSatisfy { $0.hexValue != nil } })
        else { return nil }
        self.text = String(lower)
    }
}
