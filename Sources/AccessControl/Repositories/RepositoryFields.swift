public import AccessModel

/// What may be said of a repository.
public struct RepositoryFields: Fields {
    public typealias Thing = Repository

    public var visibility: Repository.Visibility?
    public var description: String?

    public init() {}

    public mutating func code<Coder: FieldCoder<Repository>>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("visibility", &visibility, \.visibility)
        try coder.field("description", &description, \.description)
    }
}
