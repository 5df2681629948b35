import Crypto
import FoundationEssentials

/// The two names a key goes by: distribution 2 knows a key by the first, distribution 3 by the second.
extension SigningKey {
    /// libtrust's fingerprint: the first 30 bytes of SHA-256 over the DER SubjectPublicKeyInfo, in
    /// base32, as 12 groups of 4 with ':' between them.
    public var libtrustIdentifier: String {
        let digest = SHA256.hash(data: privateKey.publicKey.derRepresentation)
        let letters = Encodings.base32(Array(digest.prefix(30)))
        let groups = stride(from: 0, to: letters.count, by: 4).map {
            String(decoding: letters[$0..<min($0 + 4, letters.count)], as: UTF8.self)
        }
        return groups.joined(separator: ":")
    }

    /// The key's JWK thumbprint (RFC 7638) with SHA-256, in base64url.
    public var thumbprint: String {
        let (x, y) = coordinates
        // RFC 7638 section 3.2: the required members only, in this order, without white space.
        let canonical = #"{"crv":"P-256","kty":"EC","x":"\#(x)","y":"\#(y)"}"#
        return String(decoding: Encodings.base64URL(Array(SHA256.hash(data: Array(canonical.utf8)))), as: UTF8.self)
    }

    /// The affine coordinates in base64url, 32 bytes each (RFC 7518 section 6.2.1).
    var coordinates: (x: String, y: String) {
        let point = privateKey.publicKey.rawRepresentation
        return (
            String(decoding: Encodings.base64URL(point.prefix(32)), as: UTF8.self),
            String(decoding: Encodings.base64URL(point.suffix(32)), as: UTF8.self)
        )
    }

    /// The certificate as members of `x5c` are written: DER in base64 with padding (RFC 7515 section 4.1.6).
    var certificateBase64: String { Data(certificateDER).base64EncodedString() }
}
