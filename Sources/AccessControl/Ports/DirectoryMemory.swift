public import AccessModel

/// What the last good run saw of a directory, to compare with what the next one sees.
public struct DirectoryMemory: Hashable, Sendable {
    /// Of the settings that it was read with: another reading is compared with it only under the same.
    public var settingsRevision: Revision
    public var clock: DirectoryClock
    /// Why removals are held until a person approves them; nil if they are not.
    public var doubt: String?

    public init(settingsRevision: Revision, clock: DirectoryClock, doubt: String?) {
        self.settingsRevision = settingsRevision
        self.clock = clock
        self.doubt = doubt
    }
}
