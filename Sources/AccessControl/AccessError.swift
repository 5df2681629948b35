public import AccessModel
import StrictJSON

/// Everything that can go wrong in a use case, closed, for a front end to tell. A denied
/// decision is none of these: it is an answer.
public enum AccessError: Error, Hashable, Sendable {
    /// No valid credential; the text tells what to do.
    case unauthenticated(String)
    /// The actor may not; the text names the right that is missing.
    case forbidden(String)
    /// There is no such thing, or none that the actor may know of.
    case notFound(kind: String, name: String)
    /// A value cannot be used.
    case invalid(field: String, value: String?, reason: String)
    /// The same, with a word of its own.
    case unusable(code: ErrorCode, field: String, value: String, reason: String)
    /// The actor would give others what they do not have themselves, or take it.
    case beyondOwnRights(String, missing: [ControlOperation])
    /// The request contradicts what is there. `code` is stable, the text is for people.
    case conflict(code: ErrorCode, detail: String)
    /// The resource is no longer at the revision the request was made for.
    case preconditionFailed(current: Revision)
    /// Too many wrong secrets; try again in so many seconds.
    case tooManyAttempts(retryAfter: Int)
    /// Too many wrong passwords of a directory's person lately: the directory was not asked about this one.
    case loginsExhausted(retryAfter: Int)
    /// Too many questions about the past at once; ask again in so many seconds.
    case tooManyQuestions(retryAfter: Int)
    /// A line of an import cannot be used. Lines count from 1.
    case importLine(line: Int, reason: String)
    /// The revision asked for was not reached in the time given.
    case revisionNotReached(asked: Revision, current: Revision)
    /// The directory did not answer, or not as it should.
    case directory(DirectoryError)
    /// A directory whose people log in does not answer; try again in so many seconds.
    case loginUnavailable(retryAfter: Int)
    case storage(StorageError)

    /// A stable word for programs.
    public var code: ErrorCode {
        switch self {
        case .unauthenticated: .unauthenticated
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .invalid: .invalid
        case .unusable(let code, _, _, _): code
        case .beyondOwnRights: .beyondOwnRights
        case .conflict(let code, _): code
        case .preconditionFailed: .preconditionFailed
        case .tooManyAttempts, .loginsExhausted: .tooManyAttempts
        case .tooManyQuestions: .tooManyQuestions
        case .importLine: .invalidLine
        case .revisionNotReached: .revisionNotReached
        case .directory, .loginUnavailable: .directoryUnavailable
        case .storage(let error): error.code
        }
    }
}

/// What a store can fail with. The driver's own words go to the log, not in here.
public enum StorageError: Error, Hashable, Sendable {
    /// Another write, of this process or another, holds the database for longer than this one may wait.
    case busy
    case diskFull
    case readOnly
    /// The file is no database, damaged, or not made by this program.
    case damaged(String)
    /// The file was written by a newer Portreeve, or its scripts differ from ours.
    case unknownSchema(String)
    /// A constraint refused a row: two writers made the same thing.
    case constraint(String)
    /// The file that is open is not the one of that name any more.
    case replaced
    /// The disk refused to keep a change, or a server took it and did not answer. It may be there all the same.
    case uncertain
    /// No server of the database answers.
    case unreachable(String)
    /// A change was kept by one server, and the one that is to hold a copy of it did not confirm that.
    case unreplicated
    /// Nobody waits for the outcome any more. Nothing was changed.
    case abandoned
    case failed(String)

    public var code: ErrorCode {
        switch self {
        case .busy: .storageBusy
        case .diskFull: .storageFull
        case .readOnly: .storageReadOnly
        case .damaged: .storageDamaged
        case .unknownSchema: .storageSchema
        case .constraint: .storageConstraint
        case .replaced: .storageReplaced
        case .uncertain: .storageUncertain
        case .unreachable: .storageUnreachable
        case .unreplicated: .storageUnreplicated
        case .abandoned: .storageAbandoned
        case .failed: .storageFailed
        }
    }
}

extension AccessError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unauthenticated(let text), .forbidden(let text), .beyondOwnRights(let text, _): text
        case .notFound(let kind, let name): "there is no \(kind) \"\(name)\", or none that you may see"
        case .invalid(let field, let value?, let reason): "\(field) \"\(value.cut(to: 120))\": \(reason)"
        case .invalid(let field, nil, let reason): "\(field): \(reason)"
        case .unusable(_, let field, let value, let reason): "\(field) \"\(value.cut(to: 120))\": \(reason)"
        case .conflict(_, let detail): detail
        case .preconditionFailed(0): "it is not there: send no If-Match to make it"
        case .preconditionFailed(let current):
            "it is at revision \(current) now, which is not what If-Match or If-None-Match expects: read it again and repeat"
        case .tooManyAttempts(let seconds): "too many wrong passwords or tokens: try again in \(seconds) seconds"
        case .loginsExhausted(let seconds):
            "too many wrong passwords for this login: its directory was not asked about this one, lest it lock the person "
                + "out; tokens go on; try again in \(seconds) seconds"
        case .tooManyQuestions:
            "too many long questions at once, about the past or of the change log: wait for the last answer, and ask again"
        case .importLine(let line, let reason): "line \(line): \(reason)"
        case .revisionNotReached(let asked, let current):
            "revision \(asked) was asked for, and this service is at \(current): try again in a moment"
        case .directory(let error): error.description
        case .loginUnavailable(let seconds):
            "a directory does not answer, so this login and password cannot be checked; tokens work, and so do right "
                + "passwords of local accounts; try again in \(seconds) seconds"
        case .storage(let error): error.description
        }
    }
}

extension StorageError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .busy: "a long write, as an import, holds the database: nothing was changed; try again in a moment"
        case .diskFull: "the disk of the database is full: nothing was changed; make room and try again"
        case .readOnly: "the database cannot be written: check the rights of the file and of its folder"
        case .damaged(let text): "the file is not a usable database: \(text)"
        case .unknownSchema(let text): text
        case .constraint(let text): "the database refused the change: \(text)"
        case .replaced:
            "the database file, or its -wal, was deleted or replaced while it is open: nothing is written any more; "
                + "stop the service, put the files back or restore a backup, and start it"
        case .uncertain:
            "the disk refused the change, or the database's server did not answer, and whether it was kept is not "
                + "certain: look it up before you repeat it, and check the disk or the server"
        case .unreachable(let text): "the database cannot be reached: \(text); nothing was changed"
        case .unreplicated:
            "the change was kept by the database's server, and its standby did not confirm it: it may be lost with that "
                + "server; check the standby, and look the change up before you repeat it"
        case .abandoned: "the request was given up before it was done: nothing was changed"
        case .failed(let text): "the database failed: \(text)"
        }
    }
}

extension AccessError {
    init(_ error: NameError, field: String) { self = .invalid(field: field, value: error.value, reason: error.reason) }
}
