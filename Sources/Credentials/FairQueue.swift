/// Who may run and who waits, of calls that belong to clients. Clients take turns, however many calls each has:
/// one that sends many waits for its own. When as many wait as may, the client with the most of them loses its
/// last one to a client with fewer.
struct FairQueue<Call> {
    enum Admission {
        case runs
        case waits
        case isRefused
        /// It waits, and this one of another client is refused.
        case replaces(Call)
    }

    /// Calls that wait.
    private(set) var count = 0
    private var running = 0
    /// Never empty ones.
    private var waiting: [String: [Call]] = [:]
    /// Those who have calls that wait, the one whose turn is next first.
    private var turns: [String] = []
    private let limit: Int
    private let capacity: Int

    /// - Parameters:
    ///   - limit: calls that run at a time, at least 1.
    ///   - capacity: calls that may wait.
    init(limit: Int, capacity: Int) {
        self.limit = limit
        self.capacity = capacity
    }

    mutating func admit(_ call: Call, of client: String) -> Admission {
        if running < limit {
            running += 1
            return .runs
        }
        var replaced: Call?
        if count >= capacity {
            let own = waiting[client]?.count ?? 0
            guard let (busiest, calls) = waiting.max(by: { $0.value.count < $1.value.count }), calls.count > own + 1
            else { return .isRefused }
            replaced = waiting[busiest]?.popLast()
            count -= 1
        }
        if waiting[client] == nil { turns.append(client) }
        waiting[client, default: []].append(call)
        count += 1
        return replaced.map { .replaces($0) } ?? .waits
    }

    /// One that ran has ended.
    /// - Returns: the one that runs in its place; nil if none waits.
    mutating func end() -> Call? {
        guard !turns.isEmpty else {
            running -= 1
            return nil
        }
        let client = turns.removeFirst()
        let next = waiting[client]?.removeFirst()
        count -= 1
        if waiting[client]?.isEmpty ?? true {
            waiting[client] = nil
        } else {
            turns.append(client)
        }
        return next
    }
}
