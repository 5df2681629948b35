import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the certificate and its key anew when they change, and at once on SIGHUP: they are renewed every few weeks,
/// and a restart would cut off who is being answered. Warns for the last two weeks of a certificate.
struct CertificateWatch: Service {
    /// nil for a service without TLS, which then ignores the signal.
    let certificate: ServerCertificate?
    let logger: Logger

    func run() async throws {
        if let certificate { warn(of: certificate) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in AsyncTicks(every: .seconds(10)).cancelOnGracefulShutdown() { look() }
            }
            group.addTask {
                for await _ in AsyncTicks(every: .seconds(86_400)).cancelOnGracefulShutdown() {
                    if let certificate { warn(of: certificate) }
                }
            }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { look() }
            }
            try await group.waitForAll()
        }
    }

    private func look() {
        guard let certificate else { return }
        do throws(ServerError) {
            guard try certificate.readIfChanged() else { return }
            logger.notice("the certificate was read anew")
            warn(of: certificate)
        } catch {
            // The two files may have been written one after the other: the next look finds both.
            logger.error(
                "the new certificate cannot be used; the one before is shown", metadata: ["reason": "\(error)"])
        }
    }

    private func warn(of certificate: ServerCertificate) {
        for (isGrave, text) in certificate.complaints() { logger.log(level: isGrave ? .error : .warning, "\(text)") }
    }
}
