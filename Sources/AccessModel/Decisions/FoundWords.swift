/// Principals with the levels that they were found with, some more than once.
struct FoundPrincipals {
    var users = FoundWords()
    var serviceAccounts = FoundWords()
    var includesAnonymous = false

    /// Each once, in order.
    /// - Parameter ends: all indices of users and of service accounts are below these.
    consuming func indices(below ends: (users: Int32, serviceAccounts: Int32)) -> [PrincipalIndex] {
        var indices: [PrincipalIndex] = includesAnonymous ? [.anonymous] : []
        serviceAccounts.forEachInOrder(below: ends.serviceAccounts) { index, _ in
            indices.append(.serviceAccount(index))
        }
        users.forEachInOrder(below: ends.users) { index, _ in indices.append(.user(index)) }
        return indices
    }
}

extension FoundPrincipals {
    /// Those who are active, ordered by kind and name.
    consuming func holders(in principals: PrincipalGraph, at now: Timestamp) -> [Holder] {
        let accounts = principals.accounts
        var holders: [Holder] = []
        if includesAnonymous { holders.append(Holder(principal: .anonymous, level: .readOnly)) }
        serviceAccounts.forEachInOrder(below: Int32(principals.serviceAccounts.count)) { service, level in
            let index = PrincipalIndex.serviceAccount(service)
            guard principals.isActive(index, at: now) else { return }
            holders.append(Holder(principal: principals.principal(at: index), level: level))
        }
        holders.sort { $0.principal < $1.principal }
        holders.reserveCapacity(holders.count + users.count)
        let firstUser = holders.count
        var others: [Holder] = []
        users.forEachInOrder(below: Int32(accounts.rows.count)) { user, level in
            guard accounts.has(.isActive, user) else { return }
            let holder = Holder(principal: .user(accounts.names[user]), level: level)
            if accounts.isInOrder(user) { holders.append(holder) } else { others.append(holder) }
        }
        others = NameOrder.sorted(others) { $0.principal.description }
        NameOrder.merge(others, into: &holders, from: firstUser) { $0.principal < $1.principal }
        return holders
    }
}

/// Indices with the levels that they were found with, some more than once.
struct FoundWords {
    /// The index above the level.
    private var words: [UInt32] = []

    var isEmpty: Bool { words.isEmpty }
    /// How many there are at most.
    var count: Int { words.count }

    @inline(__always)
    mutating func add(_ index: Int32, _ level: AccessLevel) {
        words.append(UInt32(bitPattern: index) << 2 | UInt32(level.rank))
    }

    /// Visits each index once, in order, with its highest level.
    /// - Parameter end: all indices are below it.
    consuming func forEachInOrder(below end: Int32, _ visit: (Int32, AccessLevel) -> Void) {
        // Where more than a little of everything was found, to mark it takes less than to sort it.
        if words.count > Int(end) / 2_048 {
            forEachMarked(below: end, visit)
        } else {
            words.sort()
            for place in words.indices where place + 1 == words.count || words[place] >> 2 != words[place + 1] >> 2 {
                visit(Int32(bitPattern: words[place] >> 2), AccessLevel(rank: UInt8(words[place] & 3)))
            }
        }
    }

    /// A bit for each index and level, those of the three levels side by side, and a bit for each of such threes
    /// that is not empty.
    private func forEachMarked(below end: Int32, _ visit: (Int32, AccessLevel) -> Void) {
        let threes = Int(end) / 64 + 1
        let summary = threes * 3
        let size = summary + threes / 64 + 1
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: size) { bits in
            bits.initialize(repeating: 0)
            for word in words {
                let index = Int(word >> 2)
                bits[index / 64 * 3 + Int(word & 3) - 1] |= 1 << UInt64(index & 63)
                bits[summary + index / 4_096] |= 1 << UInt64(index / 64 & 63)
            }
            for place in summary..<size {
                var some = bits[place]
                while some != 0 {
                    let three = (place - summary) * 64 + some.trailingZeroBitCount
                    some &= some - 1
                    let (admin, readWrite) = (bits[three * 3 + 2], bits[three * 3 + 1])
                    var any = admin | readWrite | bits[three * 3]
                    while any != 0 {
                        let bit = any.trailingZeroBitCount
                        any &= any - 1
                        let mask: UInt64 = 1 << UInt64(bit)
                        visit(
                            Int32(truncatingIfNeeded: three * 64 + bit),
                            admin & mask != 0 ? .admin : readWrite & mask != 0 ? .readWrite : .readOnly)
                    }
                }
            }
        }
    }
}
