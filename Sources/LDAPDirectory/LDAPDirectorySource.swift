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
    private let now: @Sendable () -> Timestamp
    private let membersPerRange: Int?
    // A directory that hangs holds up its readers for long; logins must not wait behind them.
    private let readers = LDAPWorker(threads: 2)
    private let logins = LDAPWorker(threads: 4)

    /// - Parameter resolveFile: gives the path to open for a file named in the settings (a CA file),
    ///   or throws to refuse it: the place to hold settings to the directory of secrets.
    public init(resolveFile: @escaping @Sendable (String) throws -> String) {
        self.init(resolveFile: resolveFile, now: Self.systemTime)
    }

    /// - Parameters:
    ///   - now: against which expiry dates are compared.
    ///   - membersPerRange: asks for group members in pieces of this size from the start; nil
    ///     leaves it to the server whether it splits them.
    package init(
        resolveFile: @escaping @Sendable (String) throws -> String, now: @escaping @Sendable () -> Timestamp,
        membersPerRange: Int? = nil
    ) {
        self.resolveFile = resolveFile
        self.now = now
        self.membersPerRange = membersPerRange
    }

    public func read(
        _ settings: DirectorySettings, password: String?, progress: @escaping @Sendable (Int) -> Void
    ) async throws(DirectoryError) -> DirectorySnapshot {
        let credentials = try settings.bind.map { bind throws(DirectoryError) in
            guard let password, !password.isEmpty else {
                throw DirectoryError.unusable(
                    setting: "bind", reason: "there is no password for \(bind.dn); give one, or leave \"bind\" out")
            }
            return DirectoryAccess.Credentials(dn: bind.dn, password: password)
        }
        let access = try DirectoryAccess(settings, credentials: credentials, resolveFile: resolveFile)
        let now = now()
        let membersPerRange = membersPerRange
        return try await run(on: readers) { cancellation throws(DirectoryError) in
            var connection = try access.connection()
            var reading = DirectoryReading(
                settings: settings, now: now, membersPerRange: membersPerRange, cancellation: cancellation,
                progress: progress)
            return try reading.read(&connection)
        }
    }

    public func verify(
        dn: String, externalID: String, password: String, settings: DirectorySettings
    ) async throws(DirectoryError) -> Bool {
        guard !dn.isEmpty, !password.isEmpty else { return false }
        let credentials = DirectoryAccess.Credentials(dn: dn, password: password)
        let access = try DirectoryAccess(settings, credentials: credentials, resolveFile: resolveFile)
        return try await run(on: logins) { _ throws(DirectoryError) in
            try access.admits(externalID, settings.preset.dialect)
        }
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
            throw .unreachable(reason: "cancelled before it began")
        }
        return try outcome.get()
    }

    private static func systemTime() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec))
    }
}
