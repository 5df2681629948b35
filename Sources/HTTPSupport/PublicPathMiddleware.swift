import HTTPTypes
public import Hummingbird

/// Puts the path of the public address before the paths that answers tell, where a proxy in front of the service has taken
/// it away.
public struct PublicPathMiddleware: RouterMiddleware {
    public typealias Context = APIContext

    private let path: String

    /// - Parameter path: without a slash at its end; empty for none.
    public init(path: String) { self.path = path }

    public func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard !path.isEmpty else { return response }
        if let location = response.headers[.location] { response.headers[.location] = path + location }
        if let link = response.headers[.link] { response.headers[.link] = "<\(path)\(link.dropFirst())" }
        return response
    }
}
