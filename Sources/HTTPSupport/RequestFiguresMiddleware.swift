public import AccessControl
import HTTPTypes
public import Hummingbird

/// Counts requests and how long they take, by route.
public struct RequestFiguresMiddleware: RouterMiddleware {
    private let figures: Figures

    public init(_ figures: Figures) { self.figures = figures }

    public func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let begin = ContinuousClock.now
        let response = try await next(request, context)
        // What there is no route for is one route, and a method that no route has is one method.
        let route = context.endpointPath ?? "none"
        let method = Self.methods.contains(request.method) ? request.method.rawValue : "other"
        figures.count(.requests, [method, route, String(response.status.code)])
        figures.add(ContinuousClock.now - begin, to: .requests, [route])
        return response
    }

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]
}
