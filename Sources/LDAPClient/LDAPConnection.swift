import CLDAP
import Glibc

/// One connection to one server. It belongs to the thread that made it and is closed when it
/// goes out of scope; every method waits for the server. Referrals are never followed.
///
/// After an error that is not a server's answer (lost, timed out, undecodable) the connection is
/// of no more use, and every method throws that error again.
public struct LDAPConnection: ~Copyable {
    /// The server it is connected to.
    public let url: LDAPURL
    let handle: OpaquePointer
    private(set) var timeout: Int
    private let guardian: UnsafeMutablePointer<cldap_guard>
    private var failure: LDAPError?
    /// What the server said of the password of the last bind; nil if nothing.
    public private(set) var passwordPolicy: LDAPPasswordPolicy?
    private var cancellation: LDAPCancellation?

    /// The error after which the connection is of no more use; nil while it is.
    public var brokenBy: LDAPError? { failure }

    private init(url: LDAPURL, handle: OpaquePointer, guardian: UnsafeMutablePointer<cldap_guard>, timeout: Int) {
        self.url = url
        self.handle = handle
        self.guardian = guardian
        self.timeout = timeout
    }

    deinit {
        cancellation?.forget()
        ldap_unbind_ext(handle, nil, nil)
        free(guardian)
    }

    /// Connects and, unless `security` is `.none`, completes a TLS handshake in which the
    /// server's certificate is always verified, name included. Not bound yet: anonymous.
    /// - Throws: `.serverDown` or `.timeout` if there is no server; `.connectError` if TLS cannot be
    ///   started or trusted; `.trustUnusable` if the CA file cannot be loaded; `.parameterError` if
    ///   scheme and security contradict each other.
    public static func connect(to endpoint: LDAPEndpoint) throws(LDAPError) -> LDAPConnection {
        guard (endpoint.url.scheme == .ldaps) == (endpoint.security == .ldaps) else {
            let contradiction = "\(endpoint.url) cannot be used with \(endpoint.security.rawValue)"
            throw LDAPError("connect", .parameterError, contradiction)
        }
        Self.prepareLibrary
        var handle: OpaquePointer?
        let code = ldap_initialize(&handle, endpoint.url.description)
        guard code == LDAP_SUCCESS, let handle else { throw LDAPError("connect", LDAPResultCode(rawValue: code)) }
        guard let guardian = cldap_guard_install(handle, Int32(clamping: endpoint.timeout)) else {
            ldap_unbind_ext(handle, nil, nil)
            throw LDAPError("connect", .noMemory)
        }
        var connection = LDAPConnection(
            url: endpoint.url, handle: handle, guardian: guardian, timeout: endpoint.timeout)
        try connection.configure()
        if endpoint.security != .none { try connection.configureTLS(endpoint) }
        try connection.open(endpoint)
        return connection
    }

    /// A simple bind (RFC 4513, 5.1.3), after which `passwordPolicy` tells what the server said beside its verdict,
    /// also where it refuses. An empty name or password is refused here: a server takes
    /// them for a wish to be anonymous and agrees (5.1.2).
    public mutating func bind(dn: String, password: String) throws(LDAPError) {
        try check("bind", [dn])
        guard !dn.isEmpty, !password.isEmpty else {
            throw LDAPError("bind", .parameterError, "a simple bind needs a name and a password")
        }
        var bytes = password.utf8.map(CChar.init(bitPattern:))
        var id: Int32 = 0
        let code = bytes.withUnsafeMutableBufferPointer { buffer in
            var value = berval(bv_len: ber_len_t(buffer.count), bv_val: buffer.baseAddress)
            return cldap_simple_bind(handle, dn, &value, &id)
        }
        guard code == LDAP_SUCCESS else { throw localError("bind", code) }
        let message = try receive(id, "bind")
        defer { ldap_msgfree(message) }
        try require(message, [LDAP_RES_BIND], "bind")
        let answer = try parse(message, "bind")
        passwordPolicy = LDAPPasswordPolicy(answer)
        guard answer.code == .success else { throw LDAPError("bind", answer.code, answer.diagnostic) }
    }

