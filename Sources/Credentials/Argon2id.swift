import CSodium
import Glibc

/// libsodium's argon2id with fixed costs. Each call blocks its thread for as long as the costs take.
struct Argon2id: Sendable {
    let passes: Int
    let memory: Int

    /// - Parameter memory: in bytes.
    init(passes: Int, memory: Int) throws(PasswordHasherError) {
        guard sodium_init() >= 0 else { throw .unavailable }
        guard passes >= crypto_pwhash_opslimit_min(), passes <= crypto_pwhash_opslimit_max(),
            memory >= crypto_pwhash_memlimit_min(), memory <= crypto_pwhash_memlimit_max()
        else { throw .unusableCost(passes: passes, bytes: memory) }
        self.passes = passes
        self.memory = memory
    }

    /// A PHC string with a new random salt: `$argon2id$v=19$m=19456,t=2,p=1$…$…`.
    func hash(_ password: String) throws(PasswordHasherError) -> String {
        var text = [CChar](repeating: 0, count: crypto_pwhash_strbytes())
        let result = crypto_pwhash_str_alg(
            &text, password, UInt64(password.utf8.count), UInt64(passes), memory, crypto_pwhash_alg_argon2id13())
        // The costs were checked before, so only memory can fail.
        guard result == 0 else { throw .outOfMemory(bytes: memory) }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether `hash`, with whatever costs it names, is one of `password`.
    func verify(_ password: String, against hash: String) throws(PasswordHasherError) -> Bool {
        guard hash.hasPrefix(Self.prefix), Self.isAffordable(hash) else { throw .unreadableHash }
        // libsodium answers -1 to everything that goes wrong and marks a mere mismatch with EINVAL.
        errno = 0
        let result = crypto_pwhash_str_verify(hash, password, UInt64(password.utf8.count))
        switch (result, errno) {
        case (0, _): return true
        case (_, EINVAL): return false
        case (_, ENOMEM): throw .outOfMemory(bytes: memory)
        default: throw .unreadableHash
        }
    }

    /// Whether a hash names costs that somebody may have chosen, and not ones that would hold a thread for ever:
    /// `m` of at most a gibibyte in KiB, `t` of at most 100.
    private static func isAffordable(_ hash: String) -> Bool {
        let costs = hash.split(separator: "$").dropFirst(2).first?.split(separator: ",") ?? []
        let limits = ["m": 1 << 20, "t": 100, "p": 16]
        return costs.count == limits.count
            && costs.allSatisfy { cost in
                let parts = cost.split(separator: "=")
                guard parts.count == 2, let limit = limits[String(parts[0])], let value = Int(parts[1]) else {
                    return false
                }
                return (1...limit).contains(value)
            }
    }

    private static let prefix = "$argon2id$"
}
