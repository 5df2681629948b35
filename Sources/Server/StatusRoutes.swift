import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import NIOCore
import StrictJSON

/// Whether the service lives and is ready, its figures, and its description.
struct StatusRoutes {
    let service: AccessService
    let metricsReaders: MetricsReaders
    /// How many passwords wait to be hashed.
    let passwordQueue: @Sendable () -> Int
    /// When the certificate of TLS ends, in seconds since 1970; nil without TLS.
    let certificateEnd: @Sendable () -> Int?

    func mount(on router: Router<APIContext>) {
        router.get("healthz") { _, _ in ["status": "ok"] as JSONValue }
        router.get("openapi.yaml") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/yaml"],
                body: .init(byteBuffer: OpenAPIDocument.yaml))
        }
        router.get("openapi.json") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: OpenAPIDocument.json))
        }
        router.get("/") { request, _ in
            try request.requireParameters(in: [])
            return [
                "name": "portreeve", "api": "/v1", "description": "/openapi.json", "health": "/readyz",
                "authzen": "/.well-known/authzen-configuration",
            ] as JSONValue
        }
        let authenticated = router.group().add(middleware: AuthenticationMiddleware(service: service))
        authenticated.get("readyz") { request, context in
            try request.requireParameters(in: ["verbose"])
            try service.transactions.store.checkIdentity()
            let stored = try await service.transactions.store.read { (reader) throws(AccessError) in
                try reader.revision()
            }
            guard request.uri.queryParameters["verbose"] != nil else { return ["status": "ready"] as JSONValue }
            guard let caller = context.caller else {
                throw AccessError.unauthenticated("log in to see more than \"ready\"")
            }
            let now = service.transactions.clock.now
            var members: [(String, JSONValue?)] = [
                ("status", "ready"), ("revision", JSONValue(service.transactions.published.current.revision)),
                ("stored_revision", JSONValue(stored)),
                (
                    "clock",
                    [
                        "offset_seconds": JSONValue(Int64(service.transactions.clock.offset)),
                        "behind_log_seconds": JSONValue(try await service.transactions.secondsBehindLog()),
                    ]
                ),
            ]
            if let statuses = try await service.synchronization.syncStatuses(as: caller) {
                members.append(("directories", .array(statuses.map { $0.json(at: now) })))
            }
            return JSONValue(members: members)
        }
        let readers = router.group().add(middleware: metricsReaders)
            .add(middleware: AuthenticationMiddleware(service: service)).group(context: AuthenticatedContext.self)
        readers.get("metrics") { request, context in
            try request.requireParameters(in: [])
            // They name all directories.
            try service.transactions.require(.administer, of: context.caller, to: "read the figures of the service")
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: try await metrics())))
        }
    }

    private func metrics() async throws -> String {
        let transactions = service.transactions
        let stored = try await transactions.store.read { (reader) throws(AccessError) in try reader.revision() }
        var metrics = MetricsText()
        metrics.gauge(
            "portreeve_revision", "The number of the newest change that decisions take into account.",
            Double(transactions.published.current.revision))
        metrics.gauge("portreeve_stored_revision", "The number of the newest change that is stored.", Double(stored))
        metrics.gauge(
            "portreeve_clock_offset_seconds",
            "How far the machine's clock is ahead of the time that changes are dated by: it was set meanwhile.",
            transactions.clock.offset.rounded())
        metrics.gauge(
            "portreeve_followers",
            "Event streams of the change log; one that its client closed counts for half a minute more.",
            Double(transactions.followerCount))
        if let end = certificateEnd() {
            metrics.gauge(
                "portreeve_tls_certificate_end_seconds", "When the certificate that is shown ends, since 1970.",
                Double(end))
        }
        metrics.gauge("portreeve_password_queue", "Passwords that wait to be hashed.", Double(passwordQueue()))
        metrics.add(transactions.figures.snapshot())
        metrics.add(try await service.synchronization.syncStatuses(), at: transactions.clock.now)
        if let process = ProcessFigures.read() { metrics.add(process) }
        return metrics.text
    }
}
