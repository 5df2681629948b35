import Synchronization

/// A domain controller of `win.example.com` as Windows would behave, in memory and without TLS, on
/// a port of 127.0.0.1. What it lacks of a real one does not matter for reading people and groups.
package final class WindowsDirectory: Sendable {
    package static let base = "DC=win,DC=example,DC=com"
    package static let users = "CN=Users,\(base)"
    package static let deletedObjects = "CN=Deleted Objects,\(base)"
    package static let configuration = "CN=Configuration,\(base)"
    package static let settingsName = "CN=NTDS Settings,CN=DC1,CN=Servers,CN=Site,CN=Sites,\(configuration)"
    package static let domainSID = "S-1-5-21-1004336348-1177238915-682003330"
    /// An account that may bind from the start; there is no entry of it.
    package static let syncAccount = "CN=svc-sync,\(users)"
    /// The same account as a user principal name.
    package static let syncPrincipal = "svc-sync@win.example.com"
    package static let password = "a-Secret 4 tests"

    struct State {
        var database: WindowsDatabase
        var settings = Settings()
        /// By the name, in lower case.
        var passwords = [syncAccount.lowercased(): password, syncPrincipal: password]
        /// Windows error codes for those whose password is right, and who may not log in all the same.
        var refusals: [String: String] = [:]
        var counts: [RequestKind: Int] = [:]
        var requests: [SearchRequest] = []
        var onSearch: (@Sendable (SearchRequest) -> Scripted?)?
    }

    let state: Mutex<State>
    private let server: LoopbackServer

    package var port: Int { server.port }
    package var url: String { "ldap://127.0.0.1:\(port)" }

    /// Starts to serve.
    /// - Parameters:
    ///   - usn: where the counter of changes begins.
    ///   - invocationID: 16 bytes; nil for the same ones every time.
    ///   - port: 0 for one that is free.
    package init(usn: Int = 12_000, invocationID: [UInt8]? = nil, port: Int = 0) throws {
        let invocationID = invocationID ?? WindowsIdentity.guid(number: -1)
        state = Mutex(State(database: try WindowsDatabase(usn: usn, invocationID: invocationID)))
        server = try LoopbackServer(port: port)
        server.start { [self] connection in WindowsSession(self, connection).run() }
    }

    /// Refuses new connections from now on and breaks off the others.
    package func stop() { server.stop() }

    /// Breaks off the connections of the moment; new ones are welcome.
    package func dropConnections() { server.dropConnections() }

    // MARK: - Settings

    package var settings: Settings {
        get { state.withLock { $0.settings } }
        set { state.withLock { $0.settings = newValue } }
    }

    /// Which generation of the database this is: another one after a restore, and on another server.
    package var invocationID: [UInt8] {
        get { state.withLock { $0.database.invocationID } }
        set { state.withLock { $0.database.setInvocationID(newValue) } }
    }

    /// Lets a distinguished name or user principal name bind with this password; nil forbids it.
    package func setPassword(_ password: String?, of name: String) {
        state.withLock { $0.passwords[name.lowercased()] = password }
    }

    /// - Parameter code: the number behind `data` as `773`; nil for one that may log in.
    package func refuse(_ name: String, with code: String?) {
        state.withLock { $0.refusals[name.lowercased()] = code }
    }

    /// Asked before each search, on the connection's own thread and outside all locks, so that it may
    /// change the directory. What it returns is done in place of the ordinary answer.
    package var onSearch: (@Sendable (SearchRequest) -> Scripted?)? {
        get { state.withLock { $0.onSearch } }
        set { state.withLock { $0.onSearch = newValue } }
    }

    // MARK: - What clients did

    /// How many connections have been made.
    package var connections: Int { server.accepted }

    package func count(_ kind: RequestKind) -> Int { state.withLock { $0.counts[kind] ?? 0 } }

    /// The searches so far, each page of one by itself.
    package var requests: [SearchRequest] { state.withLock { $0.requests } }

    /// Forgets the requests and the counts.
    package func forgetRequests() {
        state.withLock { state in
            state.requests = []
            state.counts = [:]
        }
    }
}
