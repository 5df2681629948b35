/// Distinguished names (RFC 4514).
package enum LDAPDN {
    /// `value` as it must stand in an RDN: `cn=\(LDAPDN.escape(value)),dc=example,dc=com`.
    package static func escape(_ value: String) -> String {
        let bytes = Array(value.utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for (place, byte) in bytes.enumerated() {
            let isEdge = place == 0 || place == bytes.count - 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "<"),
                UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "="):
                text += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: " ") where isEdge, UInt8(ascii: "#") where place == 0:
                text += [UInt8(ascii: "\\"), byte]
            case 0..<0x20, 0x7F:
                text += Array("\\".utf8) + Array((byte < 16 ? "0" : "").utf8) + Array(String(byte, radix: 16).utf8)
            default: text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
