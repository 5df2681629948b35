public import AccessModel
import Foundation
import Synchronization

/// The wall clock, as long as it goes as fast as time does.
///
/// A clock that jumps by more than a minute while the process runs is not believed: somebody set it, or a virtual
/// machine woke up elsewhere, and one entry of the change log that is dated twenty years ahead would date all later
/// ones. The time goes on from where it was. A restart believes the clock again.
public final class SteadyClock: Sendable {
    /// Two clocks read at one moment, in microseconds.
    public struct Reading: Hashable, Sendable {
        public var wall: Int64
        /// Time that passed since some beginning, sleep included, whatever anybody sets.
        public var elapsed: Int64

        public init(wall: Int64, elapsed: Int64) {
            self.wall = wall
            self.elapsed = elapsed
        }

        public static var system: Reading {
            Reading(wall: microseconds(CLOCK_REALTIME), elapsed: microseconds(CLOCK_BOOTTIME))
        }

        private static func microseconds(_ clock: clockid_t) -> Int64 {
            var time = timespec()
            clock_gettime(clock, &time)
            return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
        }
    }

    /// How far the clocks may be apart before the wall clock is not believed, in microseconds.
    private static let tolerance: Int64 = 60_000_000

    private struct State {
        /// The last moment at which both agreed.
        var base: Reading
        var offset: Int64 = 0
    }

    private let read: @Sendable () -> Reading
    private let state: Mutex<State>

    public init(_ read: @escaping @Sendable () -> Reading = { .system }) {
        self.read = read
        state = Mutex(State(base: read()))
    }

    public var now: Timestamp {
        let reading = read()
        return state.withLock { state in
            let expected = state.base.wall &+ (reading.elapsed &- state.base.elapsed)
            state.offset = reading.wall &- expected
            guard abs(state.offset) > Self.tolerance else {
                // Small steps and drift are what keeps a clock right.
                state.base = reading
                return Timestamp(microseconds: reading.wall)
            }
            return Timestamp(microseconds: expected)
        }
    }

    /// How far the wall clock is ahead of this one, in seconds; nearly 0 while it is believed.
    public var offset: Double {
        _ = now
        return Double(state.withLock { $0.offset }) / 1_000_000
    }
}

extension WallClock {
    /// The clock of a process.
    public static let system: WallClock = {
        let clock = SteadyClock()
        return WallClock({ clock.now }, offset: { clock.offset })
    }()
}
