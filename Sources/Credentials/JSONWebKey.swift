import FoundationEssentials

/// A public key for signatures (RFC 7517 section 4).
struct JSONWebKey: Encodable {
    private let members: [String: String]
    private let x5c: [String]

    init(_ key: SigningKey, kid: String) {
        var members = ["use": "sig", "alg": key.algorithm.rawValue, "kid": kid]
        for (name, value) in key.parameters { members[name] = value }
        self.members = members
        x5c = [key.certificateBase64]
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for (name, value) in members { try container.encode(value, forKey: Name(stringValue: name)) }
        try container.encode(x5c, forKey: Name(stringValue: "x5c"))
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
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
