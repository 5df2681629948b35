import AccessControl
import ServiceLifecycle

/// Lets go of those who follow the change log before the server waits for its connections to end.
struct CloseEventStreams: Service {
    let service: AccessService

    func run() async throws {
        defer { service.transactions.published.end() }
        try await gracefulShutdown()
    }
}
