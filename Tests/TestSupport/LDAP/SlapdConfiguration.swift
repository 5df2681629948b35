/// The configuration and the first entries of a `SlapdServer`, as LDIF.
struct SlapdConfiguration {
    var folder: TemporaryFolder
    var caFile: String
    var certificate: (certificate: String, key: String)
    /// Whether it offers content synchronisation (RFC 4533), and keeps member values in step with
    /// names, as a directory of a company does.
    var followsChanges: Bool

    /// For `slapadd -n 0`.
    var text: String {
        """
        dn: cn=config
        objectClass: olcGlobal
        cn: config
        olcSizeLimit: 500
        olcTLSCACertificateFile: \(caFile)
        olcTLSCertificateFile: \(certificate.certificate)
        olcTLSCertificateKeyFile: \(certificate.key)
        olcTLSVerifyClient: never

        dn: cn=module{0},cn=config
        objectClass: olcModuleList
        cn: module{0}
        olcModulePath: /usr/lib/ldap
        olcModuleLoad: back_mdb
        olcModuleLoad: ppolicy
        olcModuleLoad: syncprov
        olcModuleLoad: refint
        olcModuleLoad: dynlist

        dn: cn=schema,cn=config
        objectClass: olcSchemaConfig
        cn: schema

        include: file:///etc/ldap/schema/core.ldif

        include: file:///etc/ldap/schema/cosine.ldif

        include: file:///etc/ldap/schema/inetorgperson.ldif

        include: file:///etc/ldap/schema/nis.ldif

        include: file:///etc/ldap/schema/dyngroup.ldif

        dn: cn=others,cn=schema,cn=config
        objectClass: olcSchemaConfig
        cn: others
        \(Self.attributesOfOthers)
        olcObjectClasses: ( 1.3.6.1.4.1.99999.2.1 NAME 'entryOfOthers' SUP top AUXILIARY MAY ( nsAccountLock $
          loginDisabled $ krbPrincipalExpiration $ loginExpirationTime $ ipaUniqueID $ employeeStatus $ nsBinaryID $ exactID ) )
        olcObjectClasses: ( 1.3.6.1.4.1.99999.2.2 NAME 'ipaObject' SUP top AUXILIARY MUST ipaUniqueID )
        olcObjectClasses: ( 1.3.6.1.4.1.99999.2.4 NAME 'univentionGroup' SUP top AUXILIARY MAY ( uniqueMember $ member ) )
        olcObjectClasses: ( 1.3.6.1.4.1.99999.2.3 NAME 'ipaUserGroup' SUP top AUXILIARY )

        dn: olcDatabase={0}config,cn=config
        objectClass: olcDatabaseConfig
        olcDatabase: {0}config
        olcRootDN: \(SlapdServer.admin)

        dn: olcDatabase={1}mdb,cn=config
        objectClass: olcDatabaseConfig
        objectClass: olcMdbConfig
        olcDatabase: {1}mdb
        olcSuffix: \(SlapdServer.suffix)
        olcRootDN: \(SlapdServer.admin)
        olcRootPW: \(SlapdServer.password)
        olcDbDirectory: \(folder.path("data"))
        olcDbMaxSize: 1073741824
        olcDbNoSync: TRUE
        olcDbIndex: objectClass,uid,cn,member,entryUUID,entryCSN,modifyTimestamp eq
        olcLimits: dn.exact="\(SlapdServer.syncAccount)" size.soft=unlimited size.prtotal=unlimited
        olcLimits: dn.exact="\(SlapdServer.pagedAccount)" size.soft=unlimited size.pr=100 size.prtotal=unlimited
        olcAccess: to attrs=userPassword by anonymous auth by * none
        olcAccess: to * by users read by * none

        dn: olcOverlay={0}ppolicy,olcDatabase={1}mdb,cn=config
        objectClass: olcOverlayConfig
        objectClass: olcPPolicyConfig
        olcOverlay: {0}ppolicy


        """ + Self.dynamicGroups + (followsChanges ? Self.overlays : "")
    }

    /// Attributes of other servers, with their syntaxes.
    private static let attributesOfOthers = [
        ("nsAccountLock", "booleanMatch", "7"), ("loginDisabled", "booleanMatch", "7"),
        ("krbPrincipalExpiration", "generalizedTimeMatch", "24"), ("loginExpirationTime", "generalizedTimeMatch", "24"),
        ("ipaUniqueID", "caseIgnoreMatch", "15"), ("employeeStatus", "caseIgnoreMatch", "15"),
        ("nsBinaryID", "octetStringMatch", "40"), ("exactID", "caseExactMatch", "15"),
    ].enumerated().map { number, attribute in
        "olcAttributeTypes: ( 1.3.6.1.4.1.99999.1.\(number + 1) NAME '\(attribute.0)' EQUALITY \(attribute.1) "
            + "SYNTAX 1.3.6.1.4.1.1466.115.121.1.\(attribute.2) SINGLE-VALUE )"
    }.joined(separator: "\n")

    /// Members that the server makes when it is asked. slapd 2.5 ends itself where this comes behind syncprov.
    private static let dynamicGroups = """
        dn: olcOverlay={1}dynlist,olcDatabase={1}mdb,cn=config
        objectClass: olcOverlayConfig
        objectClass: olcDynListConfig
        olcOverlay: {1}dynlist
        olcDynListAttrSet: groupOfURLs memberURL member


        """

    private static let overlays = """
        dn: olcOverlay={2}syncprov,olcDatabase={1}mdb,cn=config
        objectClass: olcOverlayConfig
        objectClass: olcSyncProvConfig
        olcOverlay: {2}syncprov

        dn: olcOverlay={3}refint,olcDatabase={1}mdb,cn=config
        objectClass: olcOverlayConfig
        objectClass: olcRefintConfig
        olcOverlay: {3}refint
        olcRefintAttribute: member
        olcRefintNothing: cn=nobody,\(SlapdServer.suffix)
        """

    static var skeleton: String {
        let suffix = SlapdServer.suffix
        let units = ["People", "Groups"].map {
            LDIF.entry("ou=\($0),\(suffix)", [("objectClass", "organizationalUnit"), ("ou", $0)])
        }
        let accounts = ["svc-sync", "svc-limited", "svc-paged"].map {
            LDIF.entry(
                "cn=\($0),\(suffix)",
                [
                    ("objectClass", "organizationalRole"), ("objectClass", "simpleSecurityObject"), ("cn", $0),
                    ("userPassword", SlapdServer.password),
                ])
        }
        let root = LDIF.entry(
            suffix, [("objectClass", "organization"), ("objectClass", "dcObject"), ("o", "Corp"), ("dc", "corp")])
        return root + units.joined() + accounts.joined()
    }
}
