import AccessControl
import AccessModel
import FoundationEssentials
import X509

extension Certificate {
    /// A certificate that vouches for its own key: it carries the key into a registry's
    /// `rootcertbundle` and may sign tokens, not other certificates.
    static func selfSigned(
        _ privateKey: PrivateKey, _ algorithm: SigningAlgorithm, commonName: String, from: Timestamp, until: Timestamp
    ) throws -> Self {
        let name = try DistinguishedName { CommonName(commonName) }
        let publicKey = privateKey.publicKey
        return try Self(
            version: .v3,
            // The library's own can take 21 octets; RFC 5280 section 4.1.2.2 allows 20.
            serialNumber: SerialNumber(Int64.random(in: 1...Int64.max)),
            publicKey: publicKey,
            notValidBefore: Date(timeIntervalSince1970: Double(from.seconds)),
            notValidAfter: Date(timeIntervalSince1970: Double(until.seconds)),
            issuer: name,
            subject: name,
            signatureAlgorithm: algorithm == .es256 ? .ecdsaWithSHA256 : .sha256WithRSAEncryption,
            extensions: Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                SubjectKeyIdentifier(hash: publicKey)
            },
            issuerPrivateKey: privateKey)
    }
}
