import Foundation
import ReferenceModel
import StrictJSON
import Testing

@Suite struct JSONParserTests {
    @Test func `a value keeps the order of its members and the spelling of its numbers`() throws {
        let value = try JSONParser.parse(#" {"b": 1, "a": [true, false, null, -1.50e3], "c": {"d": ""}} "#.utf8)
        #expect(value.members.map(\.name) == ["b", "a", "c"])
        #expect(value["b"] == .number("1") && value["c"]["d"] == "")
        #expect(value["a"].items == [.bool(true), .bool(false), .null, .number("-1.50e3")])
        #expect(value["nothing"].isNull)
    }

    @Test(arguments: [
        (#""\u00e9\ud83d\ude00\t""#, "é😀\t"), (#""\"\\\/\b\f\n\r""#, "\"\\/\u{8}\u{C}\n\r"), (#""é😀""#, "é😀"),
        (#""a\u0000b""#, "a\0b"), ("\"\u{FFFD}\u{7F}\"", "\u{FFFD}\u{7F}"),
    ])
    func `a text is what is written`(_ json: String, _ text: String) throws {
        #expect(try JSONParser.parse(json.utf8) == .string(text))
    }

    /// RFC 8259, and what RFC 7493 leaves out of it.
    @Test(
        arguments: [
            ("", "a value should be here", 1), ("{", "the name of a member", 2), ("{\"a\"}", "a colon", 5),
            ("{\"a\":}", "a value", 6), ("{\"a\":1,}", "a comma before this }", 8),
            ("{a:1}", "the name of a member", 2),
            ("{\"a\":1 \"b\":2}", "a comma or }", 8), ("[1,]", "a comma before this ]", 4), ("[1,", "a value", 4),
            ("[1 2]", "a comma or ]", 4), ("tru", "a value", 1), ("nul", "a value", 1), ("True", "a value", 1),
            ("'a'", "a value", 1), ("NaN", "a value", 1), ("01", "something follows", 2), ("+1", "a value", 1),
            ("-", "a value", 1), (".5", "a value", 1), ("1.", "a digit", 3), ("1e", "a digit", 3),
            ("1e+", "a digit", 4),
            ("1 2", "something follows", 3), ("{}{}", "something follows", 3), ("\u{FEFF}{}", "a byte order mark", 1),
            ("\"open", "not closed", 1), ("\"a\tb\"", "a control character", 3), ("\"\\", "no such escape", 2),
            (#""\x""#, "no such escape", 2), (#""\u12""#, "no such escape", 2), (#""\u+123""#, "no such escape", 2),
            (#""\ud83d""#, "surrogate pair", 2), (#""\ud83d\u00""#, "surrogate pair", 2),
            (#""\ude00""#, "surrogate pair", 2),
            (#""\ud83d\u0041""#, "surrogate pair", 2),
            (#""a\ufffe""#, "U+FFFE", 2), (#""\ufdd0""#, "U+FDD0", 2), (#""\ud83f\udfff""#, "U+1FFFF", 2),
            (#"{"a":1,"b":2,"a":3}"#, "\"a\" is there twice", 14), (#"{"a":1,"\u0061":3}"#, "\"a\" is there twice", 8),
        ] as [(String, String, Int)])
    func `what is not I-JSON is refused with its place`(_ json: String, _ reason: String, _ column: Int) {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse(json.utf8) }
        #expect(error?.reason.contains(reason) == true, "\(error.map(String.init) ?? "")")
        #expect(error?.place?.line == 1 && error?.place?.column == column, "\(error.map(String.init) ?? "")")
    }

    @Test func `lines and characters are counted`() {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse("{\n  \"é😀\": x}".utf8) }
        #expect(error?.description == "this JSON cannot be read: a value should be here (line 2, column 9)")
    }

    @Test(
        arguments: [
            [0xFF, 0xFE, 0x7B, 0], [0xFE, 0xFF, 0, 0x7B], [0x7B, 0, 0x7D, 0], [0, 0, 0, 0x7B], [0x22, 0xFF, 0x22],
            [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xC3, 0x22],
        ] as [[UInt8]])
    func `bytes that are not UTF-8 are refused`(_ bytes: [UInt8]) {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse(bytes) }
        #expect(error?.reason.contains("UTF-") == true)
    }

    @Test func `names are compared as they are written`() throws {
        // The same letter, composed and decomposed.
        #expect(try JSONParser.parse("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8).members.count == 2)
    }

    @Test(arguments: [2, 16, 17, 18, 40])
    func `the last of many members may be the one that is there twice`(_ count: Int) throws {
        let members = (1..<count).map { "\"m\($0)\":\($0)" }
        #expect(try JSONParser.parse("{\(members.joined(separator: ","))}".utf8).members.count == count - 1)
        for twice in [1, count - 1] {
            let all = members + ["\"m\(twice)\":0"]
            #expect(throws: JSONError.self) { try JSONParser.parse("{\(all.joined(separator: ","))}".utf8) }
        }
    }

    @Test func `nesting has an end`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONParser.parse(nested(JSONParser.depthLimit).utf8)
        for depth in [JSONParser.depthLimit + 1, 100_000] {
            #expect(throws: JSONError.self) { try JSONParser.parse(nested(depth).utf8) }
        }
    }

    @Test(
        arguments: [
            ("500", 500), ("500.0", 500), ("5e2", 500), ("-0", 0), ("9223372036854775807", Int64.max), ("0.5", nil),
            ("1e30", nil), ("9223372036854775808", nil), ("9007199254740993.0", 9_007_199_254_740_993),
            ("0.5e1", 5), ("-1.20e2", -120), ("1e-400", nil), ("0e400", 0), ("0.99999999999999999999", nil),
            ("5.0000000000000000000001", nil), ("1e19", nil), ("-9223372036854775808.0", Int64.min),
            ("1e99999999999999999999", nil), ("100e-2", 1),
        ] as [(String, Int64?)])
    func `a whole number is one however it is spelled`(_ text: String, _ value: Int64?) throws {
        #expect(try JSONParser.parse(text.utf8).int64 == value)
    }

    /// Whatever is cut, doubled or changed in a text, the parser ends, and takes nothing that is not JSON.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `random damage is refused or read, and never a fault`(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let text = Array(#"{"name":"ann","full_name":"Ann \u00e9 é","n":[-1.5e3,{"x":null}],"ok":true}"#.utf8)
        for _ in 0..<2_000 {
            var bytes = text
            for _ in 0...random.below(3) {
                let place = random.below(bytes.count)
                switch random.below(3) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(UInt8(random.below(256)), at: place)
                default: bytes[place] = UInt8(random.below(256))
                }
            }
            guard let value = try? JSONParser.parse(bytes) else { continue }
            // What is read can be read by others, and says the same.
            let other = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            #expect((other as? [String: Any])?.count == value.members.count)
        }
    }
}
