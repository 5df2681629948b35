import AccessModel

/// The binary forms that Active Directory keeps identities and times in.
enum WindowsFormat {
    /// 16 bytes as `f81d4fae-7dec-11d0-a765-00a0c91e6bf6`; the first three fields are little-endian.
    static func guid(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count == 16 else { return nil }
        let bytes = Array(bytes)
        let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
        var text = ""
        for (place, index) in order.enumerated() {
            if [4, 6, 8, 10].contains(place) { text += "-" }
            text += bytes[index] < 16 ? "0" : ""
            text += String(bytes[index], radix: 16)
        }
        return text
    }

    /// The 16 bytes of a GUID in that form; nil for any other text.
    static func bytes(guid: String) -> [UInt8]? {
        let digits = guid.utf8.filter { $0 != UInt8(ascii: "-") }
        guard digits.count == 32 else { return nil }
        let bytes = stride(from: 0, to: 32, by: 2).compactMap { place in
            UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16)
        }
        guard bytes.count == 16 else { return nil }
        return [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map { bytes[$0] }
    }

    /// MS-DTYP 2.4.2.2: revision, count, six bytes of authority, then 32-bit little-endian parts.
    static func sid(_ bytes: ArraySlice<UInt8>) -> String? {
        let bytes = Array(bytes)
        guard bytes.count >= 8, bytes[0] == 1, bytes.count == 8 + 4 * Int(bytes[1]) else { return nil }
        let authority = bytes[2..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let parts = stride(from: 8, to: bytes.count, by: 4).map { start in
            bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        return "S-1-\(authority)" + parts.map { "-\($0)" }.joined()
    }

    /// `accountExpires`: intervals of 100 ns since 1601; 0 and the largest number mean never, which is nil.
    static func expiry(_ intervals: Int64) -> Timestamp? {
        guard intervals > 0, intervals != .max else { return nil }
        return Timestamp(seconds: intervals / 10_000_000 - 11_644_473_600)
    }
}
