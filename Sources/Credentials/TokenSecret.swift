import Crypto
import FoundationEssentials

/// The secret of an access token: `prt_`, 43 random characters, 6 of a checksum, from `0-9A-Za-z`;
/// `prt_[0-9A-Za-z]{49}` to a secret scanner.
///
/// The random part is 256 bits. The checksum is CRC-32 (the one of zip, RFC 1952) of the 47 characters
/// before it, in base 62, most significant digit first: a slip of the keyboard is told from
/// a revoked token without a look into the store, and a scanner's find from a chance likeness.
public struct TokenSecret: Sendable {
    /// All of it, to be shown once. Only `digest` is kept.
    public let text: String

    private init(body: [UInt8]) {
        text = String(decoding: body + Self.checksum(of: body), as: UTF8.self)
    }

    /// A new one from the system's random numbers.
    public static func generate() -> Self {
        var random = SystemRandomNumberGenerator()
        let body = (0..<randomLength).map { _ in alphabet[Int.random(in: alphabet.indices, using: &random)] }
        return Self(body: prefix + body)
    }

    /// - Returns: nil when `text` cannot be a token: another form or a wrong checksum.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == Self.length, bytes.starts(with: Self.prefix),
            bytes.dropFirst(Self.prefix.count).allSatisfy(Self.alphabet.contains),
            Self.checksum(of: bytes.dropLast(Self.checksumLength)).elementsEqual(bytes.suffix(Self.checksumLength))
        else { return nil }
        self.text = String(text)
    }

    /// SHA-256 of the text, 64 lower-case hexadecimal digits. A slow hash would add nothing: the
    /// secret is random.
    public var digest: String { Encodings.hex(SHA256.hash(data: Array(text.utf8))) }

    private static let prefix = Array("prt_".utf8)
    private static let randomLength = 43
    private static let checksumLength = 6
    private static let length = prefix.count + randomLength + checksumLength
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    private static func checksum(of body: some Sequence<UInt8>) -> [UInt8] {
        var crc = UInt32.max
        for byte in body {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        var rest = Int(~crc)
        var digits: [UInt8] = []
        for _ in 0..<checksumLength {
            digits.append(alphabet[rest % 62])
            rest /= 62
        }
        return digits.reversed()
    }
}

// So that a log line or a dump of something that holds one does not give it away.
extension TokenSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "prt_…" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
