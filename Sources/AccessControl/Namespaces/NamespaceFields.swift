public import AccessModel

/// What may be said of how repositories of a namespace begin.
public struct NamespaceFields: Fields {
    public typealias Thing = Account

    public var createsRepositoriesOnPush: Bool?
    public var visibility: Repository.Visibility?
    /// In place of those that there are.
    public var grants: [DefaultGrantView]?

    public init() {}

    /// What a namespace has that nobody changed.
    static let beginning: NamespaceFields = {
        var fields = NamespaceFields()
        (fields.createsRepositoriesOnPush, fields.visibility, fields.grants) = (false, .private, [])
        return fields
    }()

    public mutating func code<Coder: FieldCoder<Account>>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("create_on_push", &createsRepositoriesOnPush, \.createsRepositoriesOnPush)
        try coder.field("default_visibility", &visibility, \.repositoryDefaults.visibility)
        try coder.named("default_grants", &grants)
    }
}
