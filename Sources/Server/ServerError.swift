public import AccessControl

/// Why the service or a command on its file cannot start, in words for whoever started it.
public enum ServerError: Error, Sendable, CustomStringConvertible {
    /// A setting that cannot be used.
    case setting(key: String, reason: String)
    case cannotStart(String)
    case access(AccessError)

    public var description: String {
        switch self {
        case .setting(let key, let reason): "setting \(key): \(reason)"
        case .cannotStart(let text): text
        case .access(let error): error.description
        }
    }

    /// 2 for what the caller can mend in the call, 3 for what is out of reach, 4 for what is refused.
    public var exitCode: Int32 {
        switch self {
        case .setting: 2
        // Who starts it again gets the same, until somebody has migrated the database.
        case .access(.storage(.unknownSchema)): 2
        case .cannotStart: 3
        case .access(.storage), .access(.directory), .access(.tooManyAttempts), .access(.tooManyQuestions),
            .access(.revisionNotReached):
            3
        case .access(.forbidden), .access(.unauthenticated): 4
        case .access: 2
        }
    }
}
