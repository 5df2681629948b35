/// Makes token secrets, and the digests under which secrets are looked up.
public protocol SecretDigester: Sendable {
    /// A new secret, `prt_…`.
    func newTokenSecret() -> String
    /// Whether a text has the form of a token secret, so that it need not be tried as a password.
    func isTokenSecret(_ text: String) -> Bool
    /// SHA-256. Enough for a token, which is random.
    func digest(_ secret: String) -> [UInt8]
    /// Keyed with a key of this process, for secrets remembered in memory. Digests for one use are those of no
    /// other one, whatever its parts hold.
    func keyedDigest(_ secret: String, for use: SecretUse) -> [UInt8]
}

/// What a secret is shown for. The parts are told apart by their number and length.
public struct SecretUse: Hashable, Sendable {
    public let parts: [String]

    /// Logging in under a name.
    static func login(_ name: String) -> SecretUse { SecretUse(parts: ["login", name]) }
    /// The same for a client that keeps the login: it is verified anew.
    static func keptLogin(_ name: String) -> SecretUse { SecretUse(parts: ["kept login", name]) }
    static let bearer = SecretUse(parts: ["bearer"])
    static let comparison = SecretUse(parts: ["comparison"])
    /// A person of a directory, under the name of their entry.
    static func directory(_ person: String, dn: String) -> SecretUse { SecretUse(parts: ["directory", person, dn]) }
}
