import AccessControl
import HTTPSupport
import Hummingbird

/// The routes of the API, each with the query parameters that it takes. Any other one is refused, and so is a repeated
/// one: a misspelt `dry_run` must not become the real thing. A name in a path can be given as an identity.
struct Routes {
    typealias Handler<Answer: ResponseGenerator> = @Sendable (Request, AuthenticatedContext) async throws -> Answer

    private let group: RouterGroup<AuthenticatedContext>
    private let service: AccessService

    /// How the paths end whose writes take no precondition: what they change has no entity tag.
    private static let unconditional = ["/password", "/tokens/{id}", "retired-names/{name}", "registry/keys/{role}"]

    init(_ group: RouterGroup<AuthenticatedContext>, _ service: AccessService) {
        self.group = group
        self.service = service
    }

    func get(_ path: String, accepting names: Set<String> = [], use handler: @escaping Handler<some ResponseGenerator>)
    {
        let strict = strict(path, names, handler)
        group.get(RouterPath(path)) { request, context in
            try await strict(request, context).response(from: request, context: context).unlessKnown(to: request)
        }
    }

    func post(_ path: String, accepting names: Set<String> = [], use handler: @escaping Handler<some ResponseGenerator>)
    {
        group.post(RouterPath(path), use: strict(path, names, handler))
    }

    func put(_ path: String, accepting names: Set<String> = [], use handler: @escaping Handler<some ResponseGenerator>)
    {
        group.put(RouterPath(path), use: strict(path, names, handler))
    }

    func patch(
        _ path: String, accepting names: Set<String> = [], use handler: @escaping Handler<some ResponseGenerator>
    ) {
        group.patch(RouterPath(path), use: strict(path, names, handler))
    }

    func delete(
        _ path: String, accepting names: Set<String> = [], use handler: @escaping Handler<some ResponseGenerator>
    ) {
        group.delete(RouterPath(path), use: strict(path, names, handler))
    }

    private func strict<Answer: ResponseGenerator>(
        _ path: String, _ names: Set<String>, _ handler: @escaping Handler<Answer>
    ) -> Handler<Answer> {
        let identities = PathIdentities(in: path)
        let isConditional = !Self.unconditional.contains(where: path.hasSuffix)
        return { request, context in
            try request.requireParameters(in: names)
            if request.method == .post || !isConditional { try request.requireNoPrecondition() }
            return try await handler(request, identities.named(context, service))
        }
    }
}

extension Set<String> {
    /// Those of a list that comes in pages.
    static var page: Set<String> { ["cursor", "limit"] }
    /// That of a write that can be tried out.
    static var dryRun: Set<String> { ["dry_run"] }
}
