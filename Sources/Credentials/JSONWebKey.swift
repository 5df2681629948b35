import FoundationEssentials

/// A public P-256 key for signatures (RFC 7517 section 4, RFC 7518 section 6.2.1).
struct JSONWebKey: Encodable {
    let kty = "EC"
    let crv = "P-256"
    let x: String
    let y: String
    let use = "sig"
    let alg = "ES256"
    let kid: String
    let x5c: [String]

    init(_ key: SigningKey, kid: String) {
        (x, y) = key.coordinates
        self.kid = kid
        x5c = [key.certificateBase64]
    }
}

/// RFC 7517 section 5.
struct JSONWebKeySet: Encodable {
    let keys: [JSONWebKey]
}

extension Encodable {
    /// Compact JSON with its members in the order of their names: the same bytes at every start.
    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try Array(encoder.encode(self))
    }
}
