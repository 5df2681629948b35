import Crypto

/// Random salts of 16 bytes: a random key for each transaction, hashed with a count. Asking the
/// operating system for every salt costs as much as writing the row.
struct SaltSource {
    private let key: [UInt8]
    private var count: UInt64 = 0

    init() { self.init(key: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }) }

    init(key: [UInt8]) { self.key = key }

    mutating func next() -> [UInt8] {
        count += 1
        let counted = key + withUnsafeBytes(of: count) { Array($0) }
        return Array(SHA256.hash(data: counted).prefix(16))
    }
}
