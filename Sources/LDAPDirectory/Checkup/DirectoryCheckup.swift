import AccessControl
import AccessModel
import LDAPClient

/// Goes through what a synchronisation needs, over the directory itself, and says of each step what
/// it saw and what to change. It changes nothing, binds once, and waits for the servers.
///
/// A step that failed stands alone: those that need it are skipped, all others are tried.
struct DirectoryCheckup {
    let settings: DirectorySettings
    let password: String?
    /// Whom to show as the sample; nil for anybody.
    let login: String?
    let now: Timestamp
    let resolveFile: (String) throws -> String
    let cancellation: LDAPCancellation
    let mapper: EntryMapper

    private(set) var steps: [DirectoryCheckupStep] = []
    /// Why nothing more can be asked; nil while the connection is of use.
    var obstacle: String?
    /// What earlier steps have learnt.
    var namingContexts: [String] = []
    /// The groups that the rules spoke of when they were read last.
    var known: [KnownGroup] = []
    var users: EntrySample?
    var groups: EntrySample?

    init(
        _ settings: DirectorySettings, password: String?, login: String?, now: Timestamp,
        resolveFile: @escaping (String) throws -> String, cancellation: LDAPCancellation
    ) {
        self.settings = settings
        self.password = password
        self.login = login
        self.now = now
        self.resolveFile = resolveFile
        self.cancellation = cancellation
        mapper = EntryMapper(settings)
    }

    /// The names of the steps on one connection, in order.
    private static let order = [
        "bind", "server", "users base", "groups base", "users", "groups", "attributes", "rules", "sample user",
        "changes",
    ]

    mutating func run() -> [DirectoryCheckupStep] {
        if let access = checkSettings(), var connection = connect(access.endpoints) { ask(&connection) }
        let reason = obstacle ?? "an earlier step failed"
        for step in Self.order where !steps.contains(where: { $0.step == step }) { skip(step, because: reason) }
        return steps
    }

    private mutating func ask(_ connection: inout LDAPConnection) {
        attempt("bind", &connection) { (test, connection) in test.bind(&connection) }
        attempt("server", &connection) { (test, connection) throws(LDAPError) in try test.inspect(&connection) }
        attempt("users base", &connection) { (test, connection) throws(LDAPError) in
            try test.findBase("users base", test.settings.users, &connection)
        }
        attempt("groups base", &connection) { (test, connection) throws(LDAPError) in
            try test.findBase("groups base", test.settings.groups, &connection)
        }
        attempt("users", needs: "users base", &connection) { (test, connection) throws(LDAPError) in
            try test.readUsers(&connection)
        }
        attempt("groups", needs: "groups base", &connection) { (test, connection) throws(LDAPError) in
            try test.readGroups(&connection)
        }
        attempt("attributes", &connection) { (test, _) in test.judgeAttributes() }
        attempt("rules", needs: "groups base", &connection) { (test, connection) throws(LDAPError) in
            try test.findRules(&connection)
        }
        attempt("sample user", needs: "users base", &connection) { (test, connection) throws(LDAPError) in
            try test.showSample(&connection)
        }
        attempt("changes", &connection) { (test, connection) throws(LDAPError) in
            try test.followChanges(&connection)
        }
    }

    /// Does a step, unless there is an obstacle or the step it needs has failed. What it throws is
    /// its failure.
    private mutating func attempt(
        _ step: String, needs earlier: String? = nil, _ connection: inout LDAPConnection,
        _ body: (inout DirectoryCheckup, inout LDAPConnection) throws(LDAPError) -> Void
    ) {
        if cancellation.isCancelled, obstacle == nil { obstacle = "the test was given up" }
        guard obstacle == nil else { return }
        if let earlier, steps.contains(where: { $0.step == earlier && $0.outcome == .failed }) {
            return skip(step, because: "the step \"\(earlier)\" failed")
        }
        do throws(LDAPError) {
            try body(&self, &connection)
        } catch {
            note(step, error)
        }
    }

    private mutating func note(_ step: String, _ error: LDAPError) {
        switch error.code {
        case .cancelled:
            obstacle = "the test was given up"
        case _ where error.code.isLocal && error.code != .filterError && error.code != .parameterError:
            obstacle = "the connection was lost"
            report(
                step, .failed, saw: "the connection was lost: \(error)",
                advice: "try again; if it happens each time, look into the server's log and at \"timeout\"")
        default:
            report(
                step, .failed, saw: error.description,
                advice: "look into the server's log for why it refused this to the bind account")
        }
    }

    // MARK: - Steps

    mutating func report(
        _ step: String, _ outcome: DirectoryCheckupStep.Outcome, saw: String, advice: String? = nil
    ) {
        steps.append(DirectoryCheckupStep(step, outcome, saw: saw, advice: advice))
    }

    mutating func skip(_ step: String, because reason: String) {
        report(step, .skipped, saw: "not tried: \(reason)")
    }

    // MARK: - Settings

    /// The servers to ask; nil if the settings cannot be used.
    private mutating func checkSettings() -> DirectoryAccess? {
        do throws(DirectoryError) {
            // That there is no password is for the bind to say; whether one may be sent is said here.
            let credentials = settings.bind.map { DirectoryAccess.Credentials(dn: $0.dn, password: password ?? "") }
            let access = try DirectoryAccess(settings, credentials: credentials, resolveFile: resolveFile)
            reportSettings()
            return access
        } catch {
            obstacle = "the settings cannot be used"
            report(
                "settings", .failed, saw: error.description,
                advice: "correct the settings and put them again: portreeve directory put NAME FILE")
            return nil
        }
    }

    private mutating func reportSettings() {
        let servers = Self.counted(settings.urls.count, "server")
        let bind = settings.bind.map { "bind as \($0.dn)" } ?? "no bind account"
        let security =
            switch settings.tls.mode {
            case .ldaps: "TLS from the start (ldaps)"
            case .starttls: "TLS by StartTLS"
            case .none: "no TLS"
            }
        let saw =
            "\(servers), \(security), \(bind), pages of \(settings.pageSize) entries, \(settings.timeout) s to wait"
        guard settings.tls.mode == .none else { return report("settings", .passed, saw: saw) }
        report(
            "settings", .warning, saw: "\(saw); all of it crosses the network in clear, passwords too",
            advice: "set \"tls\" to {\"mode\": \"ldaps\"} with ldaps:// URLs, or to {\"mode\": \"starttls\"}")
    }

    // MARK: - Words

    /// "1 entry", "2 entries".
    static func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
        "\(count) \(count == 1 ? one : many ?? one + "s")"
    }

    /// The first of a list, and how many more there are.
    static func listed(_ items: [String], atMost limit: Int) -> String {
        let rest = items.count > limit ? ["and \(items.count - limit) more"] : []
        return (items.prefix(limit) + rest).joined(separator: "; ")
    }
}