    /// Breaks the connection off when the work that uses it is cancelled, also while it waits for the server.
    public mutating func end(with cancellation: LDAPCancellation) {
        self.cancellation = cancellation
        cancellation.watch(intOption(LDAP_OPT_DESC))
    }

    /// Whether it has failed, and gives no answer any more.
    public var isBroken: Bool { failure != nil }

    /// Waits so many seconds for the server from now on.
    public mutating func wait(atMost seconds: Int) {
        timeout = max(1, seconds)
        guardian.pointee.limit_milliseconds = Int32(clamping: timeout * 1_000)
    }

    // MARK: - For the other operations

    /// Counts what is read from now on against a budget.
    func begin(_ limits: LDAPLimits) {
        cldap_guard_begin(guardian, Int64(limits.bytes), Int64(limits.seconds) * 1_000)
    }

    /// Begins one answer of the operation.
    func beginAnswer(_ limits: LDAPLimits) { guardian.pointee.bytes_left = Int64(limits.bytes) }

    func endLimits() { cldap_guard_begin(guardian, -1, -1) }

    /// Throws if the connection has failed before, or if one of the arguments cannot be a C string.
    func check(_ operation: String, _ arguments: [String]) throws(LDAPError) {
        if let failure { throw failure }
        guard !arguments.contains(where: { $0.utf8.contains(0) }) else {
            throw LDAPError(operation, .parameterError, "an argument contains a NUL character")
        }
    }

    /// The next message of an operation, to be freed by the caller.
    mutating func receive(_ id: Int32, _ operation: String) throws(LDAPError) -> OpaquePointer {
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        var message: OpaquePointer?
        guardian.pointee.watch.awaited = id
        defer { guardian.pointee.watch.awaited = 0 }
        let kind = ldap_result(handle, id, LDAP_MSG_ONE, &limit, &message)
        if kind > 0, let message { return message }
        if kind == 0 {
            abandon(id)
            throw silence(operation)
        }
        throw localError(operation, intOption(LDAP_OPT_RESULT_CODE))
    }

    /// Gives an operation up, which may be answered all the same.
    func abandon(_ id: Int32) {
        ldap_abandon_ext(handle, id, nil, nil)
        guardian.pointee.watch.abandoned = id
    }

    /// Refuses an answer of a kind that the operation does not have (RFC 4511, 4.2.2, 4.5.2).
    mutating func require(
        _ message: OpaquePointer, _ kinds: [ber_tag_t], _ operation: String
    ) throws(LDAPError) {
        guard !kinds.contains(ber_tag_t(ldap_msgtype(message))) else { return }
        throw fail(LDAPError(operation, .decodingError, "the server gives the answer of another operation"))
    }

    /// The error for a code that libldap itself gave back.
    mutating func localError(_ operation: String, _ code: Int32) -> LDAPError {
        if guardian.pointee.watch.is_foreign != 0 {
            return fail(LDAPError(operation, .decodingError, "the server answers what it was not asked"))
        }
        if guardian.pointee.exhausted != 0 {
            return fail(
                LDAPError(operation, .timeout, "the answer is larger, or takes longer, than any that is expected"))
        }
        if guardian.pointee.timed_out != 0 { return silence(operation) }
        let code = code == LDAP_SUCCESS ? LDAP_SERVER_DOWN : code
        return fail(LDAPError(operation, LDAPResultCode(rawValue: code), stringOption(LDAP_OPT_DIAGNOSTIC_MESSAGE)))
    }

    private mutating func silence(_ operation: String) -> LDAPError {
        fail(LDAPError(operation, .timeout, "no answer for \(timeout) s"))
    }

    /// Notes an error after which the connection must not be used.
    mutating func fail(_ error: LDAPError) -> LDAPError {
        let isArgument = error.code == .filterError || error.code == .parameterError
        if error.code.isLocal, !isArgument, failure == nil { failure = error }
        return error
    }

