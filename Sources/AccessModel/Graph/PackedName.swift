/// A name in three words, so that it lies in the row of what is called so and is compared without following a
/// reference: up to 23 bytes as they are; of a longer name two hashes, behind which the text has to be compared too.
struct PackedName: BitwiseCopyable, Equatable, Sendable {
    private var first: UInt64 = 0
    private var second: UInt64 = 0
    /// The length in its highest byte, or `long`.
    private var third: UInt64 = 0

    private static let long: UInt64 = 0xFF << 56

    @inline(__always)
    init(_ name: String) {
        let packed = name.utf8.withContiguousStorageIfAvailable { Self(UnsafeRawBufferPointer($0)) }
        self = packed ?? Array(name.utf8).withUnsafeBytes { Self($0) }
    }

    @inline(__always)
    private init(_ bytes: UnsafeRawBufferPointer) {
        let count = bytes.count
        // The last word is read so that it ends where the name ends, and moved to where it begins.
        switch count {
        case 0..<8:
            for place in 0..<count { first |= UInt64(bytes[place]) << UInt64(8 * place) }
        case 8..<16:
            first = Self.word(bytes, at: 0)
            second = Self.word(bytes, at: count - 8) >> UInt64(8 * (16 - count))
        case 16...23:
            first = Self.word(bytes, at: 0)
            second = Self.word(bytes, at: 8)
            third = Self.word(bytes, at: count - 8) >> UInt64(8 * (24 - count))
        default:
            first = NameHash.hash(bytes, seed: 1)
            second = NameHash.hash(bytes, seed: 2)
            third = Self.long
            return
        }
        third |= UInt64(count) << 56
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, at place: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }

    /// Whether equal words are equal names.
    var isWhole: Bool { third != Self.long }

    var hash: UInt64 { NameHash.hash(first, second, third) }
}

/// Hashes for this process. The key is chance, so that nobody can choose names that meet.
enum NameHash {
    private static let key = UInt64.random(in: .min ... .max)

    /// Of a name of any length.
    static func hash(_ name: String) -> UInt64 {
        let hash = name.utf8.withContiguousStorageIfAvailable { Self.hash(UnsafeRawBufferPointer($0), seed: 0) }
        return hash ?? Array(name.utf8).withUnsafeBytes { Self.hash($0, seed: 0) }
    }

    /// Of what has its name from its owner.
    static func hash(_ name: TeamName, in owner: Int32) -> UInt64 {
        hash(hash(name.rawValue), in: UInt64(UInt32(bitPattern: owner)))
    }

    /// Multiplies eight bytes at a time into 128 bits and folds those.
    static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        var hash = fold(key ^ UInt64(bytes.count) ^ seed &* 0x9E37_79B9_7F4A_7C15, 0xA076_1D64_78BD_642F)
        var place = 0
        while place + 8 <= bytes.count {
            hash = fold(hash ^ bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self), 0xE703_7ED1_A0B4_28DB)
            place += 8
        }
        var rest: UInt64 = 0
        while place < bytes.count {
            rest = rest << 8 | UInt64(bytes[place])
            place += 1
        }
        return fold(hash ^ rest, 0x8EBC_6AF0_9C88_C6E3)
    }

    @inline(__always)
    static func hash(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> UInt64 {
        fold(first ^ key, second ^ 0xA076_1D64_78BD_642F) ^ fold(third ^ key, 0xE703_7ED1_A0B4_28DB)
    }

    /// Of something by its own hash and that of what it is in.
    @inline(__always)
    static func hash(_ hash: UInt64, in place: UInt64) -> UInt64 {
        fold(place ^ 0x8EBC_6AF0_9C88_C6E3, hash ^ key)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
