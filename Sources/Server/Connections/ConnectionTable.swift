/// Which connections are open, and which of them have to make room for others.
///
/// A connection is idle while no request is under way on it: before the first one, and between two. Those that
/// were idle for longest make room, so connections that say nothing keep nobody out, however many they are.
struct ConnectionTable<ID: Hashable> {
    private struct Connection {
        /// Who opened it; nil for a proxy that speaks for many.
        var address: String?
        /// The turn at which it became idle; nil while a request is under way.
        var idleSince: Int?
    }

    /// How many may be open; beyond it none should be accepted.
    let limit: Int
    /// How many of one address.
    let addressLimit: Int
    private var connections: [ID: Connection] = [:]
    private var addresses: [String: Set<ID>] = [:]
    private var turn = 0

    init(limit: Int, addressLimit: Int) {
        self.limit = limit
        self.addressLimit = addressLimit
    }

    var count: Int { connections.count }

    /// Room is made a little before the limit is reached, and for several at once: to look for it takes as long
    /// for one as for many.
    private var isCrowded: Bool { count > limit - limit / 16 }

    /// Takes in a new connection.
    /// - Returns: those that are to be closed; the new one itself where its address has no idle one.
    mutating func open(_ id: ID, from address: String?) -> [ID] {
        turn += 1
        connections[id] = Connection(address: address, idleSince: turn)
        if let address {
            addresses[address, default: []].insert(id)
            let own = addresses[address] ?? []
            if own.count > addressLimit { return remove([longestIdle(among: own, 1).first ?? id]) }
        }
        return isCrowded ? remove(longestIdle(among: connections.keys, 1 + limit / 32, except: id)) : []
    }

    mutating func beginRequest(on id: ID) { connections[id]?.idleSince = nil }

    mutating func endRequest(on id: ID) {
        turn += 1
        connections[id]?.idleSince = turn
    }

    mutating func close(_ id: ID) { _ = remove([id]) }

    private func longestIdle(among ids: some Sequence<ID>, _ count: Int, except new: ID? = nil) -> [ID] {
        let idle = ids.compactMap { id in connections[id]?.idleSince.map { (since: $0, id: id) } }
        return idle.sorted { $0.since < $1.since }.lazy.map(\.id).filter { $0 != new }.prefix(count).map(\.self)
    }

    private mutating func remove(_ ids: [ID]) -> [ID] {
        for id in ids {
            guard let address = connections.removeValue(forKey: id)?.address else { continue }
            addresses[address]?.remove(id)
            if addresses[address]?.isEmpty ?? false { addresses[address] = nil }
        }
        return ids
    }
}
