public import AccessModel
import Synchronization

/// When a token was used last, and from where.
public struct TokenUse: Hashable, Sendable {
    public let time: Timestamp
    public let address: String

    public init(time: Timestamp, address: String) {
        self.time = time
        self.address = address
    }
}

/// The uses of tokens that are not kept in the store yet: a write for each would make every pull wait for a disk.
final class TokenUses: Sendable {
    private let uses = Mutex<[TokenID: TokenUse]>([:])

    func note(_ token: TokenID, _ use: TokenUse) { uses.withLock { $0[token] = use } }

    func of(_ tokens: Set<TokenID>) -> [TokenID: TokenUse] { uses.withLock { $0.filter { tokens.contains($0.key) } } }

    func use(of token: TokenID) -> TokenUse? { uses.withLock { $0[token] } }

    fileprivate func take() -> [TokenID: TokenUse] {
        uses.withLock { uses in
            defer { uses = [:] }
            return uses
        }
    }

    /// Those that could not be kept, unless there are newer ones.
    fileprivate func giveBack(_ old: [TokenID: TokenUse]) { uses.withLock { $0.merge(old) { newer, _ in newer } } }
}

extension Authentication {
    /// Keeps in the store how tokens were used since the last time. Not a change: it has no number.
    public func keepTokenUses() async throws(AccessError) {
        let taken = uses.take()
        guard !taken.isEmpty else { return }
        do throws(AccessError) {
            try await store.writeAside { (writer) throws(AccessError) in try writer.upsert(taken) }
        } catch {
            uses.giveBack(taken)
            throw error
        }
    }
}
