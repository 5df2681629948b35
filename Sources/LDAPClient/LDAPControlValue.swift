/// A control of a request or an answer (RFC 4511, 4.1.11).
public struct LDAPControlValue: Hashable, Sendable {
    public var oid: String
    /// Whether a server that does not know it must refuse the request.
    public var isCritical: Bool
    public var value: [UInt8]?

    public init(_ oid: String, isCritical: Bool = true, value: [UInt8]? = nil) {
        self.oid = oid
        self.isCritical = isCritical
        self.value = value
    }

    /// Active Directory: deleted objects are found too (MS-ADTS 3.1.1.3.4.1.14).
    public static let showDeleted = Self("1.2.840.113556.1.4.417")
}

/// What a server sends before the result of a search.
enum LDAPEvent {
    case entry(LDAPEntry, [LDAPControlValue])
    case references([String])
    case intermediate(oid: String, value: [UInt8])
}
