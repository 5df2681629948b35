public import AccessControl
import Crypto
import FoundationEssentials

/// SHA-256 digests for tokens, and HMAC-SHA-256 digests under a key that lives as long as the
/// process for secrets remembered in memory.
public struct SecretDigests: SecretDigester {
    /// Of nothing yet, under a key of this process.
    private let authentication = HMAC<SHA256>(key: SymmetricKey(size: .bits256))

    public init() {}

    public func newTokenSecret() -> String { TokenSecret.generate().text }

    public func isTokenSecret(_ text: String) -> Bool { text.hasPrefix("prt_") }

    public func digest(_ secret: String) -> [UInt8] { Array(SHA256.hash(data: Array(secret.utf8))) }

    public func keyedDigest(_ secret: String, for use: SecretUse) -> [UInt8] {
        var authentication = authentication
        // In one piece, as this is done for each request.
        var text: [UInt8] = []
        for part in [String(use.parts.count)] + use.parts + [secret] {
            text.append(contentsOf: String(part.utf8.count).utf8)
            text.append(UInt8(ascii: ":"))
            text.append(contentsOf: part.utf8)
        }
        authentication.update(data: text)
        return Array(authentication.finalize())
    }
}
