public import AccessModel

/// Gives the present moment; tests give their own.
public struct WallClock: Sendable {
    private let read: @Sendable () -> Timestamp
    private let readOffset: @Sendable () -> Double

    /// - Parameter offset: how far the machine's clock is ahead of what `read` gives, in seconds.
    public init(_ read: @escaping @Sendable () -> Timestamp, offset: @escaping @Sendable () -> Double = { 0 }) {
        self.read = read
        readOffset = offset
    }

    public var now: Timestamp { read() }

    /// How far the machine's clock is ahead of this one, in seconds: it was set while the process ran.
    public var offset: Double { readOffset() }
}
