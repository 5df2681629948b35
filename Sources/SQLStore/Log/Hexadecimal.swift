import Foundation

/// Lower-case hexadecimal digits of bytes.
enum Hexadecimal {
    static let digits = Array("0123456789abcdef".utf8)

    static func text(_ bytes: some ContiguousBytes, prefix: StaticString = "") -> String {
        var text: [UInt8] = []
        text.reserveCapacity(prefix.utf8CodeUnitCount + 64)
        prefix.withUTF8Buffer { text.append(contentsOf: $0) }
        bytes.withUnsafeBytes { bytes in
            for byte in bytes {
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
