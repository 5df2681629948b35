public import AccessControl
public import AccessModel
import FoundationEssentials
import Glibc
import Synchronization

/// Signs registry tokens (RFC 7515) with a key that can be exchanged without a gap: the next one is published,
/// and trusted by registries, before it signs, and the one before it until its tokens have ended.
///
/// The keys are files: `…key.pem` signs, `…key-next.pem` and `…key-previous.pem` stand beside it. Whoever changes
/// them, this process or another, is noticed within a second.
///
/// The header names the key twice: `x5c`, which every registry tries first, and libtrust's `kid`,
/// the only one distribution 2 knows. So one token serves distribution 2 and 3.
public final class RegistryTokenSigner: TokenSigner {
    private let path: String
    private let report: @Sendable (String) -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - path: of the key that signs; made if there is none.
    ///   - report: told in words when files that were changed cannot be used; the keys stay as they were.
    /// - Throws: `PrivateFileError` or `SigningKeyError`.
    public init(path: String, now: Timestamp, report: @escaping @Sendable (String) -> Void = { _ in }) throws {
        self.path = path
        self.report = report
        _ = try SigningKey.load(path: path, now: now)
        state = Mutex(State(keys: try Keys(path: path), stamps: Self.stamps(path), lookedAt: .now))
    }

    /// Where the other keys stand, by their role; there need be none.
    public static func filesBeside(_ path: String) -> [String: String] {
        ["next": KeyPath.next(path), "previous": KeyPath.previous(path)]
    }

    public func sign(_ claims: [UInt8]) throws -> String { try current.signing.sign(claims) }

    public func signWithNext(_ claims: [UInt8]) throws -> String? { try current.next?.sign(claims) }

    public var keySet: [UInt8] { current.keySet }
    public var certificateBundle: String { current.all.map(\.key.certificatePEM).joined() }

    public var keys: [SigningKeyState] {
        let keys = current
        let roles: [(key: Signing?, role: SigningKeyState.Role)] = [
            (keys.signing, .signing), (keys.next, .next), (keys.previous, .previous),
        ]
        return roles.compactMap { entry in
            entry.key.map { SigningKeyState($0.key, entry.role, since: $0.since) }
        }
    }

    public func makeNext(_ algorithm: SigningAlgorithm, now: Timestamp) throws -> Bool {
        let pem = try SigningKey.generate(algorithm, now: now).pem
        return try change { try PrivateFile(path: KeyPath.next(path)).create(Array(pem.utf8)) }
    }

    public func activateNext(_ id: String) throws -> Bool {
        try change {
            guard let next = try PrivateFile(path: KeyPath.next(path)).read(),
                let signing = try PrivateFile(path: path).read(),
                try SigningKey(pem: String(decoding: next, as: UTF8.self), path: KeyPath.next(path))
                    .libtrustIdentifier == id
            else { return false }
            // The old key is safe before the new one takes its name.
            let previous = PrivateFile(path: KeyPath.previous(path))
            try previous.remove()
            guard try previous.create(signing) else { return false }
            try PrivateFile(path: KeyPath.next(path)).rename(to: path)
            return true
        }
    }

    public func remove(_ role: SigningKeyState.Role) throws -> Bool {
        try change {
            switch role {
            case .signing: false
            case .next: try PrivateFile(path: KeyPath.next(path)).remove()
            case .previous: try PrivateFile(path: KeyPath.previous(path)).remove()
            }
        }
    }

    // MARK: What the files hold

    private struct State {
        var keys: Keys
        var stamps: [Stamp]
        var lookedAt: ContinuousClock.Instant
        /// Why the files cannot be used as they are; nil if they can.
        var fault: String?
    }

    /// What changes when a file does.
    private struct Stamp: Equatable {
        var inode: UInt = 0
        var seconds = 0
        var nanoseconds = 0
        /// Of its mode as well.
        var changedSeconds = 0
        var changedNanoseconds = 0
    }

    private var current: Keys {
        state.withLock { state in
            guard state.lookedAt.duration(to: .now) >= .seconds(1) else { return state.keys }
            look(&state)
            return state.keys
        }
    }

