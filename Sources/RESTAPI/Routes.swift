import AccessControl
import HTTPSupport
import Hummingbird

/// The routes of the API, each with the query parameters that it takes. Any other one is refused, and so is a repeated
/// one: a misspelt `dry_run` must not become the real thing.
struct Routes {
    typealias Handler<Answer: ResponseGenerator> = @Sendable (Request, AuthenticatedContext) async throws -> Answer

    private let group: RouterGroup<AuthenticatedContext>

    init(_ group: RouterGroup<AuthenticatedContext>) { self.group = group }

    func get(_ path: String, accepting names: Set<String> = [], use handler: @escaping Handler<some ResponseGenerator>)
    {
        group.get(RouterPath(path), use: Self.strict(names, handler))
    }

    func post(_ path: String, accepting names: Set<String> = [], use handler: @escaping Handler<some ResponseGenerator>)
    {
        group.post(RouterPath(path), use: Self.strict(names, handler))
    }

    func put(_ path: String, accepting names: Set<String> = [], use handler: @escaping Handler<some ResponseGenerator>)
    {
        group.put(RouterPath(path), use: Self.strict(names, handler))
    }

    func patch(
        _ path: String, accepting names: Set<String> = [], use handler: @escaping Handler<some ResponseGenerator>
    ) {
        group.patch(RouterPath(path), use: Self.strict(names, handler))
    }

    func delete(
        _ path: String, accepting names: Set<String> = [], use handler: @escaping Handler<some ResponseGenerator>
    ) {
        group.delete(RouterPath(path), use: Self.strict(names, handler))
    }

    private static func strict<Answer: ResponseGenerator>(
        _ names: Set<String>, _ handler: @escaping Handler<Answer>
    ) -> Handler<Answer> {
        { request, context in
            try request.requireParameters(in: names)
            return try await handler(request, context)
        }
    }
}

extension Set<String> {
    /// Those of a list that comes in pages.
    static var page: Set<String> { ["cursor", "limit"] }
    /// That of a write that can be tried out.
    static var dryRun: Set<String> { ["dry_run"] }
}
