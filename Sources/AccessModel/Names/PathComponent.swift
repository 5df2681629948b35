/// The grammar of one repository path component in the OCI distribution specification 1.1:
/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`. Account, team and service account names use it too.
enum PathComponent {
    static func isValid(_ text: String) -> Bool { isValid(text.utf8[...]) }

    static func isValid(_ text: Substring.UTF8View) -> Bool {
        var previous = Separator.start
        for byte in text {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                previous = .none
            case UInt8(ascii: "."):
                guard previous == .none else { return false }
                previous = .closed
            case UInt8(ascii: "_"):
                switch previous {
                case .none: previous = .underscore
                case .underscore: previous = .closed
                default: return false
                }
            case UInt8(ascii: "-"):
                guard previous == .none || previous == .dash else { return false }
                previous = .dash
            default:
                return false
            }
        }
        return previous == .none
    }

    /// What stands before the byte at hand: nothing yet, a letter or digit (`none`), a
    /// separator that may grow (`underscore` to two, `dash` to any number), or one that may not.
    private enum Separator { case start, none, underscore, dash, closed }
}
