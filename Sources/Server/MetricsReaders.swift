import AccessControl
import HTTPSupport
import Hummingbird

/// Lets the readers of figures in that the settings name: those with a token of its own, and those from trusted
/// networks. Others log in as everywhere. Whoever is let in reads as the service itself: before no other route.
struct MetricsReaders: RouterMiddleware {
    let service: AccessService
    let token: String?
    let trusted: [AddressRange]

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if isTrusted(context.address) || hasToken(request) { context.caller = .service }
        return try await next(request, context)
    }

    private func isTrusted(_ address: String) -> Bool { trusted.contains { $0.contains(address) } }

    private func hasToken(_ request: Request) -> Bool {
        guard let token, let given = request.bearer else { return false }
        return service.authentication.isSame(given, token)
    }
}
