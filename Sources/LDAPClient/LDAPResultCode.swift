import CLDAP

/// A result code of a server (RFC 4511, 4.1.9), or a negative one of libldap.
public struct LDAPResultCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32

    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// libldap's words for the code.
    public var text: String {
        guard let text = ldap_err2string(rawValue) else { return "error" }
        return String(cString: text)
    }

    /// Whether the answer came from libldap and not from a server.
    public var isLocal: Bool { rawValue < 0 }

    public static let success = Self(rawValue: LDAP_SUCCESS)
    public static let sizeLimitExceeded = Self(rawValue: LDAP_SIZELIMIT_EXCEEDED)
    public static let timeLimitExceeded = Self(rawValue: LDAP_TIMELIMIT_EXCEEDED)
    public static let strongerAuthenticationRequired = Self(rawValue: LDAP_STRONG_AUTH_REQUIRED)
    public static let authMethodNotSupported = Self(rawValue: LDAP_AUTH_METHOD_NOT_SUPPORTED)
    public static let constraintViolation = Self(rawValue: LDAP_CONSTRAINT_VIOLATION)
    public static let referral = Self(rawValue: LDAP_REFERRAL)
    public static let adminLimitExceeded = Self(rawValue: LDAP_ADMINLIMIT_EXCEEDED)
    public static let confidentialityRequired = Self(rawValue: LDAP_CONFIDENTIALITY_REQUIRED)
    public static let unavailableCriticalExtension = Self(rawValue: LDAP_UNAVAILABLE_CRITICAL_EXTENSION)
    /// RFC 4533, 2.6: the cookie is too old to go on from.
    public static let syncRefreshRequired = Self(rawValue: LDAP_SYNC_REFRESH_REQUIRED)
    public static let noSuchObject = Self(rawValue: LDAP_NO_SUCH_OBJECT)
    public static let invalidDNSyntax = Self(rawValue: LDAP_INVALID_DN_SYNTAX)
    public static let inappropriateAuthentication = Self(rawValue: LDAP_INAPPROPRIATE_AUTH)
    public static let invalidCredentials = Self(rawValue: LDAP_INVALID_CREDENTIALS)
    public static let insufficientAccess = Self(rawValue: LDAP_INSUFFICIENT_ACCESS)
    /// Anything else; here also an answer that contradicts an earlier one.
    public static let other = Self(rawValue: LDAP_OTHER)
    public static let busy = Self(rawValue: LDAP_BUSY)
    public static let unavailable = Self(rawValue: LDAP_UNAVAILABLE)
    public static let unwillingToPerform = Self(rawValue: LDAP_UNWILLING_TO_PERFORM)

    /// No connection, or it was lost.
    public static let serverDown = Self(rawValue: LDAP_SERVER_DOWN)
    /// An answer that cannot be decoded, or one against the protocol.
    public static let decodingError = Self(rawValue: LDAP_DECODING_ERROR)
    /// No answer in time.
    public static let timeout = Self(rawValue: LDAP_TIMEOUT)
    /// A filter that does not parse (RFC 4515).
    public static let filterError = Self(rawValue: LDAP_FILTER_ERROR)
    public static let cancelled = Self(rawValue: LDAP_USER_CANCELLED)
    /// An argument that cannot be sent.
    public static let parameterError = Self(rawValue: LDAP_PARAM_ERROR)
    public static let noMemory = Self(rawValue: LDAP_NO_MEMORY)
    /// The TLS handshake failed, or the certificate does not verify.
    public static let connectError = Self(rawValue: LDAP_CONNECT_ERROR)
    /// The trusted certificates cannot be loaded. Not a code of libldap, which has none for it.
    public static let trustUnusable = Self(rawValue: -1001)
}
