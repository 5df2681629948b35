import AccessControl
import HTTPSupport
import Hummingbird

/// Refuses query parameters that mean nothing, and repeated ones: a misspelt `dry_run` must not
/// become the real thing.
struct KnownParameters: RouterMiddleware {
    private static let names: Set<String> = [
        "action", "after", "as_of", "cursor", "delete_repositories", "dry_run", "effective", "head",
        "keep_direct_grants", "last", "limit", "n", "namespace", "repository", "since", "subject", "until",
    ]

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var seen: Set<String> = []
        for (name, value) in request.uri.queryParameters {
            guard Self.names.contains(String(name)) else {
                throw AccessError.invalid(
                    field: String(name), value: String(value), reason: "there is no such parameter")
            }
            guard seen.insert(String(name)).inserted else {
                throw AccessError.invalid(field: String(name), value: String(value), reason: "it is there twice")
            }
        }
        return try await next(request, context)
    }
}
