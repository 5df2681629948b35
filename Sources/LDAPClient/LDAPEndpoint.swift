/// A server and how to speak to it.
public struct LDAPEndpoint: Hashable, Sendable {
    public enum Security: String, Hashable, Sendable {
        /// TLS from the first byte; the URL's scheme must be `ldaps`.
        case ldaps
        /// RFC 4511, 4.14; the URL's scheme must be `ldap`.
        case startTLS
        /// In clear; the URL's scheme must be `ldap`.
        case none
    }

    public var url: LDAPURL
    public var security: Security
    /// A PEM file of trusted certificates; nil for the system's.
    public var caFile: String?
    /// Seconds for connecting, for the handshake and for each answer; at least 1.
    public var timeout: Int

    public init(url: LDAPURL, security: Security, caFile: String? = nil, timeout: Int = 30) {
        self.url = url
        self.security = security
        self.caFile = caFile
        self.timeout = max(1, timeout)
    }
}
