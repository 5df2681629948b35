/// Which connections are open, and which of them have to make room for others.
///
/// A connection is idle while no request is under way on it: before the first one, and between two. Those that
/// were idle for longest make room, then those whose request has been arriving for longest. So connections that say
/// nothing, or never all of it, keep nobody out, however many they are. What is being answered is not cut off.
struct ConnectionTable<ID: Hashable> {
    /// With the turn at which it began.
    private enum State {
        case idle(since: Int)
        case receiving(since: Int)
        case working
    }

    private struct Connection {
        /// Who opened it; nil for a proxy that speaks for many.
        var address: String?
        var state: State
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
        connections[id] = Connection(address: address, state: .idle(since: turn))
        if let address {
            addresses[address, default: []].insert(id)
            let own = addresses[address] ?? []
            if own.count > addressLimit { return remove([dispensable(among: own, 1, except: id).first ?? id]) }
        }
        return isCrowded ? remove(dispensable(among: connections.keys, 1 + limit / 32, except: id)) : []
    }

    mutating func beginRequest(on id: ID) {
        turn += 1
        connections[id]?.state = .receiving(since: turn)
    }

    mutating func beginWork(on id: ID) { connections[id]?.state = .working }

    mutating func endRequest(on id: ID) {
        turn += 1
        connections[id]?.state = .idle(since: turn)
    }

    mutating func close(_ id: ID) { _ = remove([id]) }

    /// Those that make room first, so many at the most.
    private func dispensable(among ids: some Sequence<ID>, _ count: Int, except new: ID? = nil) -> [ID] {
        var found: [(rank: Int, since: Int, id: ID)] = []
        for id in ids where id != new {
            switch connections[id]?.state {
            case .idle(let since): found.append((0, since, id))
            case .receiving(let since): found.append((1, since, id))
            case .working, nil: break
            }
        }
        return found.sorted { ($0.rank, $0.since) < ($1.rank, $1.since) }.prefix(count).map(\.id)
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
