extension BER {
    static func element(_ tag: UInt8, _ content: some Collection<UInt8>) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    static func element(_ tag: UInt8, elements: [[UInt8]]) -> [UInt8] { element(tag, Array(elements.joined())) }

    static func sequence(_ elements: [UInt8]...) -> [UInt8] { element(sequence, elements: elements) }

    static func string(_ text: String, tag: UInt8 = octetString) -> [UInt8] { element(tag, Array(text.utf8)) }

    static func bytes(_ bytes: [UInt8], tag: UInt8 = octetString) -> [UInt8] { element(tag, bytes) }

    static func boolean(_ value: Bool) -> [UInt8] { element(boolean, [value ? 0xFF : 0]) }

    /// The shortest form of a signed number.
    static func number(_ value: Int, tag: UInt8 = integer) -> [UInt8] {
        var bytes = [UInt8(truncatingIfNeeded: value)]
        var rest = value >> 7
        while rest != 0, rest != -1 {
            bytes.insert(UInt8(truncatingIfNeeded: rest >> 1), at: 0)
            rest >>= 8
        }
        return element(tag, bytes)
    }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        let bytes = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: count >> $0) }
        let digits = bytes.drop { $0 == 0 }
        return [0x80 | UInt8(digits.count)] + digits
    }
}
