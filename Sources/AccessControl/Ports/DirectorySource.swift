public import AccessModel

/// Reads a company directory and lets its people prove who they are. Implemented over LDAP.
public protocol DirectorySource: Sendable {
    /// Reads all that the settings select. Never throws for a partial read: what is missing is
    /// told by the snapshot's completeness. Throws when nothing could be read at all: no server
    /// reached, TLS refused, bind refused.
    /// - Parameters:
    ///   - password: of the bind DN; nil for an anonymous bind.
    ///   - progress: called now and then with the number of entries read so far.
    func read(
        _ settings: DirectorySettings, password: String?, progress: @escaping @Sendable (Int) -> Void
    ) async throws(DirectoryError) -> DirectorySnapshot

    /// Whether `dn` binds with `password` (never called with an empty one) and is still the
    /// person `externalID`. Throws when the directory gave no answer to that.
    func verify(
        dn: String, externalID: String, password: String, settings: DirectorySettings
    ) async throws(DirectoryError) -> Bool
}

/// Why a directory could not be read, in words for its administrator.
public enum DirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No server answered; the reason names each URL tried.
    case unreachable(reason: String)
    /// The server's certificate does not verify, or TLS could not be started.
    case tlsRefused(url: String, reason: String)
    /// The bind DN or its password is wrong, or the account is disabled or expired.
    case bindRefused(dn: String, reason: String)
    /// The settings cannot be used: an unreadable CA file, a filter that does not parse, …
    case unusable(setting: String, reason: String)

    public var description: String {
        switch self {
        case .unreachable(let reason): "the directory cannot be reached: \(reason)"
        case .tlsRefused(let url, let reason): "no trusted TLS connection to \(url): \(reason)"
        case .bindRefused(let dn, let reason): "the directory refused to let \(dn) in: \(reason)"
        case .unusable(let setting, let reason): "the directory's setting \(setting) cannot be used: \(reason)"
        }
    }
}
