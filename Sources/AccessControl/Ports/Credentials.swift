import AccessModel

/// Turns passwords into hashes that are kept, and compares them. Slow on purpose: the work
/// runs off the request threads, a few at a time.
public protocol PasswordHasher: Sendable {
    /// The hash with its parameters and salt, in the PHC string format.
    func hash(_ password: String) async throws -> String
    /// Constant-time comparison.
    func verify(_ password: String, against hash: String) async throws -> Bool
    /// As costly as `verify`, for a login that does not exist: an answer must not tell by its time.
    func verifyNothing(_ password: String) async throws
}

/// Signs registry tokens (the JWT profile of the distribution registry).
public protocol TokenSigner: Sendable {
    /// A compact JWS over `claims`, which is a JSON object.
    func sign(_ claims: [UInt8]) throws -> String
    /// RFC 7517 key set of everything that verifies what `sign` makes.
    var keySet: [UInt8] { get }
    /// PEM certificates for the registry's `rootcertbundle`.
    var certificateBundle: String { get }
}

/// Keeps secrets that must be given back (a directory's bind password): authenticated
/// encryption under a key that is not in the database.
public protocol SecretBox: Sendable {
    /// - Parameter context: what the secret belongs to; opening with another one fails.
    func seal(_ secret: String, context: String) throws -> [UInt8]
    func open(_ sealed: [UInt8], context: String) throws -> String
}
