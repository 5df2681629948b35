import AccessControl
import GRDB

extension StorageError {
    /// Our own words for a failure of the engine; its words go to the log.
    init(_ error: any Error) {
        guard let error = error as? DatabaseError else {
            self = .failed("see the log of the service")
            return
        }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_FULL: self = .diskFull
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: self = .readOnly
        case .SQLITE_NOTADB: self = .damaged("it is no SQLite file")
        case .SQLITE_CORRUPT: self = .damaged("its pages contradict each other: restore a backup")
        case .SQLITE_CONSTRAINT: self = .constraint(Self.reason(error.extendedResultCode))
        case .SQLITE_IOERR: self = .failed("reading or writing the file failed: check the disk")
        case .SQLITE_NOMEM: self = .failed("there is not enough memory")
        default: self = .failed("see the log of the service")
        }
    }

    /// As `init(_:)`, naming the file where that helps.
    init(opening path: String, _ error: any Error) {
        switch StorageError(error) {
        case .readOnly:
            self = .failed("the file \(path) cannot be opened: check its rights and those of its folder")
        case .damaged(let reason): self = .damaged("\(path): \(reason)")
        case let other: self = other
        }
    }

    private static func reason(_ code: ResultCode) -> String {
        switch code {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            "there is one of that name or identity already"
        case .SQLITE_CONSTRAINT_FOREIGNKEY: "it names something that is not there, or something else still names it"
        case .SQLITE_CONSTRAINT_NOTNULL: "a value is missing"
        case .SQLITE_CONSTRAINT_CHECK: "a value is not one of those allowed"
        default: "it breaks a rule of the schema"
        }
    }
}
