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
        // One that has ended is no better than the one that is shown.
        let ended = try await authority.issue(
            "ended", alternativeNames: "IP:127.0.0.1", days: -1, signedBy: authority.authority)
        try install(ended.certificate, at: chain)
        try install(ended.key, at: key)
        kill(process.pid, SIGHUP)
        try await poll(for: .seconds(30), "the complaint") { log().contains("has ended already") ? () : nil }
        #expect(try await subject(of: company) == "CN = second")
        // Without a signal it is seen as well.
        try install(first.certificate, at: chain)
        try install(first.key, at: key)
        try await poll(for: .seconds(60), "the first certificate again") {
            try await subject(of: company) == "CN = first" ? () : nil
        }
        try await process.stop()
    }

    @Test func `the end of a certificate and a key that all may read are told, and shown as a figure`() async throws {
        let company = try PortreeveInstallation()
        defer { company.remove() }
        let authority = try await TestCertificates(in: company.folder)
        let ended = try await authority.issue(
            "ended", alternativeNames: "IP:127.0.0.1", days: -1, signedBy: authority.authority)
        let soon = try await authority.issue("soon", addresses: ["127.0.0.1"])
        let far = try await authority.issue(
            "far", alternativeNames: "IP:127.0.0.1", days: 90, signedBy: authority.authority)
        for (pair, mode, words) in [
            (ended, 0o600, "error the certificate has ended at "),
            (soon, 0o600, "warning the certificate ends at "),
            (far, 0o644, "warning every user of this machine may read the key of the certificate"),
            (far, 0o600, nil),
        ] as [(pair: (certificate: String, key: String), Int, String?)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: pair.key)
            try? FileManager.default.removeItem(atPath: company.folder.path("server.log"))
            let process = try await ServerProcess.start(
                company.words(
                    ["serve"],
                    [
                        "PORTREEVE_TLS_CERTIFICATE": pair.certificate, "PORTREEVE_TLS_KEY": pair.key,
                        "PORTREEVE_METRICS_TRUSTED": "127.0.0.1/32",
                    ]), in: company.folder)
            try await process.waitUntilReady { Loopback.accepts("127.0.0.1", port: company.port) }
            let figures = try await Program.run(
                ["curl", "--silent", "--insecure", "https://127.0.0.1:\(company.port)/metrics"]
            ).required().output
            let end = figures.split(separator: "\n").first { $0.hasPrefix("portreeve_tls_certificate_end_seconds ") }
            let seconds = try await Program.run(
                [
                    "sh", "-c",
                    "date --date \"$(openssl x509 -noout -enddate -in \(pair.certificate) | cut -d= -f2)\" +%s",
                ]
            ).required().output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(end.map(String.init) == "portreeve_tls_certificate_end_seconds \(seconds)")
            try await process.stop()
            let log = try String(contentsOfFile: company.folder.path("server.log"), encoding: .utf8)
            if let words {
                #expect(log.contains(words), "\(log)")
            } else {
                #expect(!log.contains("certificate"), "\(log)")
            }
        }
    }

    @Test func `a pipe as the key ends the start with a reason`() async throws {
        let company = try PortreeveInstallation()
        defer { company.remove() }
        let pair = try await TestCertificates(in: company.folder).issue("some", addresses: ["127.0.0.1"])
        let pipe = company.folder.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let outcome = try await company.run(
            ["serve"], environment: ["PORTREEVE_TLS_CERTIFICATE": pair.certificate, "PORTREEVE_TLS_KEY": pipe])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("tls.key: \(pipe) is not a regular file"), "\(outcome.errors)")
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
