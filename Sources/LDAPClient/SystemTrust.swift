import Glibc

/// Where the distributions keep the certificates that a system trusts. libldap knows no such place
/// unless its own configuration file names it, which minimal images leave out.
enum SystemTrust {
    /// The first bundle that can be read; nil leaves the matter to libldap's configuration.
    static let file: String? = candidates.first { access($0, R_OK) == 0 }

    private static let candidates = [
        "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Alpine
        "/etc/pki/tls/certs/ca-bundle.crt",  // Fedora, Red Hat
        "/etc/ssl/ca-bundle.pem",  // SUSE
    ]
}
