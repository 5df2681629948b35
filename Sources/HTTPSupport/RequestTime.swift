public import NIOCore

/// How long a client may take to send a request with its body. Whoever may send much gets more time.
public enum RequestTime {
    /// For everybody.
    public static let limit = TimeAmount.seconds(30)
    /// For the body of an import, of which there may be a gigabyte.
    public static let importLimit = TimeAmount.hours(1)

    /// Told to the channel of a request whose caller gets more time, counted from now.
    public struct Extension: Sendable {
        public let time: TimeAmount

        public init(time: TimeAmount) { self.time = time }
    }
}

extension AuthenticatedContext {
    /// Gives the caller so much time, from now on, to send the body. Of no effect where no socket was crossed.
    public func allow(_ time: TimeAmount) {
        channel?.pipeline.fireUserInboundEventTriggered(RequestTime.Extension(time: time))
    }
}

/// The client did not send the rest of its request in time.
public struct RequestTimeExceeded: Error, Sendable {
    public init() {}
}
