/// Texts whose combining marks are few in a row: the Stream-Safe Text Format (Unicode Standard Annex #15, 13).
///
/// To compare, hash or split a text normalises it, and that takes the square of the length of its longest run of
/// such marks: seconds for the 64 KB of a form, minutes for a megabyte. No text of any language needs more than
/// 30 of them, so what comes from outside is looked through once, in proportion to its length, and refused.
public enum StreamSafeText {
    /// How bytes stand for a text.
    public enum Form: Sendable {
        /// UTF-8.
        case plain
        /// UTF-8 in which `%41` and `A` are the same (URL Standard, 1.3).
        case percentEncoded
        /// JSON, in whose texts `\u0041` and `A` are the same (RFC 8259, 7).
        case json

        /// What a character begins with that is written in others.
        fileprivate var escape: UInt8? {
            switch self {
            case .plain: nil
            case .percentEncoded: UInt8(ascii: "%")
            case .json: UInt8(ascii: "\\")
            }
        }
    }

    /// What to say to whoever sent another text.
    public static let refusal = "a text has more than 30 combining marks in a row (Unicode Standard Annex #15, 13)"

    /// How many marks may stand in a row (UAX15-D4).
    public static let longestRun = 30

    /// Whether no text in `bytes` has more marks in a row than that. Looks at each byte once.
    public static func isSafe(_ bytes: some Sequence<UInt8>, _ form: Form = .plain) -> Bool {
        // Every value of a directory passes here: in one piece of memory they are looked through ten times as fast.
        bytes.withContiguousStorageIfAvailable { buffer in
            // ASCII has no marks, and none is written in it without an escape.
            let escape = form.escape
            return buffer.contains { $0 >= 0x80 || $0 == escape } ? scan(buffer, form) : true
        } ?? scan(bytes, form)
    }

    private static func scan(_ bytes: some Sequence<UInt8>, _ form: Form) -> Bool {
        var scanner = MarkScanner()
        switch form {
        case .plain: for byte in bytes { scanner.take(byte) }
        case .percentEncoded: scanPercentEncoded(bytes, &scanner)
        case .json: scanJSON(bytes, &scanner)
        }
        return scanner.longest <= longestRun
    }

    private static func scanPercentEncoded(_ bytes: some Sequence<UInt8>, _ scanner: inout MarkScanner) {
        // Digits of a byte that is being read, and its value so far.
        var (missing, value) = (0, UInt8(0))
        for byte in bytes {
            if missing > 0, let digit = byte.hexValue {
                value = value << 4 | digit
                missing -= 1
                if missing == 0 { scanner.take(value) }
            } else if byte == UInt8(ascii: "%") {
                (missing, value) = (2, 0)
            } else {
                missing = 0
                scanner.take(byte)
            }
        }
    }

    private static func scanJSON(_ bytes: some Sequence<UInt8>, _ scanner: inout MarkScanner) {
        var isEscaped = false
        var (missing, unit, high) = (0, UInt32(0), UInt32(0))
        for byte in bytes {
            if missing > 0, let digit = byte.hexValue {
                unit = unit << 4 | UInt32(digit)
                missing -= 1
                guard missing == 0 else { continue }
                // A character beyond the first plane is written as two units.
                if unit >> 10 == 0xD800 >> 10 {
                    high = unit
                } else {
                    let isPair = high != 0 && unit >> 10 == 0xDC00 >> 10
                    scanner.count(isPair ? 0x1_0000 + (high & 0x3FF) << 10 + (unit & 0x3FF) : unit)
                    high = 0
                }
            } else if isEscaped {
                isEscaped = false
                if byte == UInt8(ascii: "u") { (missing, unit) = (4, 0) } else { scanner.take(byte) }
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                (missing, high) = (0, 0)
                scanner.take(byte)
            }
        }
    }
}

/// Counts the combining marks in a row of a text that comes byte by byte.
private struct MarkScanner {
    private(set) var longest = 0
    private var run = 0
    private var scalar: UInt32 = 0
    private var missing = 0

    mutating func take(_ byte: UInt8) {
        if byte < 0x80 {
            (run, missing) = (0, 0)
        } else if byte < 0xC0 {
            // What is malformed becomes U+FFFD, which is no mark.
            guard missing > 0 else { return run = 0 }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
            missing -= 1
            if missing == 0 { count(scalar) }
        } else {
            missing = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3
            scalar = UInt32(byte & (0x3F >> UInt8(missing)))
        }
    }

    mutating func count(_ value: UInt32) {
        let isMark = Unicode.Scalar(value)?.properties.canonicalCombiningClass ?? .notReordered != .notReordered
        run = isMark ? run + 1 : 0
        longest = max(longest, run)
    }
}