    /// Alone among all processes.
    private func change(_ body: () throws -> Bool) throws -> Bool {
        try state.withLock { state in
            let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
                throw PrivateFileError.failed(
                    path: path, action: "rename", reason: "its lock: \(String(cString: strerror(errno)))")
            }
            defer { close(lock) }
            let isDone = try body()
            look(&state)
            return isDone
        }
    }

    private func look(_ state: inout State) {
        state.lookedAt = .now
        let stamps = Self.stamps(path)
        guard stamps != state.stamps else { return }
        do {
            state.keys = try Keys(path: path)
            (state.stamps, state.fault) = (stamps, nil)
        } catch {
            // Tried again at the next look; said once.
            let fault = "\(error)"
            if fault != state.fault { report(fault) }
            state.fault = fault
        }
    }

    private static func stamps(_ path: String) -> [Stamp] {
        [path, KeyPath.next(path), KeyPath.previous(path)].map { path in
            var status = stat()
            guard stat(path, &status) == 0 else { return Stamp() }
            return Stamp(
                inode: status.st_ino, seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec,
                changedSeconds: status.st_ctim.tv_sec, changedNanoseconds: status.st_ctim.tv_nsec)
        }
    }
}

/// Where the other keys stand.
enum KeyPath {
    static func next(_ path: String) -> String { beside(path, "next") }
    static func previous(_ path: String) -> String { beside(path, "previous") }

    private static func beside(_ path: String, _ word: String) -> String {
        path.hasSuffix(".pem") ? "\(path.dropLast(4))-\(word).pem" : "\(path)-\(word)"
    }
}

/// The keys of one moment.
private struct Keys: Sendable {
    let signing: Signing
    let next: Signing?
    let previous: Signing?
    let keySet: [UInt8]

    var all: [Signing] { [signing] + [next, previous].compactMap(\.self) }

    init(path: String) throws {
        guard let signing = try Signing(path: path) else {
            throw PrivateFileError.failed(path: path, action: "read", reason: "it is not there")
        }
        self.signing = signing
        next = try Signing(path: KeyPath.next(path))
        previous = try Signing(path: KeyPath.previous(path))
        let published = [signing, next, previous].compactMap(\.self).flatMap { signing in
            [signing.key.libtrustIdentifier, signing.key.thumbprint].map { JSONWebKey(signing.key, kid: $0) }
        }
        keySet = try JSONWebKeySet(keys: published).encoded()
    }
}

/// A key with what it writes before every token.
private struct Signing: Sendable {
    let key: SigningKey
    /// When the file was written.
    let since: Timestamp
    /// The JOSE header in base64url and the dot after it.
    private let prefix: [UInt8]

    /// nil if there is no such file.
    init?(path: String) throws {
        guard let content = try PrivateFile(path: path).read() else { return nil }
        var status = stat()
        since = stat(path, &status) == 0 ? Timestamp(seconds: Int64(status.st_mtim.tv_sec)) : Timestamp(seconds: 0)
        key = try SigningKey(pem: String(decoding: content, as: UTF8.self), path: path)
        prefix = try Encodings.base64URL(Header(key).encoded()) + [UInt8(ascii: ".")]
    }

    func sign(_ claims: [UInt8]) throws -> String {
        var token = prefix
        token += Encodings.base64URL(claims)
        let signature = try key.signature(for: token)
        token.append(UInt8(ascii: "."))
        token += Encodings.base64URL(signature)
        return String(decoding: token, as: UTF8.self)
    }

    private struct Header: Encodable {
        let alg: String
        let kid: String
        let typ = "JWT"
        let x5c: [String]

        init(_ key: SigningKey) {
            alg = key.algorithm.rawValue
            kid = key.libtrustIdentifier
            x5c = [key.certificateBase64]
        }
    }
}

extension SigningKeyState {
    fileprivate init(_ key: SigningKey, _ role: Role, since: Timestamp) {
        self.init(
            role: role, id: key.libtrustIdentifier, algorithm: key.algorithm, madeAt: key.madeAt, since: since,
            certificateEnds: key.expiresAt)
    }
}
