import AccessModel
import ReferenceModel
import Testing

@Suite struct IdentifierTests {
    /// The largest start of the counter, so that it overflows at once.
    struct Highest: RandomNumberGenerator { mutating func next() -> UInt64 { .max } }

    @Test func `one source never makes an identity twice, and later ones sort behind`() {
        var random = SplitMix64(seed: 7)
        var source = IdentifierSource(now: RandomWorld.now, using: &random)
        let made: [AccountID] = (0..<20_000).map { _ in source.next() }
        #expect(Set(made).count == made.count)
        #expect(made == made.sorted())
    }

    @Test func `a source whose counter runs over goes on`() {
        var highest = Highest()
        var source = IdentifierSource(now: RandomWorld.now, using: &highest)
        let made: [AccountID] = (0..<100).map { _ in source.next() }
        #expect(Set(made).count == 100)
        #expect(made == made.sorted())
    }

    @Test func `an identity is fifteen characters of Crockford base 32`() {
        let alphabet = Set("0123456789abcdefghjkmnpqrstvwxyz")
        let made = AccountID.make(at: RandomWorld.now).rawValue
        #expect(made.count == 15)
        #expect(made.allSatisfy(alphabet.contains))
    }

    @Test func `an identity of a later time sorts behind`() {
        var moment = RandomWorld.now
        var last = AccountID.make(at: moment)
        for _ in 0..<200 {
            moment = moment + .milliseconds(1)
            let next = AccountID.make(at: moment)
            #expect(last < next)
            last = next
        }
    }
}
