public import AccessControl
import Crypto
import FoundationEssentials

/// Seals secrets with AES-256-GCM under a key that lies in a file of its own, so that a copy of the
/// database alone gives none of them away.
///
/// A sealed secret is: a version byte (1), the first 4 bytes of the key's fingerprint, a nonce of 12
/// bytes, the ciphertext, a tag of 16 bytes. The first five bytes and the context are authenticated.
public struct KeyFileSecretBox: SecretBox {
    private let key: SymmetricKey
    private let header: [UInt8]
    private let path: String

    /// Reads the key from `path`, or makes one there on first use. Everybody who starts at the same
    /// time gets the same key. The file holds 32 random bytes in base64 and must be closed to
    /// everybody but its owner.
    /// - Throws: `PrivateFileError` or `SecretBoxError`.
    public init(path: String) throws {
        let content = try PrivateFile(path: path).readOrCreate {
            let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
            return Array((bytes.base64EncodedString() + "\n").utf8)
        }
        let text = content.filter { !Self.whiteSpace.contains($0) }
        guard let bytes = Data(base64Encoded: Data(text)), bytes.count == 32 else {
            throw SecretBoxError.unusableKey(path: path)
        }
        self.path = path
        key = SymmetricKey(data: bytes)
        // Says which key it was, and nothing of the key.
        let fingerprint = HMAC<SHA256>.authenticationCode(for: Array("portreeve key fingerprint".utf8), using: key)
        header = [Self.version] + fingerprint.prefix(Self.fingerprintLength)
    }

    public func seal(_ secret: String, context: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(Array(secret.utf8), using: key, authenticating: header + context.utf8)
        return header + Array(box.nonce) + box.ciphertext + box.tag
    }

    /// - Throws: `SecretBoxError`.
    public func open(_ sealed: [UInt8], context: String) throws -> String {
        guard sealed.first == Self.version, sealed.count >= header.count + Self.overhead else {
            throw SecretBoxError.unknownFormat(context: context)
        }
        guard sealed.starts(with: header) else { throw SecretBoxError.otherKey(context: context, path: path) }
        let secret: Data
        do {
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst(header.count))
            secret = try AES.GCM.open(box, using: key, authenticating: header + context.utf8)
        } catch {
            throw SecretBoxError.damaged(context: context)
        }
        return String(decoding: secret, as: UTF8.self)
    }

    private static let version: UInt8 = 1
    private static let fingerprintLength = 4
    /// Nonce and tag.
    private static let overhead = 12 + 16
    private static let whiteSpace = Array(" \t\r\n".utf8)
}

/// Why a kept secret cannot be opened. Nothing of the secret or the key is in it.
public enum SecretBoxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The key file does not hold 32 bytes in base64.
    case unusableKey(path: String)
    /// What is kept was sealed by a newer version, or is no sealed secret.
    case unknownFormat(context: String)
    /// It was sealed under another key than the one in the file.
    case otherKey(context: String, path: String)
    /// It was altered, or belongs to something else.
    case damaged(context: String)

    public var description: String {
        switch self {
        case .unusableKey(let path):
            "the key file \(path) does not hold 32 bytes in base64: put the right file back from a backup"
        case .unknownFormat(let context):
            "the secret of \(context) is kept in a form this version does not know: set it anew"
        case .otherKey(let context, let path):
            "the secret of \(context) was sealed under another key than the one in \(path): "
                + "put the right key file back from a backup, or set the secret anew"
        case .damaged(let context):
            "the secret of \(context) is damaged or belongs to something else: set it anew"
        }
    }
}
