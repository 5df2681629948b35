package import AccessControl
package import AccessModel
import Synchronization

/// A clock that stands still until a test moves it.
package final class TestClock: Sendable {
    private let time: Mutex<Timestamp>

    /// Starts at 2026-03-01T12:00:00Z.
    package init(at start: Timestamp = Timestamp(seconds: 1_772_366_400)) { time = Mutex(start) }

    package var now: Timestamp { time.withLock { $0 } }

    package func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }

    package var wall: WallClock { WallClock { self.now } }
}