    // MARK: - Setting up

    // The library reads its configuration files at the first call, which must not be made by two
    // threads at once.
    private static let prepareLibrary: Void = {
        var version: Int32 = 0
        ldap_get_option(nil, LDAP_OPT_PROTOCOL_VERSION, &version)
    }()

    private mutating func configure() throws(LDAPError) {
        try set(LDAP_OPT_PROTOCOL_VERSION, LDAP_VERSION3)
        try set(LDAP_OPT_DEREF, LDAP_DEREF_NEVER)
        try accept("connect", cldap_set_flag(handle, LDAP_OPT_REFERRALS, 0))
        try accept("connect", cldap_set_flag(handle, LDAP_OPT_RESTART, 1))
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        try accept("connect", ldap_set_option(handle, LDAP_OPT_NETWORK_TIMEOUT, &limit))
        try accept("connect", ldap_set_option(handle, LDAP_OPT_TIMEOUT, &limit))
    }

    private mutating func configureTLS(_ endpoint: LDAPEndpoint) throws(LDAPError) {
        let file = endpoint.caFile ?? SystemTrust.file
        if let file {
            try check("read the CA file", [file])
            try accept("connect", ldap_set_option(handle, LDAP_OPT_X_TLS_CACERTDIR, nil))
            try accept("connect", ldap_set_option(handle, LDAP_OPT_X_TLS_CACERTFILE, file))
        }
        try set(LDAP_OPT_X_TLS_REQUIRE_CERT, LDAP_OPT_X_TLS_DEMAND)
        try set(LDAP_OPT_X_TLS_PROTOCOL_MIN, 0x303)  // TLS 1.2; the macro for it computes
        var isServer: Int32 = 0
        guard ldap_set_option(handle, LDAP_OPT_X_TLS_NEWCTX, &isServer) == LDAP_OPT_SUCCESS else {
            let name = file ?? "the system's list of trusted certificates"
            throw LDAPError(
                "read the CA file", .trustUnusable,
                "\(name) cannot be used: a certificate in it is damaged, or it cannot be read")
        }
    }

    private mutating func open(_ endpoint: LDAPEndpoint) throws(LDAPError) {
        // A server that gives a byte of its handshake now and then is not waited for any longer than a silent one.
        cldap_guard_begin(guardian, -1, Int64(timeout) * 1_000)
        defer { endLimits() }
        let code = ldap_connect(handle)
        if code != LDAP_SUCCESS {
            let error = localError("connect", code)
            // libldap has one code for no connection and for a failed handshake, and a text for the latter only.
            guard endpoint.security == .ldaps, error.code == .serverDown, !error.diagnostic.isEmpty else { throw error }
            throw LDAPError("TLS handshake", .connectError, error.diagnostic)
        }
        guard endpoint.security == .startTLS else { return }
        let started = ldap_start_tls_s(handle, nil, nil)
        guard started == LDAP_SUCCESS else {
            let error = localError("start TLS", started)
            throw error.code == .serverDown || error.code == .timeout
                ? error : LDAPError("start TLS", .connectError, error.description)
        }
    }

    private mutating func set(_ option: Int32, _ value: Int32) throws(LDAPError) {
        var value = value
        try accept("connect", ldap_set_option(handle, option, &value))
    }

    private mutating func accept(_ operation: String, _ status: Int32) throws(LDAPError) {
        guard status == LDAP_OPT_SUCCESS else {
            throw LDAPError(operation, .parameterError, "libldap refuses a connection option")
        }
    }

    private func intOption(_ option: Int32) -> Int32 {
        var value: Int32 = 0
        ldap_get_option(handle, option, &value)
        return value
    }

    private func stringOption(_ option: Int32) -> String {
        var text: UnsafeMutablePointer<CChar>?
        ldap_get_option(handle, option, &text)
        guard let text else { return "" }
        defer { ldap_memfree(text) }
        return String(cString: text)
    }
}
