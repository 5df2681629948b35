public import AccessControl
public import AccessModel
import Crypto
import CryptoExtras
import FoundationEssentials
import SwiftASN1
import X509

/// A key of registry tokens (P-256 for ES256 or RSA for RS256, RFC 7518 section 3) with its self-signed certificate.
public struct SigningKey: Sendable {
    enum Secret: Sendable {
        case p256(P256.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
    }

    let secret: Secret
    let certificate: Certificate
    /// The DER of `certificate`, byte for byte as it is in the file.
    let certificateDER: [UInt8]

    /// Reads the key from `path` (customarily `registry-key.pem` beside the database), or makes one
    /// there on first use. Everybody who starts at the same time gets the same key.
    ///
    /// The file holds a private key and its certificate in PEM and must be closed to everybody but its
    /// owner. A key of one's own (PKCS #8, SEC 1 or PKCS #1) with a certificate for it is as good.
    /// - Throws: `PrivateFileError` or `SigningKeyError`.
    public static func load(path: String, now: Timestamp) throws -> Self {
        let content = try PrivateFile(path: path).readOrCreate { try Array(generate(now: now).pem.utf8) }
        return try Self(pem: String(decoding: content, as: UTF8.self), path: path)
    }

    /// A new key with a certificate that is valid from an hour ago, for clocks that are late, for ten years.
    static func generate(_ algorithm: SigningAlgorithm = .es256, now: Timestamp) throws -> Self {
        let secret: Secret
        switch algorithm {
        case .es256: secret = .p256(newP256())
        case .rs256: secret = .rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048))
        }
        let certificate = try Certificate.selfSigned(
            secret.certificateKey, algorithm, commonName: "portreeve registry token signing",
            from: now + .seconds(-clockSlack), until: now + .seconds(10 * 365 * 86_400))
        return Self(secret: secret, certificate: certificate, certificateDER: try certificate.serializeAsPEM().derBytes)
    }

    private static let clockSlack: Int64 = 3_600

    /// Distribution 3 drops leading zeros of coordinates where RFC 7518 section 6.2.1.2 keeps them, and so finds
    /// another thumbprint: no such key.
    private static func newP256() -> P256.Signing.PrivateKey {
        while true {
            let key = P256.Signing.PrivateKey()
            let point = key.publicKey.rawRepresentation
            if point.first != 0, point.dropFirst(32).first != 0 { return key }
        }
    }

    var algorithm: SigningAlgorithm {
        switch secret {
        case .p256: .es256
        case .rsa: .rs256
        }
    }

    /// The signature of a JWS (RFC 7518 section 3.3 or 3.4).
    func signature(for bytes: [UInt8]) throws -> [UInt8] {
        switch secret {
        case .p256(let key): Array(try key.signature(for: bytes).rawRepresentation)
        case .rsa(let key): Array(try key.signature(for: bytes, padding: .insecurePKCS1v1_5).rawRepresentation)
        }
    }

    /// When one that was made here was made.
    public var madeAt: Timestamp {
        Timestamp(seconds: Int64(certificate.notValidBefore.timeIntervalSince1970) + Self.clockSlack)
    }

    /// From then on a registry refuses the certificate in a token's `x5c`.
    public var expiresAt: Timestamp {
        Timestamp(seconds: Int64(certificate.notValidAfter.timeIntervalSince1970))
    }

    /// The certificate alone, in PEM.
    public var certificatePEM: String {
        PEMDocument(type: "CERTIFICATE", derBytes: certificateDER).pemString + "\n"
    }

    /// What the file holds.
    var pem: String { secret.pem + "\n" + certificatePEM }
}

extension SigningKey {
    /// - Parameter path: named in errors only.
    init(pem: String, path: String) throws(SigningKeyError) {
        let documents = try attempt(path, "it is not in PEM") { try PEMDocument.parseMultiple(pemString: pem) }
        guard let key = documents.first(where: { $0.discriminator.hasSuffix("PRIVATE KEY") }) else {
            throw SigningKeyError(path: path, reason: "there is no private key in it")
        }
        guard let leaf = documents.first(where: { $0.discriminator == "CERTIFICATE" }) else {
            throw SigningKeyError(path: path, reason: "there is no certificate in it")
        }
        secret = try attempt(path, "its private key is neither on the curve P-256 nor RSA, or encrypted") {
            if let key = try? P256.Signing.PrivateKey(pemRepresentation: key.pemString) { return .p256(key) }
            return .rsa(try _RSA.Signing.PrivateKey(pemRepresentation: key.pemString))
        }
        certificate = try attempt(path, "its certificate cannot be read") { try Certificate(pemDocument: leaf) }
        certificateDER = leaf.derBytes
        guard certificate.publicKey == secret.certificateKey.publicKey else {
            throw SigningKeyError(path: path, reason: "its first certificate is not one for its private key")
        }
    }
}

extension SigningKey.Secret {
    fileprivate var certificateKey: Certificate.PrivateKey {
        switch self {
        case .p256(let key): Certificate.PrivateKey(key)
        case .rsa(let key): Certificate.PrivateKey(key)
        }
    }

    fileprivate var pem: String {
        switch self {
        case .p256(let key): key.pemRepresentation
        case .rsa(let key): key.pemRepresentation
        }
    }
}

// The reasons below are ours: a parser's words could repeat what it read, which is a private key.
private func attempt<Answer>(
    _ path: String, _ reason: String, _ body: () throws -> Answer
) throws(SigningKeyError) -> Answer {
    do { return try body() } catch { throw SigningKeyError(path: path, reason: reason) }
}

/// Why a signing key file cannot be used.
public struct SigningKeyError: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    public let reason: String

    public var description: String {
        "the signing key in \(path) cannot be used: \(reason); put a P-256 or RSA private key and its certificate into it, "
            + "or move it away to have a new key made (the registry must then be given the new certificate)"
    }
}
