/// A dictionary to dense indices in shards that copies share: adding a key to a copy costs one
/// shard, not the whole dictionary.
struct ShardedIndex: Sendable {
    private static let shardCount = 256
    private var shards = [[String: Int32]](repeating: [:], count: shardCount)

    subscript(key: String) -> Int32? {
        get { shards[Self.shard(of: key)][key] }
        set { shards[Self.shard(of: key)][key] = newValue }
    }

    /// FNV-1a over the last bytes: cheap, and names and identities differ most at their end.
    private static func shard(of key: String) -> Int {
        var hash: UInt32 = 2_166_136_261
        for byte in key.utf8.suffix(8) {
            hash = (hash ^ UInt32(byte)) &* 16_777_619
        }
        return Int((hash ^ hash >> 16) & UInt32(shardCount - 1))
    }
}
