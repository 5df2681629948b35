public import AccessModel

/// What may be said of a user.
public struct UserFields: Fields {
    public typealias Thing = Account

    public var fullName: String?
    public var email: String??
    public var isActive: Bool?
    public var isSystemAdmin: Bool?
    public var isDecisionReader: Bool?

    public init() {}

    public mutating func code<Coder: FieldCoder<Account>>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("full_name", &fullName, \.fullName)
        try coder.nullable("email", &email, \.email)
        try coder.field("active", &isActive, \.isActive)
        try coder.field("system_admin", &isSystemAdmin, \.isSystemAdmin)
        try coder.field("decision_reader", &isDecisionReader, \.isDecisionReader)
    }
}
