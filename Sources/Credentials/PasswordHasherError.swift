/// Why a password could not be hashed or compared. Nothing of the password is in it.
public enum PasswordHasherError: Error, Hashable, Sendable, CustomStringConvertible {
    /// As many passwords are being hashed and waiting as are let in. The caller may try again in a second.
    case overloaded(limit: Int)
    /// The hasher was shut down: the service is stopping.
    case shutDown
    /// libsodium could not start: the system gives it no random numbers.
    case unavailable
    /// The stored hash is not an argon2id hash in the PHC string format.
    case unreadableHash
    /// One hash takes `bytes` of memory, and the system did not give them.
    case outOfMemory(bytes: Int)
    /// libsodium takes no such cost parameters.
    case unusableCost(passes: Int, bytes: Int)

    public var description: String {
        switch self {
        case .overloaded(let limit):
            "too many logins at once: \(limit) passwords are being checked or waiting for it; try again in a moment"
        case .shutDown: "the service is stopping and checks no more passwords"
        case .unavailable: "libsodium cannot be used: it could not get random numbers from the system"
        case .unreadableHash:
            "the stored password hash is not an argon2id hash ($argon2id$…): set the account's password anew"
        case .outOfMemory(let bytes):
            "no memory to hash a password: each takes \(bytes / 1024) KiB; raise the service's memory limit"
        case .unusableCost(let passes, let bytes):
            "a password hash cannot cost \(passes) passes over \(bytes) bytes: "
                + "use at least 1 pass and 8192 bytes, as 2 passes over 19922944"
        }
    }
}
