import CLibPQ
import Glibc
import Synchronization

/// The servers of a database, in the order in which they are tried: after a failure the next one comes first, as the
/// one that failed may still say that it takes writes.
final class Servers: Sendable {
    private let common: [(keyword: String, value: String)]
    private let hosts: [(host: String, port: String)]
    private let first = Mutex(0)

    private static let limit = Duration.seconds(2)
    private static let oldestVersion = 140_000

    /// - Parameters:
    ///   - url: a connection URI of libpq.
    ///   - password: of the role; nil where the server asks for none.
    /// - Throws: `ServerFailure` with what is wrong with the URL.
    init(url: String, password: String?, allowsCleartext: Bool) throws(ServerFailure) {
        var given = try Self.parameters(of: url)
        // libpq would connect to that, whatever the host is called.
        for keyword in ["hostaddr", "service"] where given[keyword] != nil {
            throw .unusable("name the servers as hosts of the URL, without \(keyword)")
        }
        guard given["password"] == nil else {
            throw .unusable("a password in the URL is seen by everybody on the machine: put it into a file")
        }
        let names = (given.removeValue(forKey: "host") ?? "").split(separator: ",", omittingEmptySubsequences: false)
        let ports = (given.removeValue(forKey: "port") ?? "").split(separator: ",", omittingEmptySubsequences: false)
        hosts = names.enumerated().map { place, name in
            (String(name), ports.isEmpty ? "" : String(ports[min(place, ports.count - 1)]))
        }
        if hosts.allSatisfy({ $0.host.isEmpty }),
            let variable = ["PGHOST", "PGHOSTADDR", "PGSERVICE"].first(where: { (name: String) in getenv(name) != nil })
        {
            throw .unusable("name a host in the URL: the environment has \(variable), which would take its place")
        }
        let isVerified = given["sslmode"] == "verify-full"
        guard isVerified || allowsCleartext || hosts.allSatisfy({ Self.isLocal($0.host) }) else {
            throw .unusable("over a network the server's certificate must be checked: add sslmode=verify-full")
        }
        given["password"] = password
        given["client_encoding"] = "UTF8"
        given["target_session_attrs"] = "read-write"
        given["application_name"] = given["application_name"] ?? "portreeve"
        for (keyword, value) in [
            ("keepalives_idle", "5"), ("keepalives_interval", "2"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "5000"),
        ] { given[keyword] = value }
        // What a role or a database may have set otherwise.
        given["options"] =
            (given["options"].map { $0 + " " } ?? "") + "-c synchronous_commit=on -c jit=off"
            + " -c idle_in_transaction_session_timeout=60s -c statement_timeout=0"
            // That a standby did not confirm is a warning.
            + " -c client_min_messages=warning"
            // What was given up here would go on there, with its locks.
            + " -c client_connection_check_interval=1s"
        common = given.map { ($0.key, $0.value) }
    }

    /// A connection to the first server that takes writes.
    /// - Throws: `ServerFailure` of the last one tried.
    func connect() throws(ServerFailure) -> Session {
        var failure = ServerFailure.lost("there is no server")
        for _ in hosts {
            let place = first.withLock { $0 }
            let server = hosts[place]
            do throws(ServerFailure) {
                let named = [("host", server.host), ("port", server.port)].filter { !$0.1.isEmpty }
                let session = try Session(
                    common + named.map { (keyword: $0.0, value: $0.1) }, place: place, within: Self.limit)
                try Self.check(session)
                return session
            } catch {
                failure = error
                turn(from: place)
            }
        }
        throw failure
    }

    /// To be called when a connection was lost: the server behind the one that it was to comes first, if that one did.
    func turn(from place: Int) {
        first.withLock { if $0 == place { $0 = (place + 1) % max(1, hosts.count) } }
    }

    /// Whether the server is one that this driver was made for.
    private static func check(_ session: Session) throws(ServerFailure) {
        guard session.serverVersion >= oldestVersion else {
            throw .unusable("it is PostgreSQL \(session.serverVersion / 10_000): Portreeve needs 14 or a later one")
        }
        var answer: (version: String?, encoding: String?)
        do {
            try session.sendOnce("SELECT version(), current_setting('server_encoding')")
            let row = try session.synchronize(within: limit)?.row(0)
            answer = (row?.text(0), row?.text(1))
        } catch let failure as ServerFailure {
            throw failure
        } catch {
            throw .lost("\(error)")
        }
        guard let version = answer.version, version.hasPrefix("PostgreSQL ") else {
            throw .unusable("it is not PostgreSQL: \(answer.version ?? "it does not say what it is")")
        }
        guard answer.encoding == "UTF8" else {
            throw .unusable(
                "the database is encoded in \(answer.encoding ?? "something unknown"): make one with ENCODING 'UTF8'")
        }
    }

    private static func parameters(of url: String) throws(ServerFailure) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            defer { PQfreemem(message) }
            throw .unusable(message.map { String(cString: $0) } ?? "it is no URL of a database")
        }
        defer { PQconninfoFree(options) }
        var given: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { given[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return given
    }

    /// A socket's folder, or this machine by name.
    private static func isLocal(_ host: String) -> Bool {
        if host.isEmpty || host.hasPrefix("/") || host == "localhost" || host == "::1" { return true }
        var address = in_addr()
        return inet_pton(AF_INET, host, &address) == 1 && host.hasPrefix("127.")
    }
}

extension ServerFailure {
    /// A server that cannot be used as it is; another try gives nothing else.
    static func unusable(_ reason: String) -> ServerFailure { ServerFailure(state: "unusable", message: reason) }
}
