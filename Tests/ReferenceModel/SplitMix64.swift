/// A small generator whose numbers depend on the seed alone, on every platform and for ever
/// (Steele, Lea and Flood, 2014): a failing seed fails again.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in `0..<bound`; 0 when `bound` is not positive.
    public mutating func below(_ bound: Int) -> Int {
        bound > 0 ? Int(next().multipliedFullWidth(by: UInt64(bound)).high) : 0
    }

    /// A number in `0..<bound`, where small ones come more often: half of them lie in the first
    /// eighth.
    public mutating func skewedBelow(_ bound: Int) -> Int {
        let fraction = Double(next() >> 11) / Double(1 << 53)
        return min(bound - 1, Int(fraction * fraction * fraction * Double(bound)))
    }

    public mutating func chance(percent: Int) -> Bool { below(100) < percent }

    /// nil from an empty array.
    public mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }
}
