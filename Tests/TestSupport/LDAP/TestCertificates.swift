/// A certificate authority of a test's own, in a folder.
package struct TestCertificates: Sendable {
    /// The authority's certificate, PEM.
    package let caFile: String
    private let keyFile: String
    private let folder: TemporaryFolder

    package init(in folder: TemporaryFolder, name: String = "ca") async throws {
        self.folder = folder
        caFile = folder.path("\(name).pem")
        keyFile = folder.path("\(name).key")
        try await Command.run(
            Self.newCertificate + ["-subj", "/CN=Test authority \(name)", "-keyout", keyFile, "-out", caFile])
    }

    /// A server's certificate for IP addresses, signed by the authority: the paths of two PEM files.
    package func issue(_ name: String, addresses: [String]) async throws -> (certificate: String, key: String) {
        let (certificate, key) = (folder.path("\(name).pem"), folder.path("\(name).key"))
        try await Command.run(
            Self.newCertificate + [
                "-CA", caFile, "-CAkey", keyFile, "-subj", "/CN=\(name)",
                "-addext", "subjectAltName=\(addresses.map { "IP:\($0)" }.joined(separator: ","))", "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-keyout", key, "-out", certificate,
            ])
        return (certificate, key)
    }

    private static let newCertificate = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
    ]
}
