import Foundation
import TestSupport
import Testing

/// The certificate of a running service is renewed, as certbot or cert-manager do every few weeks.
@Suite(.timeLimit(.minutes(3)))
struct CertificateRenewalTests {
    @Test func `a new certificate is shown without a restart, and one that cannot be used is not`() async throws {
        let company = try PortreeveInstallation()
        defer { company.remove() }
        let authority = try await TestCertificates(in: company.folder)
        let first = try await authority.issue("first", addresses: ["127.0.0.1"])
        let second = try await authority.issue("second", addresses: ["127.0.0.1"])
        let (chain, key) = (company.folder.path("tls.crt"), company.folder.path("tls.key"))
        func install(_ file: String, at path: String) throws {
            try Data(contentsOf: URL(filePath: file)).write(to: URL(filePath: path), options: .atomic)
        }
        try install(first.certificate, at: chain)
        try install(first.key, at: key)
        let process = try await ServerProcess.start(
            company.words(["serve"], ["PORTREEVE_TLS_CERTIFICATE": chain, "PORTREEVE_TLS_KEY": key]),
            in: company.folder)
        try await process.waitUntilReady { Loopback.accepts("127.0.0.1", port: company.port) }
        func log() -> String {
            (try? String(contentsOfFile: company.folder.path("server.log"), encoding: .utf8)) ?? ""
        }
        #expect(try await subject(of: company) == "CN = first")
        // The key does not belong to the certificate until both are there.
        try install(second.certificate, at: chain)
        kill(process.pid, SIGHUP)
        try await poll(for: .seconds(30), "the complaint") {
            log().contains("the new certificate cannot be used") ? () : nil
        }
        #expect(try await subject(of: company) == "CN = first")
        try install(second.key, at: key)
        kill(process.pid, SIGHUP)
        try await poll(for: .seconds(30), "the new certificate") {
            try await subject(of: company) == "CN = second" ? () : nil
        }
        #expect(log().contains("the certificate was read anew"))
        // Without a signal it is seen as well.
        try install(first.certificate, at: chain)
        try install(first.key, at: key)
        try await poll(for: .seconds(60), "the first certificate again") {
            try await subject(of: company) == "CN = first" ? () : nil
        }
        try await process.stop()
    }

    @Test func `a service without TLS outlives the signal`() async throws {
        let server = try await PortreeveProcess.start()
        kill(try #require(server.pid), SIGHUP)
        for _ in 1...3 { #expect(try await server.installation.send("GET", "/readyz").status == 200) }
        try await server.remove()
    }

    private func subject(of company: PortreeveInstallation) async throws -> String {
        let shown = try await Program.run(
            ["openssl", "s_client", "-connect", "127.0.0.1:\(company.port)", "-CAfile", company.folder.path("ca.pem")])
        let subject = try await Program.run(
            ["openssl", "x509", "-noout", "-subject", "-nameopt", "oneline"], input: shown.output
        ).required()
        return subject.output.replacing("subject=", with: "").trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
