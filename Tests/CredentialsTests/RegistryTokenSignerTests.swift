import AccessControl
import AccessModel
import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import Credentials

private struct Header: Decodable, Equatable {
    var alg: String
    var kid: String
    var typ: String
    var x5c: [String]
}

private struct KeySet: Decodable {
    struct Key: Decodable {
        var kty: String
        var crv: String
        var x: String
        var y: String
        var use: String
        var alg: String
        var kid: String
        var x5c: [String]
    }
    var keys: [Key]
}

private func decoded(_ base64URL: some StringProtocol) throws -> Data {
    let text = base64URL.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    #expect(!base64URL.contains("="))
    return try #require(Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4)))
}

@Suite struct RegistryTokenSignerTests {
    let signer: RegistryTokenSigner
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let path = folder.path + "/key.pem"
        let pem = KnownKey.privateKey + KnownKey.certificate
        #expect(
            FileManager.default.createFile(
                atPath: path, contents: Data(pem.utf8), attributes: [.posixPermissions: 0o600]))
        signer = try RegistryTokenSigner(path: path, now: Timestamp(seconds: 1_780_000_000))
    }

    /// What a client knows of the key, from the key set alone.
    private func publishedKey() throws -> P256.Signing.PublicKey {
        let key = try #require(JSONDecoder().decode(KeySet.self, from: Data(signer.keySet)).keys.first)
        return try P256.Signing.PublicKey(rawRepresentation: decoded(key.x) + decoded(key.y))
    }

    @Test(arguments: ["{}", #"{"a":1}"#, #"{"sub":"a"}"#, #"{"sub":"müller"}"#, #"{"access":[{"name":"a/b"}]}"#])
    func `a token verifies with the published key`(claims: String) throws {
        let token = try signer.sign(Array(claims.utf8))
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        try #require(parts.count == 3)
        #expect(try decoded(parts[1]) == Data(claims.utf8))
        let signature = try decoded(parts[2])
        #expect(signature.count == 64)
        let ecdsa = try P256.Signing.ECDSASignature(rawRepresentation: signature)
        #expect(try publishedKey().isValidSignature(ecdsa, for: Data("\(parts[0]).\(parts[1])".utf8)))
        #expect(try !publishedKey().isValidSignature(ecdsa, for: Data("\(parts[0]).\(parts[1])x".utf8)))
    }

    @Test func `the header names the key by libtrust's identifier and by its certificate`() throws {
        let token = try signer.sign(Array("{}".utf8))
        let header = try JSONDecoder().decode(Header.self, from: decoded(#require(token.split(separator: ".").first)))
        let certificate = KnownKey.certificate.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        #expect(header == Header(alg: "ES256", kid: KnownKey.libtrustIdentifier, typ: "JWT", x5c: [certificate]))
    }

    @Test func `the key set names the key by both identifiers`() throws {
        let keys = try JSONDecoder().decode(KeySet.self, from: Data(signer.keySet)).keys
        #expect(keys.map(\.kid) == [KnownKey.libtrustIdentifier, KnownKey.thumbprint])
        for key in keys {
            #expect([key.kty, key.crv, key.use, key.alg] == ["EC", "P-256", "sig", "ES256"])
            #expect([key.x, key.y] == [KnownKey.x, KnownKey.y])
            #expect(key.x5c.count == 1)
        }
    }

    @Test func `an RSA key signs with RS256, and is published with its numbers`() throws {
        #expect(try signer.makeNext(.rs256, now: Timestamp(seconds: 1_780_000_000)))
        #expect(try !signer.makeNext(.es256, now: Timestamp(seconds: 1_780_000_000)), "there is one already")
        #expect(try !signer.activateNext("another"), "one that took its place meanwhile")
        let next = try #require(signer.keys.first { $0.role == .next })
        #expect(try signer.activateNext(next.id))
        let token = try signer.sign(Array("{}".utf8))
        let parts = token.split(separator: ".")
        let header = try JSONDecoder().decode(Header.self, from: decoded(parts[0]))
        #expect(header.alg == "RS256")
        struct Numbers: Decodable { var keys: [[String: Value]] }
        enum Value: Decodable {
            case text(String), list([String])
            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    self = .text(text)
                } else {
                    self = .list(try container.decode([String].self))
                }
            }
            var text: String { if case .text(let text) = self { text } else { "" } }
        }
        let key = try #require(JSONDecoder().decode(Numbers.self, from: Data(signer.keySet)).keys.first)
        #expect([key["kty"]?.text, key["alg"]?.text, key["kid"]?.text] == ["RSA", "RS256", header.kid])
        let numbers = _RSA.Signing.PublicKey.self
        let published = try numbers.init(
            n: decoded(try #require(key["n"]?.text)), e: decoded(try #require(key["e"]?.text)))
        let signature = _RSA.Signing.RSASignature(rawRepresentation: try decoded(parts[2]))
        #expect(
            published.isValidSignature(
                signature, for: Data("\(parts[0]).\(parts[1])".utf8), padding: .insecurePKCS1v1_5))
    }

    /// Distribution 3 drops leading zeros of coordinates, and would look for another name.
    @Test func `no key begins a coordinate with zero`() throws {
        // One key in 128 would.
        for _ in 0..<2_000 {
            let key = try SigningKey.generate(now: Timestamp(seconds: 1_780_000_000))
            for (name, value) in key.parameters where name == "x" || name == "y" {
                let first = try decoded(value).first
                #expect(first != 0)
            }
        }
    }

    @Test func `the key set holds nothing private`() throws {
        let set = try #require(JSONSerialization.jsonObject(with: Data(signer.keySet)) as? [String: [[String: Any]]])
        for key in try #require(set["keys"]) {
            #expect(Set(key.keys) == ["alg", "crv", "kid", "kty", "use", "x", "x5c", "y"])
        }
    }

    @Test func `the bundle is the certificate alone`() {
        #expect(signer.certificateBundle == KnownKey.certificate)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"), ("\u{FB}\u{FF}", "w7vDvw"), ("~~~???", "fn5-Pz8_"),
    ])
    func `base64url is that of RFC 4648`(text: String, encoded: String) {
        #expect(String(decoding: Encodings.base64URL(Array(text.utf8)), as: UTF8.self) == encoded)
    }

    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ])
    func `base32 is that of RFC 4648`(text: String, encoded: String) {
        #expect(String(decoding: Encodings.base32(Array(text.utf8)), as: UTF8.self) == encoded)
    }
}
