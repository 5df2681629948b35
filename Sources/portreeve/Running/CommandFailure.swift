/// Why a command ends without having done what it was asked for: one message for a person, and
/// the exit code.
struct CommandFailure: Error, CustomStringConvertible {
    var status: CommandStatus
    /// Empty when everything has been said on standard output.
    var description: String

    init(_ status: CommandStatus, _ description: String = "") {
        self.status = status
        self.description = description
    }

    static func input(_ description: String) -> CommandFailure { CommandFailure(.input, description) }
    static func unreachable(_ description: String) -> CommandFailure { CommandFailure(.unreachable, description) }
}
