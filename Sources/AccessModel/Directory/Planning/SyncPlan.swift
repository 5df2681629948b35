/// What has to change so that accounts and memberships are what the directory says. The same
/// reading and the same state give the same plan, byte for byte.
public struct SyncPlan: Hashable, Sendable, Codable {
    /// The name of the directory.
    public var directory: String
    /// In an order in which they can be applied one by one.
    public var changes: [SyncChange]
    /// In order of kind, subject and text.
    public var notes: [SyncNote]

    /// Goes up whenever the same reading, settings and state may be resolved or planned otherwise than before:
    /// a new version then plans anew what an older one had settled.
    public static let rules = 2

    public init(directory: String, changes: [SyncChange], notes: [SyncNote]) {
        self.directory = directory
        self.changes = changes
        self.notes = notes
    }

    public var isEmpty: Bool { changes.isEmpty }

    /// The text to take a digest of, that names this plan: the directory, then a line for each
    /// change. Notes change nothing and are left out.
    public var canonicalText: String {
        ([directory.canonicallyEscaped] + changes.map(\.canonicalText)).joined(separator: "\n")
    }
}
