import AccessControl
import AccessModel
import LDAPClient

/// The servers of a directory and who asks them: checked settings, ready to connect.
struct DirectoryAccess: Sendable {
    struct Credentials: Sendable {
        var dn: String
        var password: String
    }

    /// Somebody waits for the answer.
    struct LoginDeadline: Sendable {
        var deadline: ContinuousClock.Instant
        var silentServers: SilentServers

        /// What is left, one at the least.
        var seconds: Int {
            max(1, Int((ContinuousClock.now.duration(to: deadline) + .milliseconds(500)).components.seconds))
        }
    }

    /// In the order of the settings' URLs.
    let endpoints: [LDAPEndpoint]
    /// nil to give each server the time of the settings.
    var loginDeadline: LoginDeadline?
    /// Servers that are asked last, where there is time; nil for none.
    var avoided: SilentServers?
    private let credentials: Credentials?

    init(
        _ settings: DirectorySettings, credentials: Credentials?, resolveFile: (String) throws -> String
    ) throws(DirectoryError) {
        guard !settings.urls.isEmpty else { throw .unusable(setting: "urls", reason: "there is none") }
        guard settings.tls.mode != .none || credentials == nil || settings.tls.allowCleartext else {
            throw .unusable(
                setting: "tls",
                reason: "mode \"none\" would send a password in clear; use \"ldaps\" or \"starttls\", "
                    + "or set \"allow_cleartext\" to true")
        }
        let caFile = try Self.caFile(settings.tls, resolveFile)
        self.credentials = credentials
        endpoints = try settings.urls.map { text throws(DirectoryError) in
            LDAPEndpoint(
                url: try Self.url(text, settings.tls.mode), security: LDAPEndpoint.Security(settings.tls.mode),
                caFile: caFile, timeout: settings.timeout)
        }
    }

    /// A connection to the first server that can be reached, bound if there are credentials.
    func connection() throws(DirectoryError) -> LDAPConnection {
        switch try open(isLogin: false) {
        case .admitted(let connection):
            guard connection.passwordPolicy?.problem != .mustChange else {
                throw .bindRefused(
                    dn: credentials?.dn ?? "", reason: "\(connection.url): \(BindRefusal.words(.mustChange))")
            }
            return connection
        case .refused(let error, let policy, let url): throw refusal(error, policy, by: url)
        }
    }

    /// Whether the first server that can be reached accepts the credentials, and the entry is
    /// still that person's: a name may have been given to somebody else since. Who may not read
    /// their own entry is taken for the one who was read under the name last.
    func admits(_ externalID: String, _ dialect: any DirectoryDialect) throws(DirectoryError) -> PasswordVerdict {
        switch try open(isLogin: true) {
        case .admitted(var connection):
            let policy = connection.passwordPolicy
            // It let the person in for nothing but that.
            if policy?.problem == .mustChange { return .refused(reason: BindRefusal.words(.mustChange)) }
            let own = LDAPSearch(
                base: credentials?.dn ?? "", scope: .base, attributes: [dialect.identity], limits: .login)
            let entry = (try? connection.search(own))?.first
            guard entry.flatMap(dialect.externalID).map({ $0 == externalID }) ?? true else { return .wrong }
            return policy?.graceLogins.map { .expired(graceLogins: $0) } ?? .right
        case .refused(let error, let policy, let url):
            if let reason = BindRefusal.reasonBesidePassword(error, policy) { return .refused(reason: reason) }
            if error.code == .invalidCredentials { return .wrong }
            throw refusal(error, policy, by: url)
        }
    }

    private enum Opening: ~Copyable {
        case admitted(LDAPConnection)
        case refused(LDAPError, LDAPPasswordPolicy?, LDAPURL)
    }

