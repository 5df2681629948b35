import AccessControl
import AccessModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird

extension RegistryTokenAPI {
    /// Asked by a proxy whether to let a request through to its registry: nginx's `auth_request`, Traefik's
    /// ForwardAuth and Caddy's `forward_auth` name it in headers, Envoy's `ext_authz` behind our path.
    func addForwardAuthorization(to router: Router<APIContext>) {
        router.get("registry/authorize") { request, context in
            await RegistryError.answering(context) { try await authorize(Self.forwarded(request), request, context) }
        }
        for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete] {
            router.on("registry/authorize/**", method: method) { request, context in
                let target = request.uri.description.dropFirst("/registry/authorize".count)
                return await RegistryError.answering(context) {
                    try await authorize((request.method.rawValue, String(target)), request, context)
                }
            }
        }
    }

    /// Neither login nor password: what skopeo and podman send where they have none and Basic is asked for.
    private static func isNobody(_ header: String) -> Bool { header == "Basic Og==" }

    /// The proxy sets one pair of these and passes on what clients send: two that differ are somebody's trick.
    private static func forwarded(_ request: Request) throws -> (method: String, target: String) {
        let pairs = [("X-Original-Method", "X-Original-URI"), ("X-Forwarded-Method", "X-Forwarded-Uri")]
            .compactMap { names -> (method: String, target: String)? in
                guard let method = request.header(names.0), let target = request.header(names.1) else { return nil }
                return (method, target)
            }
        guard let pair = pairs.first, pairs.allSatisfy({ $0 == pair }) else {
            throw AccessError.invalid(
                field: "X-Original-URI", value: nil,
                reason: "the proxy has to say what is asked for: X-Original-Method and X-Original-URI, or "
                    + "X-Forwarded-Method and X-Forwarded-Uri")
        }
        return pair
    }

    private func authorize(
        _ asked: (method: String, target: String), _ request: Request, _ context: APIContext
    ) async throws -> Response {
        try await service.transactions.catchUp()
        let caller =
            if let header = request.headers[.authorization], !Self.isNobody(header) {
                try await service.authentication.caller(authorization: header, address: context.address)
            } else {
                Caller.anonymous
            }
        // A form in the body could name a source to mount from, and bodies are not seen here.
        let isForm = request.headers[.contentType]?.lowercased().contains("form") ?? false
        guard !isForm, let wanted = RegistryRequest(method: asked.method, target: asked.target) else {
            throw AccessError.forbidden("this is no request of the distribution API, or not written as it should be")
        }
        if service.registry.mayMake(wanted, as: caller) {
            let name = service.transactions.published.current.principal(of: caller.actor)?.description ?? "anonymous"
            return Response(status: .ok, headers: [.portreeveUser: name, .cacheControl: "no-store"])
        }
        guard caller.actor != .anonymous else { throw AccessError.unauthenticated("authentication required") }
        throw AccessError.forbidden("requested access to the resource is denied")
    }
}

extension Request {
    fileprivate func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}

extension HTTPField.Name {
    /// Who was let through, for the registry's log.
    fileprivate static let portreeveUser = HTTPField.Name("X-Portreeve-User") ?? .via
}
