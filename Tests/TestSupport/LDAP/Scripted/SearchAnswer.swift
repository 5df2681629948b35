/// Everything that is sent for one search.
struct SearchAnswer: Sendable {
    var entries: [WireEntry] = []
    /// References of one URL each.
    var references: [String] = []
    var result = WireResult.success
    /// The controls of the last message.
    var controls: [WireControl] = []

    static func refused(_ result: WireResult) -> SearchAnswer { SearchAnswer(result: result) }

    func messages(_ id: Int) -> [[UInt8]] {
        entries.map { WireResponse.searchEntry($0).message(id) }
            + references.map { WireResponse.searchReference([$0]).message(id) }
            + [WireResponse.searchDone(result).message(id, controls: controls)]
    }
}

/// The paged searches that a connection has under way.
struct SearchPages: Sendable {
    private var waiting: [[UInt8]: [Int]] = [:]
    private var last: UInt64 = 0
    private let secret = UInt64.random(in: .min ... .max)

    /// Takes back the entries that come after the page with this cookie; nil if it is not one of ours.
    mutating func take(_ cookie: [UInt8]) -> [Int]? { waiting.removeValue(forKey: cookie) }

    /// The cookie with which the client asks for these entries; empty if there are none.
    mutating func keep(_ rest: [Int]) -> [UInt8] {
        guard !rest.isEmpty else { return [] }
        last += 1
        let cookie = secret.bytes + last.bytes
        waiting[cookie] = rest
        return cookie
    }
}
