import CGnuTLS
import CLDAP
import Glibc

/// The certificates that a server sends in a TLS handshake, and what stands against believing them.
///
/// libldap tells no failed handshake from another, so this makes one of its own, which believes anything. Nothing is sent
/// over it.
public struct ServerCertificates: Hashable, Sendable {
    public struct Certificate: Hashable, Sendable {
        /// Distinguished names (RFC 4514).
        public var subject: String
        public var issuer: String
        /// Seconds since 1970.
        public var validFrom: Int64
        public var validUntil: Int64
        /// DNS names and IP addresses that it is for.
        public var names: [String]

        public var isSelfSigned: Bool { subject == issuer }
    }

    public enum Objection: Hashable, Sendable {
        case notYetValid, expired, unknownIssuer, otherName
        /// In GnuTLS' words.
        case other(String)
    }

    /// In the order of the server: its own first.
    public var chain: [Certificate]
    /// Empty where the certificate is believed.
    public var objections: Set<Objection>

    /// - Throws: where no handshake comes about, whatever the certificate.
    public init(of endpoint: LDAPEndpoint) throws(LDAPError) {
        let host = endpoint.url.host.filter { !"[]".contains($0) }
        guard let plain = LDAPURL("ldap://\(endpoint.url.host):\(endpoint.url.port)") else {
            throw LDAPError("TLS handshake", .parameterError)
        }
        let connection = try LDAPConnection.connect(
            to: LDAPEndpoint(url: plain, security: .none, timeout: endpoint.timeout))
        if endpoint.security == .startTLS { try connection.requestTLS() }
        var session: gnutls_session_t?
        var credentials: gnutls_certificate_credentials_t?
        try Self.check(gnutls_certificate_allocate_credentials(&credentials))
        defer { if let credentials { gnutls_certificate_free_credentials(credentials) } }
        if let file = endpoint.caFile {
            gnutls_certificate_set_x509_trust_file(credentials, file, GNUTLS_X509_FMT_PEM)
        } else {
            gnutls_certificate_set_x509_system_trust(credentials)
        }
        try Self.check(gnutls_init(&session, UInt32(GNUTLS_CLIENT)))
        defer { if let session { gnutls_deinit(session) } }
        guard let session else { throw LDAPError("TLS handshake", .noMemory) }
        try Self.check(gnutls_set_default_priority(session))
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials))
        let socket = connection.socket
        gnutls_transport_set_int2(session, socket, socket)
        try Self.handshake(session, socket, within: .seconds(endpoint.timeout))
        chain = Self.chain(session)
        objections = try Self.objections(session, host)
    }

    /// However slowly the server gives its part.
    private static func handshake(
        _ session: gnutls_session_t, _ socket: Int32, within limit: Duration
    ) throws(LDAPError) {
        let end = ContinuousClock.now + limit
        _ = fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK)
        while true {
            let status = gnutls_handshake(session)
            guard status == GNUTLS_E_AGAIN || status == GNUTLS_E_INTERRUPTED else {
                if status < 0, gnutls_error_is_fatal(status) == 0 { continue }
                return try check(status)
            }
            let (seconds, attoseconds) = ContinuousClock.now.duration(to: end).components
            let left = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
            let events = Int16(gnutls_record_get_direction(session) == 0 ? POLLIN : POLLOUT)
            var wait = pollfd(fd: socket, events: events, revents: 0)
            guard left > 0, poll(&wait, 1, Int32(clamping: left)) > 0 else {
                throw LDAPError(
                    "TLS handshake", .timeout, "the handshake was not over after \(limit.components.seconds) s")
            }
        }
    }

    private static func check(_ status: Int32) throws(LDAPError) {
        guard status < 0 else { return }
        let isLost =
            status == GNUTLS_E_PULL_ERROR || status == GNUTLS_E_PUSH_ERROR || status == GNUTLS_E_PREMATURE_TERMINATION
        if isLost {
            throw LDAPError("TLS handshake", .connectError, "the server ended the connection in the handshake")
        }
        throw LDAPError("TLS handshake", .connectError, gnutls_strerror(status).map { String(cString: $0) } ?? "")
    }

    private static func objections(
        _ session: gnutls_session_t, _ host: String
    ) throws(LDAPError) -> Set<Objection> {
        var bits: UInt32 = 0
        try check(gnutls_certificate_verify_peers3(session, host, &bits))
        let meanings: [(gnutls_certificate_status_t, Objection)] = [
            (GNUTLS_CERT_NOT_ACTIVATED, .notYetValid), (GNUTLS_CERT_EXPIRED, .expired),
            (GNUTLS_CERT_SIGNER_NOT_FOUND, .unknownIssuer), (GNUTLS_CERT_UNEXPECTED_OWNER, .otherName),
        ]
        let found = Set(meanings.filter { bits & $0.0.rawValue != 0 }.map(\.1))
        guard found.isEmpty, bits != 0 else { return found }
        var text = gnutls_datum_t()
        guard
            gnutls_certificate_verification_status_print(
                bits, GNUTLS_CRT_X509, &text, 0) == 0
        else { return [.other("it does not verify")] }
        defer { cgnutls_free(text.data) }
        return [.other(String(decoding: UnsafeBufferPointer(start: text.data, count: Int(text.size)), as: UTF8.self))]
    }

    private static func chain(_ session: gnutls_session_t) -> [Certificate] {
        var count: UInt32 = 0
        guard let list = gnutls_certificate_get_peers(session, &count) else { return [] }
        return (0..<Int(count)).compactMap { place in
            var certificate: gnutls_x509_crt_t?
            guard gnutls_x509_crt_init(&certificate) == 0, let certificate else { return nil }
            defer { gnutls_x509_crt_deinit(certificate) }
            guard gnutls_x509_crt_import(certificate, list + place, GNUTLS_X509_FMT_DER) == 0 else { return nil }
            return Certificate(
                subject: name { gnutls_x509_crt_get_dn(certificate, $0, $1) },
                issuer: name { gnutls_x509_crt_get_issuer_dn(certificate, $0, $1) },
                validFrom: Int64(gnutls_x509_crt_get_activation_time(certificate)),
                validUntil: Int64(gnutls_x509_crt_get_expiration_time(certificate)), names: names(of: certificate))
        }
    }

    private static func name(_ read: (UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<Int>) -> Int32) -> String {
        var size = 4_096
        var buffer = [CChar](repeating: 0, count: size)
        guard read(&buffer, &size) == 0 else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func names(of certificate: gnutls_x509_crt_t) -> [String] {
        var names: [String] = []
        for place in 0..<UInt32(100) {
            var size = 1_024
            var buffer = [UInt8](repeating: 0, count: size)
            let kind = gnutls_x509_crt_get_subject_alt_name(certificate, place, &buffer, &size, nil)
            if kind == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE { break }
            let value = buffer.prefix(max(0, min(size, buffer.count)))
            switch kind {
            case Int32(GNUTLS_SAN_DNSNAME.rawValue): names.append(String(decoding: value, as: UTF8.self))
            case Int32(GNUTLS_SAN_IPADDRESS.rawValue): names.append(address(value))
            default: break
            }
        }
        return names
    }

    private static func address(_ bytes: ArraySlice<UInt8>) -> String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard [4, 16].contains(bytes.count), inet_ntop(family, Array(bytes), &text, socklen_t(text.count)) != nil else {
            return "an address that cannot be read"
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension LDAPConnection {
    fileprivate var socket: Int32 {
        var descriptor: Int32 = -1
        ldap_get_option(handle, LDAP_OPT_DESC, &descriptor)
        return descriptor
    }

    /// Asks for TLS (RFC 4511, 4.14.1), and leaves the handshake to the caller.
    fileprivate func requestTLS() throws(LDAPError) {
        let code = ldap_extended_operation_s(handle, LDAP_EXOP_START_TLS, nil, nil, nil, nil, nil)
        guard code == LDAP_SUCCESS else { throw LDAPError("start TLS", LDAPResultCode(rawValue: code)) }
    }
}
