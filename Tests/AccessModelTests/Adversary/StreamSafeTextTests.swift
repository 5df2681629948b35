import AccessModel
import ReferenceModel
import Testing

/// Texts that would take the square of their length to compare.
struct StreamSafeTextTests {
    private static let mark = "\u{0301}"
    private static let other = "\u{0323}"

    private func isSafe(_ text: String, _ form: StreamSafeText.Form = .plain) -> Bool {
        StreamSafeText.isSafe(text.utf8, form)
    }

    @Test(arguments: [(0, true), (1, true), (30, true), (31, false), (5_000, false)])
    func `so many marks in a row are enough for every language`(count: Int, safe: Bool) {
        let marks = String(repeating: Self.mark, count: count)
        #expect(isSafe("a\(marks)b") == safe)
        #expect(isSafe("a\(marks)") == safe)
        #expect(isSafe("{\"\(marks)\":1}", .json) == safe)
        let percent = String(repeating: "%CC%81", count: count)
        #expect(isSafe("scope=\(percent)&x=1", .percentEncoded) == safe)
        #expect(isSafe(percent) == true, "as it is written there is no mark in it")
        let escaped = String(repeating: "\\u0301", count: count)
        #expect(isSafe("{\"a\(escaped)\":1}", .json) == safe)
    }

    @Test func `marks of different kinds, and written in different ways, count together`() {
        let pairs = String(repeating: Self.mark + Self.other, count: 16)
        #expect(!isSafe("a\(pairs)"))
        #expect(!isSafe(String(repeating: "\u{0301}\\u0323", count: 16), .json))
        #expect(!isSafe(String(repeating: "\u{0301}%cc%81", count: 16), .percentEncoded))
        // U+1D165, musical symbol combining stem, is written as two units in JSON.
        #expect(!isSafe(String(repeating: "\\ud834\\udd65", count: 31), .json))
        #expect(!isSafe(String(repeating: "\u{1D165}", count: 31)))
    }

    @Test(
        arguments: [
            "", "elton", "Ünïçödé", "日本語", "עִבְרִית", "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
            "e\u{301}\u{301}a\u{301}", "\\u00e9\\ud83d\\ude00", "100%", "%zz%1", "\\", "\\u12",
        ])
    func `ordinary texts are safe`(text: String) {
        for form in [StreamSafeText.Form.plain, .json, .percentEncoded] { #expect(isSafe(text, form)) }
        #expect(isSafe(String(repeating: text, count: 50)))
    }

    @Test func `what is malformed is no mark`() {
        for byte in UInt8.min...UInt8.max {
            #expect(StreamSafeText.isSafe(Array(repeating: byte, count: 100)))
        }
    }

    /// The rule by the standard's own words, without a byte in it.
    private func longestRun(_ text: String) -> Int {
        var (run, longest) = (0, 0)
        for scalar in text.unicodeScalars {
            run = scalar.properties.canonicalCombiningClass == .notReordered ? 0 : run + 1
            longest = max(longest, run)
        }
        return longest
    }

    @Test(arguments: UInt64(1)...50)
    func `bytes and scalars agree`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let scalars: [Unicode.Scalar] = ["a", "\u{301}", "\u{323}", "é", "\u{1D165}", "日", "\u{5B4}", "\"", "%", "\\"]
        for _ in 1...50 {
            let text = String(
                String.UnicodeScalarView(
                    (0..<random.below(120)).map { _ in
                        random.below(8) == 0 ? scalars[random.below(scalars.count)] : scalars[1 + random.below(2)]
                    }))
            #expect(isSafe(text) == (longestRun(text) <= 30), "seed \(seed)")
        }
    }
}
