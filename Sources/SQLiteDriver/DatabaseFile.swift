import AccessControl
import Foundation

/// The file itself: made for its owner only, and never by accident.
enum DatabaseFile {
    /// Makes an empty file unless there is one.
    static func makeIfMissing(_ path: String) throws(AccessError) {
        let failure = make(path)
        if failure != 0, failure != EEXIST { throw refusal(path, failure, "made") }
    }

    /// Makes an empty file; refuses one that is there.
    static func makeNew(_ path: String) throws(AccessError) {
        let failure = make(path)
        if failure == EEXIST {
            throw .conflict(code: .fileExists, detail: "the file \(path) is there already: name a new one")
        }
        if failure != 0 { throw refusal(path, failure, "made") }
    }

    static func check(_ path: String) throws(AccessError) {
        guard access(path, R_OK) == 0 else { throw refusal(path, errno, "read") }
    }

    static func remove(_ path: String) { unlink(path) }

    private static func make(_ path: String) -> CInt {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return errno }
        close(descriptor)
        return 0
    }

    private static func refusal(_ path: String, _ code: CInt, _ verb: String) -> AccessError {
        if code == ENOSPC { return .storage(.diskFull) }
        return .storage(.failed("the file \(path) cannot be \(verb): \(String(cString: strerror(code)))"))
    }
}
