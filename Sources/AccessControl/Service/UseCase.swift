public import AccessModel

/// Something that changes facts. Whether the actor may, and whether it is valid, is decided in
/// `perform`, inside the transaction: nobody can change the answer in between.
public protocol Command: Sendable {
    associatedtype Result: Sendable
    func perform(in context: WriteContext) throws(AccessError) -> Result
}

/// Something that reads rows.
public protocol Query: Sendable {
    associatedtype Result: Sendable
    func answer(in context: ReadContext) throws(AccessError) -> Result
}

/// What a command gave, and the revision from which on everybody sees it.
public struct Committed<Value: Sendable>: Sendable {
    public let value: Value
    public let revision: Revision
    /// In a dry run what would have been changed, in order; else nothing, as an import has millions.
    public let changes: [Change]
    /// The graph that they were made from.
    public let base: AccessGraph
}
