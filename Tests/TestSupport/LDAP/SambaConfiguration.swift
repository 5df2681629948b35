/// An `smb.conf` that keeps everything in one folder and serves LDAP only.
struct SambaConfiguration {
    var folder: String
    var address: String
    /// Whether it takes passwords in clear text: a proxy of the tests reads along.
    var allowsClearText = false
    var tls: (caFile: String, certificate: String, key: String)?

    static let folders = ["private", "state", "cache", "lock", "run", "sysvol"]

    var text: String {
        var text = """
            [global]
            netbios name = DC1
            realm = CORP.EXAMPLE.COM
            workgroup = CORP
            server role = active directory domain controller
            server services = ldap
            ldap server require strong auth = \(allowsClearText ? "no" : "yes")
            interfaces = \(address)/8
            bind interfaces only = yes
            private dir = \(folder)/private
            binddns dir = \(folder)/private
            state directory = \(folder)/state
            cache directory = \(folder)/cache
            lock directory = \(folder)/lock
            pid directory = \(folder)/run
            ncalrpc dir = \(folder)/run/ncalrpc
            ntp signd socket directory = \(folder)/run/ntp
            winbindd socket directory = \(folder)/run/winbindd
            log file = \(folder)/samba.log

            """
        if let tls {
            text += """
                tls enabled = yes
                tls cafile = \(tls.caFile)
                tls certfile = \(tls.certificate)
                tls keyfile = \(tls.key)

                """
        }
        return text + """
            [sysvol]
            path = \(folder)/sysvol
            [netlogon]
            path = \(folder)/sysvol/scripts

            """
    }
}
