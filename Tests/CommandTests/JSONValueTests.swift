import Foundation
import StrictJSON
import Testing

@testable import Wording
@testable import portreeve

@Suite struct JSONValueTests {
    @Test(arguments: [
        #"{"b":1,"a":[true,false,null,-1.50e3],"c":{"d":"é\"\\\n"}}"#, "[]", "{}", #""text""#, "12345678901234567890",
    ])
    func `what is read is written back the same`(text: String) throws {
        #expect(try JSONParser.parse(Data(text.utf8)).compact == text)
    }

    @Test func `pretty text keeps the order of members`() throws {
        let value = try JSONParser.parse(Data(#"{"z":1,"a":[],"m":{"x":[1,2]}}"#.utf8))
        #expect(
            value.pretty == "{\n  \"z\": 1,\n  \"a\": [],\n  \"m\": {\n    \"x\": [\n      1,\n      2\n    ]\n  }\n}")
    }

    @Test func `a text of others moves no cursor and turns no line around`() {
        let value: JSONValue = ["name": "a\u{1B}[31m\u{7}\u{202E}b\r\n"]
        #expect(value["name"].text == "a [31m  b  ")
        #expect(value.compact == #"{"name":"a\u001b[31m\u0007\u202eb\r\n"}"#)
    }

    @Test func `absent members are left out and null stays`() {
        #expect(JSONValue(members: [("a", nil), ("b", .null), ("c", true)]).compact == #"{"b":null,"c":true}"#)
    }
}
