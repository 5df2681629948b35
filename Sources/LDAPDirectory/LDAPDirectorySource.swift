public import AccessControl
public import AccessModel
import Glibc
import LDAPClient

/// Active Directory and OpenLDAP, read and asked over LDAP.
///
/// A password leaves this process only over a verified TLS connection, or where the settings say
/// `allow_cleartext`.
public struct LDAPDirectorySource: DirectorySource {
    private let resolveFile: @Sendable (String) throws -> String
    private let membersPerRange: Int?
    // A directory that hangs holds up its readers for long; logins must not wait behind them.
    private let readers = LDAPWorker(threads: 2)
    private let logins = LoginWorkers()
    private let silentServers = SilentServers(for: .seconds(60))
    /// For synchronisations: those that did not give all that they were asked for.
    private let ailingServers = SilentServers(for: .seconds(300))

    /// - Parameter resolveFile: gives the path to open for a file named in the settings (a CA file),
    ///   or throws to refuse it: the place to hold settings to the directory of secrets.
    public init(resolveFile: @escaping @Sendable (String) throws -> String) {
        self.init(resolveFile: resolveFile, membersPerRange: nil)
    }

    /// - Parameter membersPerRange: asks for group members in pieces of this size from the start;
    ///   nil leaves it to the server whether it splits them.
    package init(resolveFile: @escaping @Sendable (String) throws -> String, membersPerRange: Int?) {
        self.resolveFile = resolveFile
        self.membersPerRange = membersPerRange
    }

