import Foundation
import Glibc
import Synchronization

/// Samba as an Active Directory domain controller of `corp.example.com`, on a loopback address of its
/// own because its ports cannot be chosen. Needs the rights of root.
///
/// The first start of a machine provisions a domain (seconds); later ones copy it.
package final class SambaDomainController: Sendable {
    package static let base = "DC=corp,DC=example,DC=com"
    package static let users = "CN=Users,\(base)"
    package static let password = "a-Secret 4 tests"
    /// A user principal name, which binds as a DN does.
    package static let administrator = "administrator@corp.example.com"
    /// An ordinary account, which may read everything that matters.
    package static let syncAccount = "CN=svc-sync,\(users)"

    package let address: String
    package let folder: TemporaryFolder
    /// The authority that signed the server's certificate, which names `address` and 127.0.0.1.
    package let certificates: TestCertificates
    private let process: Mutex<ServerProcess?> = Mutex(nil)

    package var url: String { "ldap://\(address)" }
    package var tlsURL: String { "ldaps://\(address)" }
    package var caFile: String { certificates.caFile }

    /// - Parameter allowsClearText: whether it takes passwords without TLS.
    package static func start(allowsClearText: Bool = false) async throws -> SambaDomainController {
        let address = try freeAddress()
        let folder = try TemporaryFolder("samba")
        let template = try await SambaTemplate.shared.folder()
        try await Command.run(["cp", "-a", "\(template)/.", folder.root])
        let certificates = try await TestCertificates(in: folder)
        let files = try await certificates.issue("server", addresses: [address, "127.0.0.1"])
        let configuration = SambaConfiguration(
            folder: folder.root, address: address, allowsClearText: allowsClearText,
            tls: (certificates.caFile, files.certificate, files.key))
        try folder.write(configuration.text, to: "smb.conf")
        let server = SambaDomainController(address: address, folder: folder, certificates: certificates)
        try await server.run()
        try await server.apply(user("svc-sync", dn: syncAccount))
        return server
    }

    private init(address: String, folder: TemporaryFolder, certificates: TestCertificates) {
        self.address = address
        self.folder = folder
        self.certificates = certificates
    }

    /// Applies LDIF as the administrator over TLS: records without a changetype are added.
    package func apply(_ ldif: String) async throws {
        try await Command.run(
            ["ldapmodify", "-a", "-x", "-H", tlsURL, "-D", Self.administrator, "-w", Self.password],
            input: ldif, environment: ["LDAPTLS_CACERT": caFile])
    }

    /// The SID of an entry, as text.
    package func sid(_ dn: String) async throws -> String {
        let ldif = try await Command.run(
            [
                "ldbsearch", "--configfile=\(folder.path("smb.conf"))", "-H", folder.path("private/sam.ldb"), "-b", dn,
                "-s", "base", "objectSid",
            ])
        let line = ldif.split(separator: "\n").first { $0.hasPrefix("objectSid: ") }
        guard let sid = line?.dropFirst("objectSid: ".count) else { throw ServerError("\(dn) has no objectSid") }
        return String(sid)
    }

    /// The LDIF of an enabled person, with `password`.
    package static func user(_ login: String, dn: String, _ attributes: [(String, String)] = []) -> String {
        LDIF.entry(
            dn,
            [
                ("objectClass", "user"), ("sAMAccountName", login), ("userPrincipalName", "\(login)@corp.example.com"),
                ("userAccountControl", "512"), ("unicodePwd", quoted(password)),
            ] + attributes)
    }

    /// The LDIF of a security group.
    package static func group(_ name: String, dn: String, members: [String] = []) -> String {
        LDIF.entry(dn, [("objectClass", "group"), ("sAMAccountName", name)] + members.map { ("member", $0) })
    }

    package func stop() async throws { try await process.withLock { $0 }?.stop() }

    package func kill() async throws { try await process.withLock { $0 }?.kill() }

    /// Stops the server and removes its folder.
    package func remove() async throws {
        try await stop()
        folder.remove()
    }

    private func run() async throws {
        let process = try await ServerProcess.start(
            ["/usr/sbin/samba", "--interactive", "--model=single", "-s", folder.path("smb.conf")], in: folder)
        self.process.withLock { $0 = process }
        let question = ["ldapsearch", "-x", "-H", tlsURL, "-s", "base", "-b", "", "defaultNamingContext"]
        try await process.waitUntilReady { [caFile] in
            do {
                try await Command.run(question, environment: ["LDAPTLS_CACERT": caFile])
                return true
            } catch is CommandError {
                return false
            }
        }
    }

    /// unicodePwd (MS-ADTS 3.1.1.3.1.5): UTF-16 in quotes. Of ASCII characters that is UTF-8 too.
    private static func quoted(_ password: String) -> String {
        "\"\(password)\"".unicodeScalars.map { "\($0)\0" }.joined()
    }

    private static func freeAddress() throws -> String {
        let candidates = (2...250).shuffled().lazy.map { "127.0.0.\($0)" }
        let isFree = { (address: String) in
            guard let socket = try? Loopback.listener(address, port: 636) else { return false }
            close(socket)
            return true
        }
        guard let address = candidates.first(where: isFree) else {
            throw ServerError("no loopback address has a free port 636; the tests of Samba run as root")
        }
        return address
    }
}
