public import AccessControl
public import Hummingbird
public import Logging
import NIOCore

/// What every request carries through the router.
public struct APIContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The address that wrong secrets are counted for.
    public internal(set) var address: String
    /// Who calls; nil until a credential was verified.
    public var caller: Caller?
    /// Told how far long work is; of use only in the process that asked.
    public let progress: Progress
    /// The connection; nil for a request that crossed no socket.
    let channel: (any Channel)?

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        address = source.channel.remoteAddress?.ipAddress ?? "local"
        progress = Progress()
    }

    /// For a request that never crossed a socket, made by a command on the database file.
    public init(localCaller: Caller, progress: Progress, logger: Logger) {
        coreContext = .init(source: LocalSource(logger: logger))
        channel = nil
        address = "local"
        self.progress = progress
        caller = localCaller
    }

    private struct LocalSource: RequestContextSource {
        let logger: Logger
    }
}

/// A request whose caller is known: below a group of these no handler can forget to ask.
public struct AuthenticatedContext: ChildRequestContext {
    public var coreContext: CoreRequestContextStorage
    public let address: String
    public let caller: Caller
    public let progress: Progress
    let channel: (any Channel)?

    public init(context: APIContext) throws {
        guard let caller = context.caller else {
            throw AccessError.unauthenticated("log in with a password (Basic) or a token (Bearer)")
        }
        coreContext = context.coreContext
        address = context.address
        self.caller = caller
        progress = context.progress
        channel = context.channel
    }
}
