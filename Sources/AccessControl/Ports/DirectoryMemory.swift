public import AccessModel

/// How far a directory was when it was read last, to compare with how far it is the next time.
public struct DirectoryMemory: Hashable, Sendable {
    /// The furthest it was, as far as nobody says otherwise.
    public var clock: DirectoryClock
    /// Why all waits until a person approves it; nil if nothing does.
    public var doubt: String?
    /// What the reading in doubt showed: the clock, once it is approved.
    public var doubted: DirectoryClock?

    public init(clock: DirectoryClock, doubt: String? = nil, doubted: DirectoryClock? = nil) {
        self.clock = clock
        self.doubt = doubt
        self.doubted = doubted
    }
}
