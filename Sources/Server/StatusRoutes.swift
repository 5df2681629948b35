import APIDescription
import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird

/// Whether the service lives and is ready, its figures, and its description.
struct StatusRoutes {
    let service: AccessService

    func mount(on router: Router<APIContext>) {
        router.get("healthz") { _, _ in ["status": "ok"] as JSON }
        router.get("openapi.yaml") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/yaml"],
                body: .init(byteBuffer: ByteBuffer(bytes: APIDescription.yaml)))
        }
        let authenticated = router.group().add(middleware: AuthenticationMiddleware(service: service))
        authenticated.get("readyz") { request, context in
            let stored = try await service.store.read { (reader) throws(AccessError) in try reader.revision() }
            guard request.uri.queryParameters["verbose"] != nil else { return ["status": "ready"] as JSON }
            guard context.caller != nil else { throw AccessError.unauthenticated("log in to see more than \"ready\"") }
            return [
                "status": "ready", "revision": .number(service.published.current.revision),
                "stored_revision": .number(stored),
            ] as JSON
        }
        authenticated.group(context: AuthenticatedContext.self).get("metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
                body: .init(byteBuffer: ByteBuffer(string: metrics)))
        }
    }

    /// Prometheus text format 0.0.4.
    private var metrics: String {
        """
        # HELP portreeve_revision The number of the newest change that decisions take into account.
        # TYPE portreeve_revision gauge
        portreeve_revision \(service.published.current.revision)

        """
    }
}
