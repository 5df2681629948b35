import AccessModel
import LDAPClient

/// What a server says about itself in its root DSE (RFC 4512, 5.1).
struct ServerDescription {
    static let attributes = [
        "objectClass", "structuralObjectClass", "namingContexts", "supportedControl", "supportedCapabilities",
        "vendorName", "vendorVersion", "dnsHostName", "configContext", "ipaDomainLevel", "ipatopologypluginversion",
    ]
    /// The control for paged results (RFC 2696).
    static let pages = "1.2.840.113556.1.4.319"

    /// For sentences: "Active Directory on dc1.corp.example.com".
    let name: String
    /// nil for a server of another kind.
    let preset: DirectorySettings.Preset?
    let namingContexts: [String]
    let hasPages: Bool

    init(_ root: LDAPEntry) {
        namingContexts = root["namingContexts"].strings
        hasPages = root["supportedControl"].strings.contains(Self.pages)
        let vendor = [root.text("vendorName"), root.text("vendorVersion")].compactMap(\.self).joined(separator: " ")
        let host = root.text("dnsHostName").map { " on \($0)" } ?? ""
        let classes = (root["objectClass"].strings + root["structuralObjectClass"].strings).map { $0.lowercased() }
        if root["supportedCapabilities"].strings.contains(Self.activeDirectory) {
            preset = .activeDirectory
            name = (vendor.lowercased().contains("samba") ? "Samba's Active Directory" : "Active Directory") + host
        } else if classes.contains("openldaprootdse") || vendor.lowercased().contains("openldap")
            || root.text("configContext") == "cn=config"
        {
            preset = .openLDAP
            name = "OpenLDAP\(host)"
        } else if root.text("ipaDomainLevel") != nil || root.text("ipatopologypluginversion") != nil {
            preset = .freeIPA
            name = "FreeIPA\(host)"
        } else {
            preset = nil
            name = vendor.isEmpty ? "a server that does not say its kind\(host)" : vendor + host
        }
    }

    // LDAP_CAP_ACTIVE_DIRECTORY_OID (MS-ADTS 3.1.1.3.4.3.1).
    private static let activeDirectory = "1.2.840.113556.1.4.800"
}
