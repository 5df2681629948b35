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

    /// A certificate of another kind.
    /// - Parameters:
    ///   - alternativeNames: as in `DNS:ldap.example.com`.
    ///   - days: for how long it is valid from now on; -1 for one that has expired.
    ///   - authority: who signs it; nil for itself.
    ///   - isAuthority: whether it may sign others.
    package func issue(
        _ name: String, alternativeNames: String, days: Int = 2,
        signedBy authority: (certificate: String, key: String)?,
        isAuthority: Bool = false
    ) async throws -> (certificate: String, key: String) {
        let (certificate, key, request) = (
            folder.path("\(name).pem"), folder.path("\(name).key"), folder.path("\(name).csr")
        )
        try await Command.run([
            "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
            "/CN=\(name)",
            "-addext", "subjectAltName=\(alternativeNames)", "-addext",
            "basicConstraints=critical,CA:\(isAuthority ? "TRUE" : "FALSE")", "-keyout", key, "-out", request,
        ])
        let signer = authority.map { ["-CA", $0.certificate, "-CAkey", $0.key] } ?? ["-signkey", key]
        try await Command.run(
            [
                "openssl", "x509", "-req", "-in", request, "-copy_extensions", "copy", "-days", String(days), "-out",
                certificate,
            ]
                + signer)
        return (certificate, key)
    }

    /// The authority itself, to sign with.
    package var authority: (certificate: String, key: String) { (caFile, keyFile) }

    private static let newCertificate = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
    ]
}
