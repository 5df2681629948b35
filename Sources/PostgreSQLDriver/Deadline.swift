import Glibc

/// A moment of the monotonic clock until which somebody waits.
struct Deadline {
    private let end: ContinuousClock.Instant

    init(in limit: Duration) { end = .now + limit }

    var isOver: Bool { ContinuousClock.now >= end }

    var left: Duration { max(.zero, ContinuousClock.now.duration(to: end)) }

    /// Waits for a socket.
    /// - Returns: false when the time is over.
    func wait(for events: CInt, on socket: CInt) -> Bool {
        var descriptor = pollfd(fd: socket, events: Int16(events), revents: 0)
        while true {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { return false }
            let milliseconds = left.components.seconds * 1_000 + left.components.attoseconds / 1_000_000_000_000_000
            let count = poll(&descriptor, 1, CInt(clamping: milliseconds + 1))
            if count > 0 { return true }
            if count < 0, errno != EINTR { return false }
        }
    }
}
