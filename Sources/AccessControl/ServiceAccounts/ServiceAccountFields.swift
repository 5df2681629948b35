public import AccessModel

/// What may be said of a service account.
public struct ServiceAccountFields: Fields {
    public typealias Thing = ServiceAccount

    public var description: String?
    public var isActive: Bool?
    public var isDecisionReader: Bool?
    /// `.some(nil)` takes the end away.
    public var expiresAt: Timestamp??

    public init() {}

    public mutating func code<Coder: FieldCoder<ServiceAccount>>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("description", &description, \.description)
        try coder.field("active", &isActive, \.isActive)
        try coder.field("decision_reader", &isDecisionReader, \.isDecisionReader)
        try coder.nullable("expires_at", &expiresAt, \.expiresAt)
    }
}
