/// GUIDs and SIDs, as text and as the bytes that Windows sends.
enum WindowsIdentity {
    // The first three fields of a GUID are little-endian (MS-DTYP 2.3.4.2).
    private static let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]

    /// `f81d4fae-7dec-11d0-a765-00a0c91e6bf6`; nil if it is not of that form.
    static func guid(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8.filter { $0 != UInt8(ascii: "-") })
        guard text.utf8.count == 36, let bytes = bytes(hex: digits), bytes.count == 16 else { return nil }
        return order.map { bytes[$0] }
    }

    static func text(guid bytes: [UInt8]) -> String {
        order.enumerated().map { place, index in
            ([4, 6, 8, 10].contains(place) ? "-" : "") + (bytes[index] < 16 ? "0" : "")
                + String(bytes[index], radix: 16)
        }.joined()
    }

    /// The GUID in the base `<GUID=…>`, either with dashes or as hexadecimal bytes in their order.
    static func guid(base: String) -> [UInt8]? {
        guard base.uppercased().hasPrefix("<GUID="), base.hasSuffix(">") else { return nil }
        let text = String(base.dropFirst(6).dropLast())
        return guid(text) ?? bytes(hex: Array(text.utf8))
    }

    /// A GUID that depends on the number only. Like many real ones it is no UTF-8.
    static func guid(number: Int) -> [UInt8] {
        let seed = UInt64(bitPattern: Int64(number))
        var bytes = mixed(seed).bytes + mixed(~seed).bytes
        bytes[7] = bytes[7] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        return bytes
    }

    /// `S-1-5-21-1-2-3-1104`; nil if it is not of that form (MS-DTYP 2.4.2).
    static func sid(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: "-")
        let numbers = parts.dropFirst(3).compactMap { UInt32($0) }
        guard parts.count > 3, parts[0] == "S", parts[1] == "1", let authority = UInt64(parts[2]),
            numbers.count == parts.count - 3, numbers.count < 16
        else { return nil }
        return [1, UInt8(numbers.count)] + authority.bytes.reversed().dropFirst(2)
            + numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
    }

    private static func bytes(hex: [UInt8]) -> [UInt8]? {
        guard hex.count % 2 == 0 else { return nil }
        let bytes = stride(from: 0, to: hex.count, by: 2).compactMap { start in
            UInt8(String(decoding: hex[start..<start + 2], as: UTF8.self), radix: 16)
        }
        return bytes.count == hex.count / 2 ? bytes : nil
    }

    /// The finaliser of SplitMix64.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var number = number &+ 0x9E37_79B9_7F4A_7C15
        number = (number ^ number >> 30) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ number >> 27) &* 0x94D0_49BB_1331_11EB
        return number ^ number >> 31
    }
}

extension UInt64 {
    /// Little-endian.
    var bytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) } }

    init(bytes: some BidirectionalCollection<UInt8>) { self = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
}
