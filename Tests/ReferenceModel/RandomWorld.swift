public import AccessModel

/// Small worlds full of coincidences: the same names for people, teams and repositories, nested
/// teams, inactive people and owners, grants that end at this very moment.
public enum RandomWorld {
    /// 2026-03-01T12:00:00Z, the moment of every random world.
    public static let now = Timestamp(seconds: 1_772_366_400)

    /// A world that came about by some `events` of `RandomChange`; by default some have a
    /// handful of facts, few a hundred.
    public static func make(events: Int? = nil, using random: inout SplitMix64) -> World {
        var world = World(now: now)
        let events = events ?? 10 + random.skewedBelow(150)
        for _ in 0..<events { _ = RandomChange.next(in: &world, growth: 85, using: &random) }
        return world
    }

    public static func make(events: Int? = nil, seed: UInt64) -> World {
        var random = SplitMix64(seed: seed)
        return make(events: events, using: &random)
    }
}