    // Only servers that give no verdict are passed over: a refusal is the directory's answer, and asking the next server
    // too would count a wrong password twice.
    private func open(isLogin: Bool) throws(DirectoryError) -> Opening {
        var failures: [String] = []
        var distrusted: LDAPURL?
        let endpoints = (loginDeadline?.silentServers ?? avoided)?.last(endpoints) ?? endpoints
        for (index, endpoint) in endpoints.enumerated() {
            guard let endpoint = inTime(endpoint, sharedBy: endpoints.count - index) else {
                // It waited for a thread: that says nothing of the directory.
                guard index > 0 else { throw .incomplete(reason: "too many logins at once: no time was left to ask") }
                failures.append("\(endpoint.url): no time was left to ask it")
                continue
            }
            var isAsked = false
            var policy: LDAPPasswordPolicy?
            do {
                var connection = try LDAPConnection.connect(to: endpoint)
                if let credentials {
                    isAsked = isLogin
                    if let loginDeadline { connection.wait(atMost: loginDeadline.seconds) }
                    defer { policy = connection.passwordPolicy }
                    try connection.bind(dn: credentials.dn, password: credentials.password)
                }
                return .admitted(connection)
            } catch {
                switch error.code {
                case .trustUnusable:
                    throw .unusable(setting: "tls.ca_file", reason: error.diagnostic)
                case .parameterError:
                    throw .unusable(setting: "bind.dn", reason: error.diagnostic)
                case .connectError:
                    let failure = TLSFailure(error, endpoint, looksCloser: loginDeadline == nil)
                    if failure.isDistrust { distrusted = distrusted ?? endpoint.url }
                    failures.append("\(endpoint.url): \(failure.words)")
                case _ where error.code.isLocal:
                    loginDeadline?.silentServers.note(endpoint.url)
                    failures.append("\(endpoint.url): \(Self.words(error))")
                    // It has the password, and may be counting it: the next login asks another server.
                    if isAsked {
                        throw .unanswered(
                            reason: failures.joined(separator: "; "), isLastServer: index + 1 == endpoints.count)
                    }
                default:
                    guard !BindRefusal.isVerdict(error.code) else { return .refused(error, policy, endpoint.url) }
                    failures.append("\(endpoint.url): \(BindRefusal.noVerdict(error))")
                }
            }
        }
        let reason = failures.joined(separator: "; ")
        guard let distrusted else { throw .unreachable(reason: reason) }
        throw .tlsRefused(
            url: distrusted.description,
            reason: reason)
    }

    /// A server with its part of the time that is left, in which no other may starve; nil if there is none.
    private func inTime(_ endpoint: LDAPEndpoint, sharedBy servers: Int) -> LDAPEndpoint? {
        guard let loginDeadline else { return endpoint }
        guard ContinuousClock.now < loginDeadline.deadline else { return nil }
        var endpoint = endpoint
        endpoint.timeout = min(endpoint.timeout, max(1, loginDeadline.seconds / servers))
        return endpoint
    }

    private func refusal(_ error: LDAPError, _ policy: LDAPPasswordPolicy?, by url: LDAPURL) -> DirectoryError {
        let words = policy?.problem.map(BindRefusal.words) ?? BindRefusal.words(error)
        return .bindRefused(dn: credentials?.dn ?? "", reason: "\(url): \(words)")
    }

    private static func words(_ error: LDAPError) -> String {
        switch error.code {
        case .serverDown: "no connection: nobody listens there, or no way leads there"
        case .timeout where !error.diagnostic.isEmpty: error.diagnostic
        default: error.description
        }
    }

    private static func caFile(
        _ tls: DirectorySettings.TLS, _ resolveFile: (String) throws -> String
    ) throws(DirectoryError) -> String? {
        guard tls.mode != .none, let file = tls.caFile else { return nil }
        let path: String
        do {
            path = try resolveFile(file)
        } catch {
            throw .unusable(setting: "tls.ca_file", reason: "\(file): \(error)")
        }
        if let objection = CertificateFile.objection(at: path) {
            throw .unusable(setting: "tls.ca_file", reason: "\(file): \(objection)")
        }
        return path
    }

    private static func url(
        _ text: String, _ mode: DirectorySettings.TLS.Mode
    ) throws(DirectoryError) -> LDAPURL {
        guard let url = LDAPURL(text) else {
            throw .unusable(setting: "urls", reason: "\"\(text)\" is not of the form ldaps://HOST or ldap://HOST:PORT")
        }
        guard (url.scheme == .ldaps) == (mode == .ldaps) else {
            throw .unusable(
                setting: "urls",
                reason: "\"\(text)\" does not go with the TLS mode \"\(mode.rawValue)\": "
                    + "ldaps:// goes with \"ldaps\", and ldap:// with \"starttls\" or \"none\"")
        }
        return url
    }
}

extension LDAPEndpoint.Security {
    fileprivate init(_ mode: DirectorySettings.TLS.Mode) {
        switch mode {
        case .ldaps: self = .ldaps
        case .starttls: self = .startTLS
        case .none: self = .none
        }
    }
}
