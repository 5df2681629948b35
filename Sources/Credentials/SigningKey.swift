public import AccessModel
import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// The ES256 key of registry tokens (P-256, RFC 7518 section 3.4) with its self-signed certificate.
public struct SigningKey: Sendable {
    let privateKey: P256.Signing.PrivateKey
    let certificate: Certificate
    /// The DER of `certificate`, byte for byte as it is in the file.
    let certificateDER: [UInt8]

    /// Reads the key from `path` (customarily `registry-key.pem` beside the database), or makes one
    /// there on first use. Everybody who starts at the same time gets the same key.
    ///
    /// The file holds a private key and its certificate in PEM and must be closed to everybody but its
    /// owner. A key of one's own (PKCS #8 or SEC 1) with a certificate for it is as good.
    /// - Throws: `PrivateFileError` or `SigningKeyError`.
    public static func load(path: String, now: Timestamp) throws -> Self {
        let content = try PrivateFile(path: path).readOrCreate { try Array(generate(now: now).pem.utf8) }
        return try Self(pem: String(decoding: content, as: UTF8.self), path: path)
    }

    /// A new key with a certificate that is valid from an hour ago, for clocks that are late, for ten years.
    static func generate(now: Timestamp) throws -> Self {
        let privateKey = P256.Signing.PrivateKey()
        let certificate = try Certificate.selfSigned(
            privateKey, commonName: "portreeve registry token signing",
            from: now + .seconds(-3600), until: now + .seconds(10 * 365 * 86_400))
        return Self(
            privateKey: privateKey, certificate: certificate, certificateDER: try certificate.serializeAsPEM().derBytes)
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
    var pem: String { privateKey.pemRepresentation + "\n" + certificatePEM }
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
        privateKey = try attempt(path, "its private key is not an unencrypted one on the curve P-256") {
            try P256.Signing.PrivateKey(pemRepresentation: key.pemString)
        }
        certificate = try attempt(path, "its certificate cannot be read") { try Certificate(pemDocument: leaf) }
        certificateDER = leaf.derBytes
        guard certificate.publicKey == Certificate.PublicKey(privateKey.publicKey) else {
            throw SigningKeyError(path: path, reason: "its first certificate is not one for its private key")
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
        "the signing key in \(path) cannot be used: \(reason); put a P-256 private key and its certificate into it, "
            + "or move it away to have a new key made (the registry must then be given the new certificate)"
    }
}
