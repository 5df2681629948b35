public import AccessModel

/// What may be said of an organisation.
public struct OrganizationFields: Fields {
    public typealias Thing = Account

    public var fullName: String?

    public init() {}

    public mutating func code<Coder: FieldCoder<Account>>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("full_name", &fullName, \.fullName)
    }
}
