public import AccessModel

/// What may be said of a team.
public struct TeamFields: Fields {
    public typealias Thing = Team

    public var description: String?
    /// `.some(nil)` takes the team out from below its parent.
    public var parent: TeamName??

    public init() {}

    public mutating func code<Coder: FieldCoder<Team>>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("description", &description, \.description)
        try coder.nullableNamed("parent", &parent)
    }
}
