import AccessControl
import AccessModel
import HTTPSupport
import HTTPTypes
import Hummingbird

extension DecisionAPI {
    /// Asked by a proxy whether to let its caller through to a dashboard: about operations in a collection that the proxy's
    /// configuration names. nginx's `auth_request` and Caddy's `forward_auth` name them in the query; Envoy's `ext_authz`, which
    /// puts what a client asks for behind our path, in headers that it sets itself.
    func addDashboardAuthorization(to router: Router<APIContext>) {
        router.get("access/authorize") { request, context in
            try await authorize(Self.inQuery(request), request, context)
        }
        let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
        for method in methods {
            router.on("access/authorize/**", method: method) { request, context in
                try await authorize(Self.inHeaders(request), request, context)
            }
        }
    }

    private struct Asked {
        let operations: [String]
        let collection: String?
    }

    /// `?operation=service.view&operation=service.logs&collection=/prod`: all of them.
    private static func inQuery(_ request: Request) throws(AccessError) -> Asked {
        let parameters = request.uri.queryParameters
        for (name, value) in parameters where name != "operation" && name != "collection" {
            throw .invalid(field: String(name), value: String(value), reason: "there is no such parameter here")
        }
        let collections = parameters.getAll("collection")
        guard collections.count <= 1 else {
            throw .invalid(field: "collection", value: collections.last.map { String($0) }, reason: "it is there twice")
        }
        return Asked(
            operations: parameters.getAll("operation").map { String($0) },
            collection: collections.first.map { String($0) })
    }

    /// The same with commas between the operations. The query is the client's, and means nothing.
    private static func inHeaders(_ request: Request) throws(AccessError) -> Asked {
        let operations = request.headers[.portreeveOperation]?.split(separator: ",") ?? []
        return Asked(
            operations: operations.map { $0.trimmingCharacters(in: .whitespaces) },
            collection: request.headers[.portreeveCollection])
    }

    private func authorize(_ asked: Asked, _ request: Request, _ context: APIContext) async throws -> Response {
        // What a proxy is told wrong shows at once, whoever calls.
        guard !asked.operations.isEmpty, let collection = asked.collection else {
            throw AccessError.invalid(
                field: asked.collection == nil ? "collection" : "operation", value: nil,
                reason: "the proxy has to say what is asked for, as ?operation=service.view&collection=/prod")
        }
        let operations = try asked.operations.map { (text) throws(AccessError) in
            try AccessError.operation(text, isPattern: false)
        }
        let path = try AccessError.collectionPath(collection)
        guard let header = request.headers[.authorization] else {
            throw AccessError.unauthenticated("authentication required")
        }
        try await service.transactions.catchUp()
        let caller = try await service.authentication.caller(authorization: header, address: context.address)
        try caller.requireUnlimited()
        let world = try await service.decisions.world(for: [], as: caller)
        guard let principal = world.principal(of: caller) else {
            throw AccessError.unauthenticated("authentication required")
        }
        let question = ControlQuestion(subject: principal, operations: operations, resource: ControlResource(path))
        let decision = try service.decisions.evaluate(question, explains: true, in: world, as: caller)
        guard decision.isAllowed else {
            // Who may know it is told that the proxy asks about nothing.
            let type = ControlResource.collectionType
            if let missing = service.decisions.missing(resource: type, path.description, in: world, as: caller) {
                let near = missing.nearest.map { "; is \($0) meant?" } ?? ""
                throw AccessError.invalid(
                    field: "collection", value: missing.id, reason: "there is no such collection\(near)")
            }
            throw AccessError.forbidden(decision.denial?.description ?? "that is not allowed")
        }
        var headers: HTTPFields = [.portreeveUser: principal.description, .cacheControl: "no-store"]
        switch caller.actor {
        case .user(let id): headers[.portreeveID] = id.rawValue
        case .serviceAccount(let id): headers[.portreeveID] = id.rawValue
        default: break
        }
        return Response(status: .ok, headers: headers)
    }
}

extension HTTPField.Name {
    fileprivate static let portreeveUser = HTTPField.Name("X-Portreeve-User") ?? .via
    fileprivate static let portreeveID = HTTPField.Name("X-Portreeve-Id") ?? .via
    fileprivate static let portreeveOperation = HTTPField.Name("X-Portreeve-Operation") ?? .via
    fileprivate static let portreeveCollection = HTTPField.Name("X-Portreeve-Collection") ?? .via
}
