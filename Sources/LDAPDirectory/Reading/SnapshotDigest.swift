import AccessModel
import Crypto

extension DirectorySnapshot {
    /// Names what a complete reading says, in hexadecimal: two readings with the same digest give the
    /// same plan. The order of the entries does not matter, as a directory may give them in any, so
    /// it is the sum of the entries' SHA-256 digests, modulo 2^64 in each of four lanes. What
    /// somebody could make up to collide would have to be the directory itself.
    package func digest() -> String {
        var sum = EntrySum()
        for user in users {
            sum.begin("user")
            sum.append(user.externalID)
            sum.append(user.dn)
            sum.append(user.login)
            sum.append(user.fullName)
            sum.append(user.email)
            sum.append(user.principalName)
            sum.append(user.inactiveReason)
            sum.append(user.expiresAt.map { String($0.microseconds) })
            sum.append(user.startsAt.map { String($0.microseconds) })
            switch user.primaryGroup {
            case .id(let id)?: sum.append(id)
            case .hidden?: sum.append("hidden")
            case nil: sum.append(nil)
            }
            for login in user.otherLogins { sum.append(login) }
            sum.end()
        }
        for group in groups {
            sum.begin("group")
            sum.append(group.externalID)
            sum.append(group.dn)
            sum.append(group.primaryID)
            for member in group.members {
                switch member {
                case .dn(let dn): sum.append(dn)
                case .login(let login):
                    sum.append(nil)
                    sum.append(login)
                }
            }
            sum.end()
        }
        for alias in aliases {
            sum.begin("alias")
            sum.append(alias)
            sum.end()
        }
        return sum.text
    }
}

/// Adds up the digests of entries, each a series of texts that may be absent.
private struct EntrySum {
    private var entry: [UInt8] = []
    private var lanes = SIMD4<UInt64>()

    mutating func begin(_ kind: String) {
        entry.removeAll(keepingCapacity: true)
        append(kind)
    }

    /// The length in front keeps neighbours apart, and none is the length of an absent text.
    mutating func append(_ text: String?) {
        let count = text.map { UInt32($0.utf8.count) } ?? .max
        withUnsafeBytes(of: count.bigEndian) { entry.append(contentsOf: $0) }
        if let text { entry.append(contentsOf: text.utf8) }
    }

    mutating func end() {
        let digest = SHA256.hash(data: entry)
        lanes &+= digest.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    }

    var text: String {
        (0..<4).map { lane in
            let digits = String(lanes[lane].byteSwapped, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
