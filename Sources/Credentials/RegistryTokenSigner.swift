public import AccessControl
import Crypto
import FoundationEssentials

/// Signs registry tokens with ES256 (RFC 7515, RFC 7518 section 3.4).
///
/// The header names the key twice: `x5c`, which every registry tries first, and libtrust's `kid`,
/// the only one distribution 2 knows. So one token serves distribution 2 and 3.
public struct RegistryTokenSigner: TokenSigner {
    public let keySet: [UInt8]
    public let certificateBundle: String
    private let key: P256.Signing.PrivateKey
    /// The JOSE header in base64url and the dot after it: the same for every token.
    private let prefix: [UInt8]

    public init(key: SigningKey) throws {
        let identifiers = [key.libtrustIdentifier, key.thumbprint]
        keySet = try JSONWebKeySet(keys: identifiers.map { JSONWebKey(key, kid: $0) }).encoded()
        certificateBundle = key.certificatePEM
        self.key = key.privateKey
        prefix = try Encodings.base64URL(Header(key).encoded()) + [UInt8(ascii: ".")]
    }

    public func sign(_ claims: [UInt8]) throws -> String {
        var token = prefix
        token += Encodings.base64URL(claims)
        let signature = try key.signature(for: token).rawRepresentation
        token.append(UInt8(ascii: "."))
        token += Encodings.base64URL(signature)
        return String(decoding: token, as: UTF8.self)
    }

    private struct Header: Encodable {
        let alg = "ES256"
        let kid: String
        let typ = "JWT"
        let x5c: [String]

        init(_ key: SigningKey) {
            kid = key.libtrustIdentifier
            x5c = [key.certificateBase64]
        }
    }
}
