import AccessControl
import AccessModel
import Glibc
import LDAPClient

// Reaching the servers, and being let in.
extension DirectoryCheckup {
    /// Tries every server, as any of them may be the one that is left. One that fails is a warning
    /// while another one works.
    /// - Returns: the connection to the first one that can be reached.
    mutating func connect(_ endpoints: [LDAPEndpoint]) -> LDAPConnection? {
        var first: LDAPConnection?
        var isReached = false
        var failures: [LDAPError?] = []
        var times: [Duration] = []
        for endpoint in endpoints {
            let start = ContinuousClock.now
            do throws(LDAPError) {
                let connection = try LDAPConnection.connect(to: endpoint)
                if !isReached {
                    first = consume connection
                    isReached = true
                }
                failures.append(nil)
            } catch {
                failures.append(error)
            }
            times.append(start.duration(to: .now))
        }
        for (place, endpoint) in endpoints.enumerated() {
            let step = "connect \(settings.urls[place])"
            let time = Self.words(times[place])
            guard let error = failures[place] else {
                report(step, .passed, saw: "connected in \(time), \(Self.trust(endpoint))")
                continue
            }
            let failure = ConnectFailure(error, endpoint, after: times[place])
            report(
                step, isReached ? .warning : .failed, saw: "\(failure.saw) (after \(time))", advice: failure.advice)
        }
        if !isReached { obstacle = "no server can be used" }
        return first
    }

    private static func trust(_ endpoint: LDAPEndpoint) -> String {
        switch endpoint.security {
        case .ldaps, .startTLS: "with a certificate that is trusted and names \(endpoint.url.host)"
        case .none: "without TLS"
        }
    }

    static func words(_ time: Duration) -> String {
        let (seconds, attoseconds) = time.components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        return seconds == 0 ? "\(milliseconds) ms" : "\(seconds).\(milliseconds / 100) s"
    }

    // MARK: - Bind

    mutating func bind(_ connection: inout LDAPConnection) {
        guard let bind = settings.bind else {
            guard settings.preset == .activeDirectory else {
                return report("bind", .passed, saw: "none: the directory is read anonymously, as \"bind\" is not set")
            }
            return report(
                "bind", .warning, saw: "none: the directory is read anonymously, as \"bind\" is not set",
                advice: "Active Directory shows nothing to strangers: make an ordinary account and set \"bind\"")
        }
        guard let password, !password.isEmpty else {
            obstacle = "there is no password to bind with"
            return report(
                "bind", .failed, saw: "there is no password for \(bind.dn)",
                advice: "set \"bind.password_file\" or \"bind.password\", or leave \"bind\" out to read anonymously")
        }
        let renewal =
            "unlock the account or set a new password that does not expire, and put the directory again with it"
        do throws(LDAPError) {
            try connection.bind(dn: bind.dn, password: password)
        } catch {
            obstacle = "the bind failed"
            let problem = connection.passwordPolicy?.problem
            return report(
                "bind", .failed,
                saw: "\(bind.dn) is refused: \(problem.map(BindRefusal.words) ?? BindRefusal.words(error))",
                advice: problem == nil ? BindRefusal.advice(error) : renewal)
        }
        if let problem = connection.passwordPolicy?.problem {
            obstacle = "the bind failed"
            report("bind", .failed, saw: "\(bind.dn) may do nothing: \(BindRefusal.words(problem))", advice: renewal)
        } else if let graceLogins = connection.passwordPolicy?.graceLogins {
            report(
                "bind", .warning,
                saw: "accepted as \(bind.dn), whose password has expired and is accepted \(graceLogins) times more",
                advice: renewal)
        } else {
            report("bind", .passed, saw: "accepted as \(bind.dn)")
        }
    }

    // MARK: - Server

