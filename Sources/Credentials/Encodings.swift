/// The text encodings of keys and tokens that Foundation does not have.
enum Encodings {
    /// RFC 4648 section 5, without padding.
    static func base64URL(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        encode(bytes, bits: 6, alphabet: base64URLAlphabet, into: &text)
        return text
    }

    /// RFC 4648 section 6, without padding.
    static func base32(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        encode(bytes, bits: 5, alphabet: base32Alphabet, into: &text)
        return text
    }

    /// Two lower-case digits a byte.
    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [hexDigits[Int($0 >> 4)], hexDigits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static let base64URLAlphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let base32Alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    private static let hexDigits = Array("0123456789abcdef".utf8)

    private static func encode(
        _ bytes: some Collection<UInt8>, bits: UInt32, alphabet: [UInt8], into text: inout [UInt8]
    ) {
        let mask = UInt32(1) << bits - 1
        var pending: UInt32 = 0
        var count: UInt32 = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            count += 8
            while count >= bits {
                count -= bits
                text.append(alphabet[Int(pending >> count & mask)])
            }
            pending &= UInt32(1) << count - 1
        }
        if count > 0 { text.append(alphabet[Int(pending << (bits - count) & mask)]) }
    }
}
