import Foundation
import Glibc

/// A provisioned domain to copy, made once a machine and version of Samba.
actor SambaTemplate {
    static let shared = SambaTemplate()

    private var made: Task<String, any Error>?

    /// The folder to copy; nothing may be changed in it.
    func folder() async throws -> String {
        let made = made ?? Task { try await Self.make() }
        self.made = made
        return try await made.value
    }

    private static func make() async throws -> String {
        let version = try await Command.run(["/usr/sbin/samba", "--version"])
        let name = version.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") }
        let target = NSTemporaryDirectory() + "portreeve-samba-template-\(name)-\(revision)"
        if FileManager.default.fileExists(atPath: target) { return target }

        let folder = try TemporaryFolder("samba-provision")
        defer { folder.remove() }
        for name in SambaConfiguration.folders { try folder.makeFolder(name) }
        let configuration = SambaConfiguration(folder: folder.root, address: "127.0.0.1")
        let file = try folder.write(configuration.text, to: "smb.conf")
        // Samba's modules belong to the system's Python, which need not be the first one in the path.
        try await Command.run(["/usr/bin/python3", "-c", script, file, SambaDomainController.password])
        // Of two processes that do this at once, the second finds the first one's and takes that.
        if rename(folder.root, target) != 0, !FileManager.default.fileExists(atPath: target) {
            throw ServerError("cannot rename \(folder.root) to \(target): \(String(cString: strerror(errno)))")
        }
        return target
    }

    /// To be changed with the script or the configuration, so that an older template is not used.
    private static let revision = 1

    private static let script = """
        import logging, sys
        import samba.dsdb, samba.provision
        from samba.auth import system_session

        # sysvol is not served, and its access control lists cannot be set in every container.
        samba.provision.setsysvolacl = lambda *arguments, **options: None
        samba.provision.provision(
            logging.getLogger(), system_session(), smbconf=sys.argv[1], realm="CORP.EXAMPLE.COM", domain="CORP",
            hostname="dc1", hostip="127.0.0.1", adminpass=sys.argv[2],
            serverrole="active directory domain controller", dns_backend="NONE", use_rfc2307=True,
            dom_for_fun_level=samba.dsdb.DS_DOMAIN_FUNCTION_2008_R2)
        """
}
