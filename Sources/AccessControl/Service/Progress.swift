/// To whom long work of this process tells how far it is.
public struct Progress: Sendable {
    /// Bytes done, and bytes in all.
    public var imported: @Sendable (Int, Int) -> Void
    /// Entries of a directory.
    public var read: @Sendable (Int) -> Void

    public init(
        imported: @escaping @Sendable (Int, Int) -> Void = { _, _ in },
        read: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.imported = imported
        self.read = read
    }
}
