import AccessModel
import StrictJSON
import Testing

@Suite struct JSONMembersTests {
    private struct Limits: JSONReadable, Equatable {
        let most: Int
        let names: [AccountName]?
        let note: String??

        init(json: JSONValue) throws(JSONError) {
            var members = try JSONMembers(json)
            most = try members.required(Int.self, "most", "a whole number of seconds")
            names = try members.optional([AccountName].self, "names")
            note = try members.nullable(String.self, "note")
            try members.refuseUnknown()
        }
    }

    private struct Holder: JSONReadable {
        let limits: [Limits]
        let level: AccessLevel?

        init(json: JSONValue) throws(JSONError) {
            var members = try JSONMembers(json)
            limits = try members.required([Limits].self, "limits")
            level = try members.optional(AccessLevel.self, "level")
            try members.refuseUnknown()
        }
    }

    @Test(arguments: [
        (#"[]"#, "", "use a JSON object"), (#"{}"#, "limits", "it is missing"),
        (#"{"limits":{}}"#, "limits", "use a list"), (#"{"limits":[1]}"#, "limits[0]", "use a JSON object"),
        (#"{"limits":[{"most":1},{}]}"#, "limits[1].most", "it is missing; use a whole number of seconds"),
        (#"{"limits":[{"most":"1"}]}"#, "limits[0].most", "use a whole number of seconds"),
        (#"{"limits":[{"most":1,"names":["a","B"]}]}"#, "limits[0].names[1]", "is not a valid account name"),
        (#"{"limits":[{"most":1,"names":[7]}]}"#, "limits[0].names[0]", "use a text"),
        (#"{"limits":[{"most":1,"note":1}]}"#, "limits[0].note", "use a text"),
        (#"{"limits":[{"mots":1,"most":2}]}"#, "limits[0].mots", "there is no such member; is most meant?"),
        (#"{"limits":[{"age":1,"most":2}]}"#, "limits[0].age", "there is no such member; there are most, names, note"),
        (#"{"limits":[{"mots":1}]}"#, "limits[0].most", "it is missing; is it meant by \"mots\"?"),
        (#"{"Limits":[]}"#, "limits", "it is missing; is it meant by \"Limits\"?"),
        (#"{"limits":[],"level":"write"}"#, "level", "use read-only, read-write, admin"),
        (#"{"limits":[],"level":7}"#, "level", "use read-only, read-write, admin"),
        (#"{"limits":[],"colour":"red","age":1}"#, "age", "there is no such member"),
    ])
    func `what is wrong is named by its path`(_ json: String, _ path: String, _ reason: String) {
        let error = #expect(throws: JSONError.self) { try Holder(parsing: json.utf8) }
        #expect(error?.path == path)
        #expect(error?.description.contains(reason) == true, "\(error.map(String.init) ?? "")")
    }

    @Test func `what is refused is cut, also where one character is as long as its text`() {
        let long = "a" + String(repeating: "\u{200D}", count: 20_000)
        for json in [
            #"{"\#(long)":1,"limits":[]}"#, #"{"limits":[],"level":"\#(long)"}"#, #"{"\#(long)":1,"\#(long)":1}"#,
        ] {
            let error = #expect(throws: JSONError.self) { try Holder(parsing: json.utf8) }
            #expect((error?.description.utf8.count ?? .max) < 1_500)
        }
    }

    @Test func `absent and null are told apart where it matters`() throws {
        for (json, note) in [
            (#"{"most":1}"#, nil), (#"{"most":1,"note":null}"#, .some(nil)), (#"{"most":1,"note":"a"}"#, "a"),
        ] as [(String, String??)] {
            #expect(try Limits(parsing: json.utf8).note == note)
        }
        #expect(try Limits(parsing: #"{"most":1,"names":null}"#.utf8).names == nil)
    }
}