    mutating func inspect(_ connection: inout LDAPConnection) throws(LDAPError) {
        let root = try connection.search(
            LDAPSearch(base: "", scope: .base, attributes: ServerDescription.attributes)
        ).first
        guard let root else {
            return report(
                "server", .warning, saw: "the server does not show what it is (its root DSE)",
                advice: "let the bind account read the entry with the empty name; changes cannot be followed without it"
            )
        }
        let server = ServerDescription(root)
        namingContexts = server.namingContexts
        let contexts = Self.listed(server.namingContexts, atMost: 5)
        let saw = "\(server.name), which holds \(contexts.isEmpty ? "no naming context that it shows" : contexts)"
        if let preset = server.preset, preset != settings.preset, settings.preset != .custom {
            return report(
                "server", .warning, saw: "\(saw); the preset is for another kind, \(settings.preset.rawValue)",
                advice:
                    "set \"preset\" to \"\(preset.rawValue)\", so that identities and inactive people are understood")
        }
        guard server.hasPages else {
            return report(
                "server", .warning, saw: "\(saw); it gives no pages (control \(ServerDescription.pages))",
                advice: "large answers may be cut by a size limit: give the bind account a high one")
        }
        guard server.preset != nil || settings.preset == .custom else {
            return report(
                "server", .warning, saw: "\(saw); it is none of Active Directory, OpenLDAP and FreeIPA",
                advice:
                    "name its attributes and filters with the preset \"custom\", and look closely at the steps below")
        }
        report("server", .passed, saw: "\(saw); it gives pages")
    }
}

/// Why a server cannot be connected to, as far as libldap tells, and what to do about it.
struct ConnectFailure {
    let saw: String
    let advice: String

    init(_ error: LDAPError, _ endpoint: LDAPEndpoint, after time: Duration) {
        let (host, port) = (endpoint.url.host, endpoint.url.port)
        switch error.code {
        case .trustUnusable:
            saw = "the trusted certificates cannot be loaded: \(error.diagnostic)"
            advice =
                "let \"tls.ca_file\" name a PEM file with the certificate of the authority, readable to the service"
        case .connectError:
            let failure = TLSFailure(error, endpoint, looksCloser: true)
            let chain = failure.chain.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "; ")
            saw = "it answers, and \(failure.words)" + (chain.isEmpty ? "" : "; it sent \(chain)")
            advice = failure.advice
        case .timeout,
            .serverDown where time >= .seconds(endpoint.timeout):
            saw = "no answer from \(host) at port \(port)"
            advice =
                "look for a firewall on the way, and whether the server is up; \"timeout\" is \(endpoint.timeout) s"
        case .serverDown where !Self.isKnown(host):
            saw = "the name \(host) has no address"
            advice = "check the spelling of the URL, and that the machine of this service asks your domain's DNS"
        case .serverDown where Self.listens(host, port):
            saw = "it answers at port \(port) of \(host), and ends the connection"
            advice = "check that port and \"tls\" go together: 636 and 3269 take ldaps://, 389 and 3268 take ldap://"
        case .serverDown:
            saw = "the connection is refused: nobody listens at port \(port) of \(host), or no way leads there"
            advice = "check host and port of the URL (ldap:// has 389, ldaps:// 636), and whether the server is up"
        default:
            saw = error.description
            advice = "check the URL and \"tls\""
        }
    }

    /// Whether the resolver knows an address for a host.
    private static func isKnown(_ host: String) -> Bool {
        withAddresses(of: host, port: nil) { $0 != nil }
    }

    /// Whether a TCP connection comes about at one of a host's addresses. To be asked only where a
    /// connection has failed at once: nothing here limits the time.
    private static func listens(_ host: String, _ port: Int) -> Bool {
        withAddresses(of: host, port: port) { first in
            sequence(first: first, next: { $0?.pointee.ai_next }).contains { address in
                guard let address = address?.pointee else { return false }
                let socket = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
                guard socket >= 0 else { return false }
                defer { close(socket) }
                return Glibc.connect(socket, address.ai_addr, address.ai_addrlen) == 0
            }
        }
    }

    private static func withAddresses<Value>(
        of host: String, port: Int?, _ body: (UnsafeMutablePointer<addrinfo>?) -> Value
    ) -> Value {
        var found: UnsafeMutablePointer<addrinfo>?
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        defer { if let found { freeaddrinfo(found) } }
        let name = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        _ = getaddrinfo(name, port.map { String($0) }, &hints, &found)
        return body(found)
    }
}
