/// Search filters (RFC 4515).
public enum LDAPFilter {
    /// `value` as it must stand in an assertion: `(cn=\(LDAPFilter.escape(value)))`.
    public static func escape(_ value: String) -> String { escape(bytes: Array(value.utf8)) }

    /// A binary value, such as an objectGUID.
    public static func escape(bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        let isText = String(validating: bytes, as: UTF8.self) != nil
        for byte in bytes {
            switch byte {
            case 0, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "\\"):
                text += hexEscape(byte)
            case 0x80... where !isText:
                text += hexEscape(byte)
            default: text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Every byte as `\xx`, for binary values that are text only by chance.
    public static func escape(allOf bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap(hexEscape), as: UTF8.self)
    }
}

/// `\2a`: one byte.
private func hexEscape(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return [UInt8(ascii: "\\"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
}
