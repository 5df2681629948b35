import AccessModel
import Foundation
import Testing

@testable import Credentials

private let now = Timestamp(seconds: 1_780_000_000)

@Suite struct SigningKeyTests {
    private let temporary: TemporaryFolder
    private var folder: String { temporary.path }

    init() throws { temporary = try TemporaryFolder() }

    @Test(arguments: [KnownKey.privateKey, KnownKey.privateKeySEC1])
    func `a key made with OpenSSL has the names OpenSSL computes`(privateKey: String) throws {
        let key = try SigningKey(pem: privateKey + KnownKey.certificate, path: "known.pem")
        #expect(key.libtrustIdentifier == KnownKey.libtrustIdentifier)
        #expect(key.thumbprint == KnownKey.thumbprint)
        #expect(key.certificatePEM == KnownKey.certificate)
        #expect(key.expiresAt == Timestamp("2126-10-30T23:45:14Z"))
    }

    @Test func `the key is made on first use and read after that`() throws {
        let path = folder + "/registry-key.pem"
        let made = try SigningKey.load(path: path, now: now)
        let read = try SigningKey.load(path: path, now: now + .seconds(86_400))
        #expect(made.libtrustIdentifier == read.libtrustIdentifier)
        #expect(made.certificateDER == read.certificateDER)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasSuffix(made.certificatePEM))
    }

    @Test func `two keys are different`() throws {
        let (one, other) = (try SigningKey.generate(now: now), try SigningKey.generate(now: now))
        #expect(one.libtrustIdentifier != other.libtrustIdentifier)
        #expect(one.certificate.serialNumber != other.certificate.serialNumber)
    }

    @Test func `its certificate vouches for itself for ten years and signs no other`() throws {
        let key = try SigningKey.generate(now: now)
        let certificate = key.certificate
        #expect(certificate.subject.description == "CN=portreeve registry token signing")
        #expect(certificate.issuer == certificate.subject)
        #expect(certificate.publicKey.isValidSignature(certificate.signature, for: certificate))
        #expect(certificate.notValidBefore == Date(timeIntervalSince1970: 1_780_000_000 - 3600))
        #expect(key.expiresAt == now + .seconds(3650 * 86_400))
        #expect(try certificate.extensions.basicConstraints == .notCertificateAuthority)
    }

    @Test func `everybody who starts at once gets the same key`() async throws {
        let identifiers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 {
                group.addTask { try SigningKey.load(path: folder + "/key.pem", now: now).libtrustIdentifier }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(identifiers.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["key.pem"])
    }

    @Test func `a key file that others may read is refused`() throws {
        let path = folder + "/key.pem"
        _ = try SigningKey.load(path: path, now: now)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: PrivateFileError.notPrivate(path: path, mode: 0o644)) {
            try SigningKey.load(path: path, now: now)
        }
    }

    @Test(arguments: [
        ("", "private key"),
        ("no PEM", "private key"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n", "PEM"),
        (KnownKey.certificate, "private key"),
        (KnownKey.privateKey, "no certificate"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" + KnownKey.certificate, "P-256"),
        (KnownKey.privateKey + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read"),
    ])
    func `a file without a usable key says what is wrong with it`(pem: String, reason: String) throws {
        let error = try #require(throws: SigningKeyError.self) { try SigningKey(pem: pem, path: "/srv/key.pem") }
        #expect(error.reason.contains(reason))
        #expect(error.description.contains("/srv/key.pem"))
    }

    @Test func `a certificate for another key is refused`() throws {
        let other = try SigningKey.generate(now: now)
        let error = try #require(throws: SigningKeyError.self) {
            try SigningKey(pem: KnownKey.privateKey + other.certificatePEM, path: "key.pem")
        }
        #expect(error.reason.contains("not one for its private key"))
    }
}
