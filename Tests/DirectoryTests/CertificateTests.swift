import AccessControl
import AccessModel
import Foundation
import Glibc
import LDAPClient
import LDAPDirectory
import TestSupport
import Testing

/// What stands against the certificate of a directory's server, said of real TLS servers.
@Suite struct CertificateTests {
    private let source = makeSource()

    @Test func `each reason against a certificate is said`() async throws {
        let folder = try TemporaryFolder("certificates")
        defer { folder.remove() }
        let certificates = try await TestCertificates(in: folder)
        let name = "IP:127.0.0.1"
        let between = try await certificates.issue(
            "between", alternativeNames: "DNS:between", signedBy: certificates.authority, isAuthority: true)
        let rows: [(name: String, files: (certificate: String, key: String), saw: String)] = [
            (
                "expired",
                try await certificates.issue(
                    "expired", alternativeNames: name, days: -1, signedBy: certificates.authority),
                "its certificate expired on "
            ),
            (
                "other name",
                try await certificates.issue(
                    "named", alternativeNames: "DNS:ldap.example.com,IP:192.0.2.1", signedBy: certificates.authority),
                "its certificate is for ldap.example.com, 192.0.2.1, and not for 127.0.0.1"
            ),
            (
                "self-signed", try await certificates.issue("alone", alternativeNames: name, signedBy: nil),
                "its certificate signed itself, and is not in \"tls.ca_file\""
            ),
            (
                "no intermediate", try await certificates.issue("leaf", alternativeNames: name, signedBy: between),
                "it sends only its own certificate, which is signed by CN=between, and that is not in"
            ),
        ]
        for row in rows {
            let (url, process) = try await serve(row.files)
            let settings = Self.settings(url, caFile: certificates.caFile)
            let steps = await source.test(settings, password: "x", login: nil)
            let step = try #require(steps.first { $0.step == "connect \(url)" })
            #expect(step.outcome == .failed && step.saw.contains(row.saw), "\(row.name): \(step)")
            #expect(step.saw.contains("it sent 1. CN="), "\(row.name): \(step)")
            let error = await #expect(throws: DirectoryError.self) {
                try await source.read(settings, password: "x", since: nil) { _ in }
            }
            guard case .tlsRefused(_, let reason)? = error, reason.contains(row.saw) else {
                Issue.record("\(row.name): \(String(describing: error))")
                continue
            }
            try await process.stop()
        }
        let leaf = try await certificates.issue("whole", alternativeNames: name, signedBy: between)
        let (url, process) = try await serve(leaf, chain: between.certificate)
        let whole = await source.test(Self.settings(url, caFile: certificates.caFile), password: "x", login: nil)
        #expect(whole.first { $0.step == "connect \(url)" }?.outcome == .passed, "with the intermediate it is believed")
        try await process.stop()
    }

    @Test func `a server that speaks no TLS, and StartTLS under another name, are told from it`() async throws {
        let server = try await TestServers.slapd.value
        var settings = Self.settings("ldaps://127.0.0.1:\(server.port)", caFile: server.caFile)
        let plain = await source.test(settings, password: "x", login: nil)[1]
        #expect(plain.outcome == .failed && !plain.saw.contains("certificate"), "\(plain)")
        settings.urls = ["ldap://localhost:\(server.port)"]
        settings.tls.mode = .starttls
        let named = await source.test(settings, password: "x", login: nil)[1]
        #expect(named.saw.contains("its certificate is for 127.0.0.1, and not for localhost"), "\(named)")
    }

    @Test func `a server that gives its handshake a byte at a time is not waited for any longer than a silent one`()
        async throws
    {
        let listener = try Loopback.listener("127.0.0.1", port: 0)
        let port = try Loopback.port(of: listener)
        Thread {
            while case let client = accept(listener, nil, nil), client >= 0 {
                Thread {
                    // A record of a handshake, 16 kB long.
                    var bytes: [UInt8] = [0x16, 0x03, 0x03, 0x40, 0x00, 0x02, 0x00, 0x3F, 0xFC]
                    while send(client, &bytes, bytes.count, Int32(MSG_NOSIGNAL)) > 0 {
                        bytes = [0]
                        usleep(100_000)
                    }
                    close(client)
                }.start()
            }
        }.start()
        defer { shutdown(listener, Int32(SHUT_RDWR)) }
        let server = try await TestServers.slapd.value
        var settings = Self.settings("ldaps://127.0.0.1:\(port)", caFile: server.caFile)
        settings.timeout = 1
        let start = ContinuousClock.now
        let steps = await source.test(settings, password: "x", login: nil)
        #expect(steps[1].outcome == .failed, "\(steps[1])")
        #expect(start.duration(to: .now) < .seconds(10))
        let endpoint = LDAPEndpoint(
            url: try #require(LDAPURL("ldaps://127.0.0.1:\(port)")), security: .ldaps, caFile: server.caFile, timeout: 1
        )
        #expect(throws: LDAPError.self) { try ServerCertificates(of: endpoint) }
        #expect(start.duration(to: .now) < .seconds(20))
    }

    @Test func `a file of certificates in another form is told with the command that converts it`() async throws {
        let folder = try TemporaryFolder("files")
        defer { folder.remove() }
        let pem = try await TestCertificates(in: folder).caFile
        func converted(_ name: String, _ arguments: [String]) async throws -> String {
            try await Command.run(["openssl"] + arguments + ["-out", folder.path(name)])
            return folder.path(name)
        }
        try Data().write(to: URL(filePath: folder.path("empty")))
        try Data("hello".utf8).write(to: URL(filePath: folder.path("text")))
        try Data([0xFF, 0xFE, 0x2D, 0]).write(to: URL(filePath: folder.path("wide")))
        let rows = [
            (pem, nil), (folder.path("empty"), "it is empty"), (folder.path("text"), "it holds no PEM certificate"),
            (folder.path("wide"), "it is UTF-16"), (folder.path("ca.key"), "it holds a private key"),
            (folder.path("missing"), "it cannot be read: No such file"), (folder.root, "it is no file"),
            ("/dev/zero", "it is no file"),
            (try await converted("ca.trusted", ["x509", "-in", pem, "-trustout"]), "OpenSSL's own form"),
            (
                try await converted(
                    "ca.p12", ["pkcs12", "-export", "-nokeys", "-in", pem, "-passout", "pass:x"]),
                "openssl pkcs12 -nokeys"
            ),
            (try await converted("ca.der", ["x509", "-in", pem, "-outform", "DER"]), "openssl x509 -inform der -in"),
            (
                try await converted("ca.p7b", ["crl2pkcs7", "-nocrl", "-certfile", pem]),
                "openssl pkcs7 -print_certs -in"
            ),
            (
                try await converted("ca.p7", ["crl2pkcs7", "-nocrl", "-certfile", pem, "-outform", "DER"]),
                "openssl pkcs7 -inform der -print_certs -in"
            ),
        ]
        for (file, words) in rows {
            let settings = Self.settings("ldaps://127.0.0.1:1", caFile: file)
            let step = await source.test(settings, password: "x", login: nil)[0]
            #expect(step.outcome == (words == nil ? .passed : .failed), "\(file): \(step)")
            #expect(words.map(step.saw.contains) ?? true, "\(file): \(step)")
        }
    }

    private static func settings(_ url: String, caFile: String) -> DirectorySettings {
        DirectorySettings(
            preset: .openLDAP, urls: [url], tls: .init(mode: .ldaps, caFile: caFile), bind: .init(dn: "cn=x"),
            users: .init(base: "dc=x", filter: "(uid=*)"), groups: .init(base: "dc=x", filter: "(cn=*)"),
            attributes: .init(login: "uid", fullName: "cn", email: "mail", member: "member"), rules: [], timeout: 5)
    }

    /// Serves TLS and nothing else.
    private func serve(
        _ files: (certificate: String, key: String), chain: String? = nil
    ) async throws -> (url: String, process: ServerProcess) {
        let port = try Loopback.freePort()
        let arguments = [
            "openssl", "s_server", "-quiet", "-accept", "127.0.0.1:\(port)", "-cert", files.certificate, "-key",
            files.key,
        ]
        let process = try await ServerProcess.start(
            arguments + (chain.map { ["-cert_chain", $0] } ?? []), in: try TemporaryFolder("s_server"))
        try await process.waitUntilReady { Loopback.accepts("127.0.0.1", port: port) }
        return ("ldaps://127.0.0.1:\(port)", process)
    }
}