    public func read(
        _ settings: DirectorySettings, password: String?, since mirror: DirectoryMirror?, watching: Set<String>,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws(DirectoryError) -> DirectoryReading {
        let access = try reading(settings, password: password)
        let (membersPerRange, ailingServers) = (membersPerRange, ailingServers)
        return try await run(on: readers) { cancellation throws(DirectoryError) in
            var connection = try access.connection()
            connection.end(with: cancellation)
            let url = connection.url.description
            let search = EntrySearch(
                settings, membersPerRange: membersPerRange, cancellation: cancellation, watching: watching,
                progress: progress)
            var log = ["connected to \(url)"]
            if let logins = connection.passwordPolicy?.graceLogins {
                log.append(
                    "the bind account's password has expired, and is accepted \(logins) times more: set a new one")
            }
            let clock = ServerClock.read(&connection, settings)
            if let mirror {
                if mirror.position.url == url {
                    var incremental = IncrementalReading(since: mirror, search, cancellation)
                    do throws(ChangeFeedError) {
                        var reading = try incremental.read(&connection)
                        reading.log = log + reading.log
                        reading.clock.counters = clock
                        return reading
                    } catch {
                        switch error {
                        case .broken(let error) where error.code == .cancelled: throw .cancelled
                        case .broken(let error):
                            ailingServers.note(connection.url)
                            throw .unreachable(reason: "\(url): \(error)")
                        case .lost(let reason): log.append("reads everything: \(reason)")
                        }
                    }
                } else {
                    log.append("reads everything: \(mirror.position.url) was read the last time")
                }
            }
            let position = ChangeFeed.begin(&connection, settings, url: url, log: &log)
            var full = FullReading(search, cancellation)
            let snapshot = try full.read(&connection)
            log.append(full.summary)
            if !snapshot.usersReading.isComplete || !snapshot.groupsReading.isComplete {
                ailingServers.note(connection.url)
            }
            return DirectoryReading(
                snapshot: snapshot, extent: .full, mirror: full.mirror(of: snapshot, at: position),
                clock: DirectoryClock(counters: clock, newest: full.changeTimes), log: log)
        }
    }

    public func verify(
        dn: String, externalID: String, password: String, settings: DirectorySettings
    ) async throws(DirectoryError) -> PasswordVerdict {
        guard !dn.isEmpty, !password.isEmpty else { return .wrong }
        var access = try DirectoryAccess(
            settings, credentials: .init(dn: dn, password: password), resolveFile: resolveFile)
        access.loginDeadline = loginDeadline
        return try await run(on: logins.worker(for: settings.urls)) { [access] _ throws(DirectoryError) in
            try access.admits(externalID, settings.dialect)
        }
    }

    public func reach(_ settings: DirectorySettings) async throws(DirectoryError) {
        var access = try DirectoryAccess(settings, credentials: nil, resolveFile: resolveFile)
        access.loginDeadline = loginDeadline
        try await run(on: logins.worker(for: settings.urls)) { [access] _ throws(DirectoryError) in
            var connection = try access.connection()
            do throws(LDAPError) {
                _ = try connection.search(LDAPSearch(base: "", scope: .base, attributes: ["1.1"], limits: .login))
            } catch {
                // A refusal is an answer.
                if connection.isBroken { throw .unreachable(reason: "\(connection.url): \(error)") }
            }
        }
    }

    public func find(
        login: DirectoryLogin, _ settings: DirectorySettings, bindPassword: String?
    ) async throws(DirectoryError) -> DirectoryUser? {
        let (attribute, value) =
            switch login {
            case .name(let name): (settings.attributes.login, name)
            case .principalName(let name): (settings.attributes.principalName, name)
            }
        var access = try access(settings, password: bindPassword)
        access.loginDeadline = loginDeadline
        return try await run(on: logins.worker(for: settings.urls)) { [access] cancellation throws(DirectoryError) in
            var connection = try access.connection()
            connection.end(with: cancellation)
            let url = connection.url.description
            var search = EntrySearch(
                settings, membersPerRange: nil, cancellation: cancellation, limits: .login, progress: { _ in })
            let found = try search.users(&connection, passing: "(\(attribute)=\(LDAPFilter.escape(value)))")
            // A login that two people have is nobody's.
            guard found.users.count < 2 else { return nil }
            if let reason = found.reading.reason {
                guard !connection.isBroken else { throw .unreachable(reason: "\(url): \(reason)") }
                guard found.users.count == 1 else { throw .incomplete(reason: "\(url): \(reason)") }
            }
            return found.users.first
        }
    }

    public func passwordTime(
        externalID: String, _ settings: DirectorySettings, bindPassword: String?
    ) async throws(DirectoryError) -> DirectoryPasswordVersion {
        var access = try access(settings, password: bindPassword)
        access.loginDeadline = loginDeadline
        return try await run(on: logins.worker(for: settings.urls)) { [access] _ throws(DirectoryError) in
            var connection = try access.connection()
            let dialect = settings.dialect
            let search = LDAPSearch(
                base: settings.users.base, scope: LDAPSearch.Scope(settings.users.scope),
                filter: dialect.filter(identity: externalID), attributes: [dialect.passwordTime], limits: .login)
            do throws(LDAPError) {
                guard let entry = try connection.search(search).first else { return .noSuchPerson }
                return entry.text(dialect.passwordTime).map { .set($0) } ?? .untold
            } catch {
                let reason = "\(connection.url): \(error)"
                throw connection.isBroken ? .unreachable(reason: reason) : .incomplete(reason: reason)
            }
        }
    }

    public func look(
        again question: SecondLook, _ settings: DirectorySettings, bindPassword: String?
    ) async throws(DirectoryError) -> SecondLook.Answer {
        let access = try reading(settings, password: bindPassword)
        let membersPerRange = membersPerRange
        return try await run(on: readers) { cancellation throws(DirectoryError) in
            var connection = try access.connection()
            connection.end(with: cancellation)
            var second = SecondReading(
                EntrySearch(settings, membersPerRange: membersPerRange, cancellation: cancellation, progress: { _ in }))
            return try second.answer(question, &connection)
        }
    }

    public func names(
        of sids: Set<String>, _ settings: DirectorySettings, bindPassword: String?
    ) async throws(DirectoryError) -> [String: String] {
        let access = try reading(settings, password: bindPassword)
        return try await run(on: readers) { cancellation throws(DirectoryError) in
            var connection = try access.connection()
            connection.end(with: cancellation)
            var names: [String: String] = [:]
            for batch in sids.sorted().batches(of: 200) {
                let filter = "(|\(batch.map { "(objectSid=\(LDAPFilter.escape($0)))" }.joined()))"
                let search = LDAPSearch(
                    base: settings.users.base, scope: LDAPSearch.Scope(settings.users.scope),
                    filter: "(&\(settings.users.filter)\(filter))", attributes: ["objectSid"])
                do throws(LDAPError) {
                    for entry in try connection.search(search) {
                        if let sid = ActiveDirectoryDialect.sid(entry) { names[sid] = entry.dn }
                    }
                } catch {
                    throw .incomplete(reason: "\(connection.url): \(error)")
                }
            }
            return names
        }
    }

    public func test(
        _ settings: DirectorySettings, password: String?, login: String?, known: [KnownGroup]
    ) async -> [DirectoryCheckupStep] {
        let resolveFile = resolveFile
        do throws(LDAPError) {
            return try await readers.run { (cancellation) throws(LDAPError) in
                var test = DirectoryCheckup(
                    settings, password: password, login: login, now: Timestamp(seconds: Int64(time(nil))),
                    resolveFile: resolveFile, cancellation: cancellation)
                test.known = known
                return test.run()
            }
        } catch {
            return [DirectoryCheckupStep("settings", .skipped, saw: "not tried: the test was given up")]
        }
    }

    private func reading(_ settings: DirectorySettings, password: String?) throws(DirectoryError) -> DirectoryAccess {
        var access = try access(settings, password: password)
        access.avoided = ailingServers
        return access
    }

    /// Somebody waits at a login, and a docker client waits 15 seconds.
    private var loginDeadline: DirectoryAccess.LoginDeadline {
        DirectoryAccess.LoginDeadline(deadline: .now + .seconds(5), silentServers: silentServers)
    }

    private func access(_ settings: DirectorySettings, password: String?) throws(DirectoryError) -> DirectoryAccess {
        let credentials = try settings.bind.map { bind throws(DirectoryError) in
            guard let password, !password.isEmpty else {
                throw DirectoryError.unusable(
                    setting: "bind", reason: "there is no password for \(bind.dn); give one, or leave \"bind\" out")
            }
            return DirectoryAccess.Credentials(dn: bind.dn, password: password)
        }
        return try DirectoryAccess(settings, credentials: credentials, resolveFile: resolveFile)
    }

    private func run<Value: Sendable>(
        on worker: LDAPWorker, _ body: @escaping @Sendable (LDAPCancellation) throws(DirectoryError) -> Value
    ) async throws(DirectoryError) -> Value {
        let outcome: Result<Value, DirectoryError>
        do {
            outcome = try await worker.run { cancellation in
                Result { () throws(DirectoryError) in try body(cancellation) }
            }
        } catch {
            throw .cancelled
        }
        return try outcome.get()
    }
}
