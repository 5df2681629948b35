import Crypto
import CryptoExtras
import FoundationEssentials

/// The two names a key goes by: distribution 2 knows a key by the first, distribution 3 by the second.
extension SigningKey {
    /// libtrust's fingerprint: the first 30 bytes of SHA-256 over the DER SubjectPublicKeyInfo, in
    /// base32, as 12 groups of 4 with ':' between them.
    public var libtrustIdentifier: String {
        let digest = SHA256.hash(data: publicKeyDER)
        let letters = Encodings.base32(Array(digest.prefix(30)))
        let groups = stride(from: 0, to: letters.count, by: 4).map {
            String(decoding: letters[$0..<min($0 + 4, letters.count)], as: UTF8.self)
        }
        return groups.joined(separator: ":")
    }

    /// The key's JWK thumbprint (RFC 7638) with SHA-256, in base64url.
    public var thumbprint: String {
        // RFC 7638 section 3.2: the required members only, in the order of their names, without white space.
        let canonical = "{" + parameters.map { "\"\($0.name)\":\"\($0.value)\"" }.joined(separator: ",") + "}"
        return String(decoding: Encodings.base64URL(Array(SHA256.hash(data: Array(canonical.utf8)))), as: UTF8.self)
    }

    /// The required members of the public key as a JWK, in the order of their names (RFC 7518 sections 6.2.1
    /// and 6.3.1).
    var parameters: [(name: String, value: String)] {
        func text(_ bytes: some Collection<UInt8>) -> String {
            String(decoding: Encodings.base64URL(bytes), as: UTF8.self)
        }
        switch secret {
        case .p256(let key):
            let point = key.publicKey.rawRepresentation
            return [("crv", "P-256"), ("kty", "EC"), ("x", text(point.prefix(32))), ("y", text(point.suffix(32)))]
        case .rsa(let key):
            guard let numbers = try? key.publicKey.getKeyPrimitives() else { return [("kty", "RSA")] }
            return [("e", text(numbers.publicExponent)), ("kty", "RSA"), ("n", text(numbers.modulus))]
        }
    }

    /// SubjectPublicKeyInfo (RFC 5280 section 4.1).
    private var publicKeyDER: Data {
        switch secret {
        case .p256(let key): key.publicKey.derRepresentation
        case .rsa(let key): key.publicKey.derRepresentation
        }
    }

    /// The certificate as members of `x5c` are written: DER in base64 with padding (RFC 7515 section 4.1.6).
    var certificateBase64: String { Data(certificateDER).base64EncodedString() }
}
