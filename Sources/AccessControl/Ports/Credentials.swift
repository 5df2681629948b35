public import AccessModel
public import StrictJSON

/// Turns passwords into hashes that are kept, and compares them. Slow on purpose: the work
/// runs off the request threads, a few at a time, and clients take turns at it.
public protocol PasswordHasher: Sendable {
    /// The hash with its parameters and salt, in the PHC string format.
    func hash(_ password: String, for client: String) async throws -> String
    /// Constant-time comparison.
    func verify(_ password: String, against hash: String, for client: String) async throws -> Bool
    /// As costly as `verify`, for a login that does not exist: an answer must not tell by its time.
    func verifyNothing(_ password: String, for client: String) async throws
}

/// Signs registry tokens (the JWT profile of the distribution registry), and exchanges its keys.
public protocol TokenSigner: Sendable {
    /// A compact JWS over `claims`, which is a JSON object.
    func sign(_ claims: [UInt8]) throws -> String
    /// The same with the key that signs next; nil if there is none.
    func signWithNext(_ claims: [UInt8]) throws -> String?
    /// RFC 7517 key set of everything that verifies what is signed, will be next, and was not long ago.
    var keySet: [UInt8] { get }
    /// The same as PEM certificates, for the registry's `rootcertbundle`.
    var certificateBundle: String { get }

    /// The one that signs, then the others.
    var keys: [SigningKeyState] { get }
    /// - Returns: false if there is a next one already.
    func makeNext(_ algorithm: SigningAlgorithm, now: Timestamp) throws -> Bool
    /// From now on the next key signs, and the one before it is kept in its place.
    /// - Parameter id: of the next key, so that no other one takes its place.
    /// - Returns: false if there is no such next one.
    func activateNext(_ id: String) throws -> Bool
    /// - Returns: false if there is none, and for the one that signs.
    func remove(_ role: SigningKeyState.Role) throws -> Bool
}

/// RFC 7518 section 3.1.
public enum SigningAlgorithm: String, Hashable, Sendable, Codable, CaseIterable, JSONReadable {
    case es256 = "ES256"
    case rs256 = "RS256"
}

/// A key of registry tokens, without its secret.
public struct SigningKeyState: Hashable, Sendable {
    public enum Role: String, Hashable, Sendable, CaseIterable {
        /// Signs.
        case signing
        /// Is published, and signs when it is told to.
        case next
        /// Signed before, and is published until what it signed has ended.
        case previous
    }

    public let role: Role
    /// libtrust's fingerprint.
    public let id: String
    public let algorithm: SigningAlgorithm
    public let madeAt: Timestamp
    /// Since when it has this role, as far as it is known.
    public let since: Timestamp
    /// From then on registries refuse it.
    public let certificateEnds: Timestamp

    public init(
        role: Role, id: String, algorithm: SigningAlgorithm, madeAt: Timestamp, since: Timestamp,
        certificateEnds: Timestamp
    ) {
        self.role = role
        self.id = id
        self.algorithm = algorithm
        self.madeAt = madeAt
        self.since = since
        self.certificateEnds = certificateEnds
    }
}

/// Keeps secrets that must be given back (a directory's bind password): authenticated
/// encryption under a key that is not in the database.
public protocol SecretBox: Sendable {
    /// - Parameter context: what the secret belongs to; opening with another one fails.
    func seal(_ secret: String, context: String) throws -> [UInt8]
    func open(_ sealed: [UInt8], context: String) throws -> String
}
