import AccessModel

/// Times as directories write them (RFC 4517, 3.3.13): `20260301120000Z`.
enum GeneralizedTime {
    /// nil for anything but UTC to the second, perhaps with a fraction, which is cut.
    static func timestamp(_ text: String) -> Timestamp? {
        let digits = Array(text.utf8.prefix { (0x30...0x39).contains($0) })
        guard digits.count == 14, text.utf8.last == UInt8(ascii: "Z") else { return nil }
        func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
        return Timestamp(
            "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):\(part(12..<14))Z")
    }

    /// To the second.
    static func text(_ time: Timestamp) -> String {
        time.description.filter(\.isNumber).prefix(14) + "Z"
    }
}
