/// Why a text is not a schedule, in words for the administrator who wrote it.
public struct SyncScheduleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, and what to write instead: "minute 61: should be from 0 to 59".
    public let reason: String

    public var description: String { reason }

    /// - Parameters:
    ///   - field: what the text should have been; empty when that cannot be told.
    ///   - text: what was written there; cut to 60 characters.
    init(_ field: String = "", _ text: some StringProtocol, _ remedy: String) {
        let place = [field, String(text.prefix(60))].filter { !$0.isEmpty }.joined(separator: " ")
        reason = place + ": " + remedy
    }
}
