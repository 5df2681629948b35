import AccessModel
import Testing

@testable import Server

/// Lines of the log: what others chose cannot look like another line or another value.
@Suite struct LogLineTests {
    private static let time = Timestamp(seconds: 1_795_940_858)

    @Test(
        arguments: [
            ("elton", "login=elton"), ("", #"login="""#), ("a b", #"login="a b""#), ("a=b", #"login="a=b""#),
            ("a\nnotice login refused address=192.0.2.9", #"login="a\nnotice login refused address=192.0.2.9""#),
            (#"x" address="192.0.2.9"#, #"login="x\" address=\"192.0.2.9""#), ("CORP\\elton", #"login="CORP\\elton""#),
            ("\u{1B}[31m", #"login="\u001b[31m""#), ("\u{202E}x", #"login="\u202ex""#), ("zoë", #"login="zoë""#),
        ])
    func `a value is itself or a JSON text`(login: String, shown: String) {
        let line = LogLine(
            time: Self.time, level: "notice", message: "login refused", ["login": login, "address": "192.0.2.7"])
        let text = line.written(as: .text)
        #expect(text == "2026-11-29T08:27:38Z notice login refused address=192.0.2.7 \(shown)")
        #expect(!text.contains("\n"))
    }

    @Test func `the address is first, and the rest by name`() {
        let line = LogLine(
            time: Self.time, level: "info", message: "m", ["actor": "a", "zone": "z", "address": "192.0.2.7"])
        #expect(line.values.map(\.key) == ["address", "actor", "zone"])
    }

    @Test func `a line of JSON is an object`() {
        let line = LogLine(time: Self.time, level: "info", message: "a \"b\"", ["k": "v\n"])
        #expect(
            line.written(as: .json)
                == #"{"time":"2026-11-29T08:27:38Z","level":"info","message":"a \"b\"","k":"v\n"}"#)
    }
}
