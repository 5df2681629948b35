import HTTPTypes
public import Hummingbird
import Logging

/// Logs requests: who asked for what, the answer's status, and how long it took.
public struct RequestLogMiddleware: RouterMiddleware {
    /// Which requests.
    public enum Requests: String, Sendable, CaseIterable {
        case off
        /// Those that the service failed to answer: status 500 and above.
        case errors
        case all
    }

    private let requests: Requests

    public init(_ requests: Requests) { self.requests = requests }

    public func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard requests != .off else { return try await next(request, context) }
        let begin = ContinuousClock.now
        let response = try await next(request, context)
        let hasFailed = response.status.code >= 500
        if hasFailed || requests == .all {
            // Without the query: what is asked for there is many times as long.
            context.logger.log(
                level: hasFailed ? .warning : .info, "request",
                metadata: [
                    "address": "\(context.address)", "method": "\(request.method.rawValue)",
                    "path": "\(request.uri.path.cut(to: 1_000))", "status": "\(response.status.code)",
                    "milliseconds": "\((ContinuousClock.now - begin).milliseconds)",
                ])
        }
        return response
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
