import StrictJSON
import Wording

/// What a command's exit code says.
enum CommandStatus: Int32, Sendable {
    case done = 0
    /// The answer is no.
    case no = 1
    /// The command line or the input is wrong.
    case input = 2
    /// The service, its database or the directory cannot be reached.
    case unreachable = 3
    /// Rights or the brake stand against it.
    case refused = 4
    /// There is no such thing, or none that one may see.
    case missing = 5
    /// A directory was not read completely, and nothing was removed for it.
    case incomplete = 6

    /// Of a response's status.
    init(http status: Int) {
        self =
            switch status {
            case 200..<300: .done
            case 401, 403: .refused
            case 404: .missing
            case 429, 500...: .unreachable
            default: .input
            }
    }

    /// Of a synchronisation as the API gives it.
    init(sync run: JSONValue) {
        self =
            switch run["state"].text {
            case "held", "lapsed": .refused
            case "planned" where !run["held"].items.isEmpty: .refused
            case "failed": .unreachable
            default: SyncReport.isIncomplete(run) ? .incomplete : .done
            }
    }
}
