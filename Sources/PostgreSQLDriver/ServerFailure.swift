import AccessControl

/// Why a server refused something, or a connection was lost, in their words.
struct ServerFailure: Error, CustomStringConvertible {
    /// SQLSTATE (PostgreSQL, appendix A); empty where the connection failed and the server said nothing.
    let state: String
    let message: String
    /// The constraint that was broken, if one was.
    var constraint: String?

    init(state: String, message: String, constraint: String? = nil) {
        (self.state, self.message, self.constraint) = (state, message, constraint)
    }

    var description: String { state.isEmpty ? message : "\(state) \(message)" }

    static func lost(_ message: String) -> ServerFailure { ServerFailure(state: "", message: message) }

    /// Whether this server takes no writes from this connection any more: another one may.
    var isLoss: Bool {
        state.isEmpty || state.hasPrefix("08") || ["57P01", "57P02", "57P03", "25006"].contains(state)
    }

    /// Whether the same transaction may succeed when it is run again.
    var isPassing: Bool {
        switch state {
        // Serialization failure, deadlock.
        case "40001", "40P01": true
        // Another writer, which did not take the lock.
        case "23505": constraint == "changes_pkey"
        default: isAboutStatement
        }
    }

    /// Whether what was prepared on this connection is of no use any more: a plan no longer fits, or a statement is gone.
    var isAboutStatement: Bool { state == "0A000" || state == "26000" }
}

extension StorageError {
    /// Our own words for a failure of the server; its words go to the log.
    init(_ failure: ServerFailure) {
        self =
            switch failure.state {
            case "23505": .constraint("there is one of that name or identity already")
            case "23503": .constraint("it names something that is not there, or something else still names it")
            case "23502": .constraint("a value is missing")
            case "23514": .constraint("a value is not one of those allowed")
            case "55P03", "53300": .busy
            case "53100": .diskFull
            case "42501":
                .failed(
                    "the database's role may not do this: let it own the tables, or grant it SELECT, INSERT, UPDATE and "
                        + "DELETE on all of them")
            case "28P01": .unreachable("the server refused the password of the role")
            case "unusable": .unknownSchema("the database's server cannot be used: \(failure.message)")
            case "XX001", "XX002": .damaged("its pages contradict each other: restore a backup")
            default:
                failure.isLoss
                    ? .unreachable(
                        "no server answers and takes writes, or it refused the role, the database or one more connection"
                    )
                    : .failed("see the log of the service")
            }
    }
}
