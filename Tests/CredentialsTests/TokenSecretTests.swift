import Foundation
import Testing

@testable import Credentials

@Suite struct TokenSecretTests {
    @Test func `a new token has the form a scanner looks for`() throws {
        for _ in 0..<200 {
            let secret = TokenSecret.generate()
            #expect(try #/prt_[0-9A-Za-z]{49}/#.wholeMatch(in: secret.text) != nil)
            #expect(TokenSecret(secret.text)?.digest == secret.digest)
        }
    }

    @Test func `no token comes twice`() {
        #expect(Set((0..<1000).map { _ in TokenSecret.generate().text }).count == 1000)
    }

    // Checksums by Python's zlib.crc32, digests by its hashlib.
    @Test(arguments: [
        (
            "prt_00000000000000000000000000000000000000000001xR6HL",
            "b3b24a1dcd2482fd88b99002cbe0555fe2426718df8274291aea8ec3fe0733d7"
        ),
        (
            "prt_TheQuickBrownFoxJumpsOverTheLazyDog012345674AihYU",
            "32f0d8cec18aff72cc9a317448cc4b71af4ad800f93a83fb41815077a8fdfc27"
        ),
    ])
    func `a token's checksum is CRC-32 and its digest SHA-256`(text: String, digest: String) {
        #expect(TokenSecret(text)?.digest == digest)
    }

    @Test(arguments: [
        "", "prt_", "correct horse",
        "prt_00000000000000000000000000000000000000000001xR6HM",
        "prt_10000000000000000000000000000000000000000001xR6HL",
        "prt_00000000000000000000000000000000000000000001xR6H",
        "prt_00000000000000000000000000000000000000000001xR6HLL",
        "PRT_00000000000000000000000000000000000000000001xR6HL",
        "prt-00000000000000000000000000000000000000000001xR6HL",
        " prt_0000000000000000000000000000000000000000001xR6HL",
    ])
    func `a slip of the keyboard is no token`(text: String) {
        #expect(TokenSecret(text) == nil)
    }

    @Test func `every single wrong character is noticed`() {
        let text = TokenSecret.generate().text
        for index in text.indices.dropFirst(4) {
            let wrong: Character = text[index] == "a" ? "b" : "a"
            #expect(TokenSecret(text.replacingCharacters(in: index...index, with: String(wrong))) == nil)
        }
    }

    @Test func `printing one gives nothing away`() {
        struct Holder { var secret: TokenSecret }
        let secret = TokenSecret.generate()
        var dumped = ""
        dump(Holder(secret: secret), to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\(Holder(secret: secret))", dumped] {
            #expect(!text.contains(secret.text.dropFirst(4)))
        }
    }
}
