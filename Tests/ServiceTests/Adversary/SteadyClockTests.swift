import AccessControl
import AccessModel
import ReferenceModel
import Synchronization
import Testing

/// A clock that is set while the service runs.
struct SteadyClockTests {
    private final class Machine: Sendable {
        let reading = Mutex(SteadyClock.Reading(wall: 1_772_366_400_000_000, elapsed: 5_000_000))

        /// Lets time pass, and the wall clock go by so much more.
        func pass(_ seconds: Int64, wallAhead: Int64 = 0) {
            reading.withLock { reading in
                reading.elapsed += seconds * 1_000_000
                reading.wall += (seconds + wallAhead) * 1_000_000
            }
        }
    }

    private func clock(of machine: Machine) -> SteadyClock { SteadyClock { machine.reading.withLock(\.self) } }

    @Test(arguments: [Int64(61), 3_600, 631_152_000, -61, -631_152_000])
    func `a jump is not believed, and time goes on from where it was`(jump: Int64) {
        let machine = Machine()
        let clock = clock(of: machine)
        let start = clock.now
        machine.pass(10)
        #expect(clock.now == start + .seconds(10))
        machine.pass(10, wallAhead: jump)
        #expect(clock.now == start + .seconds(20))
        #expect(Int64(clock.offset) == jump)
        machine.pass(1_000)
        #expect(clock.now == start + .seconds(1_020))
        machine.pass(10, wallAhead: -jump)
        #expect(clock.now == start + .seconds(1_030))
        #expect(clock.offset == 0)
    }

    @Test func `small steps and drift are followed, however far they lead`() {
        let machine = Machine()
        let clock = clock(of: machine)
        let start = clock.now
        for _ in 1...100 {
            machine.pass(60, wallAhead: 30)
            #expect(clock.offset == 30 || clock.offset == 0)
        }
        #expect(clock.now == start + .seconds(100 * 90))
    }

    @Test(arguments: UInt64(1)...20)
    func `whatever is set, the time of a process never jumps by more than a minute`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let machine = Machine()
        let clock = clock(of: machine)
        var last = clock.now
        for _ in 1...500 {
            let passed = Int64(random.below(300))
            let jump = random.below(4) == 0 ? Int64(random.below(2_000_000_000)) - 1_000_000_000 : 0
            machine.pass(passed, wallAhead: jump)
            let step = last.duration(to: clock.now)
            #expect(step >= .seconds(passed - 60) && step <= .seconds(passed + 60), "seed \(seed)")
            last = clock.now
        }
    }
}
