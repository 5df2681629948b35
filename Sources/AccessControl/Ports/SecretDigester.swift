/// Makes token secrets, and the digests under which secrets are looked up.
public protocol SecretDigester: Sendable {
    /// A new secret, `prt_…`.
    func newTokenSecret() -> String
    /// Whether a text has the form of a token secret, so that it need not be tried as a password.
    func isTokenSecret(_ text: String) -> Bool
    /// SHA-256. Enough for a token, which is random.
    func digest(_ secret: String) -> [UInt8]
    /// Keyed with a key of this process, for secrets remembered in memory.
    func keyedDigest(_ secret: String, context: String) -> [UInt8]
}
