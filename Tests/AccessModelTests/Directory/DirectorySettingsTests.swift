import AccessModel
import Foundation
import StrictJSON
import Testing

struct DirectorySettingsTests {
    static let minimal = #"""
        {"preset":"active-directory","urls":["ldaps://dc1.corp.example.com"],
         "users":{"base":"OU=People,DC=corp"},"groups":{"base":"OU=Groups,DC=corp"}}
        """#

    static let full = #"""
        {"preset":"active-directory","urls":["ldaps://dc1.corp.example.com","ldaps://[::1]:636"],
         "tls":{"mode":"ldaps","ca_file":"/etc/portreeve/corp-ca.pem"},
         "bind":{"dn":"svc@corp.example.com","password":"s3cret"},
         "users":{"base":"OU=People,DC=corp","filter":"(&(objectCategory=person)(objectClass=user))"},
         "groups":{"base":"OU=Groups,DC=corp","filter":"(objectClass=group)","scope":"one"},
         "attributes":{"login":"userPrincipalName"},
         "rules":[{"group":"CN=Registry Ops,OU=Groups,DC=corp","team":"nerd-dinner/ops"},
                  {"group":"{0F0F0F0F-1111-2222-3333-444444444444}","org":"nerd-dinner","role":"owner"},
                  {"group":"CN=Admins,DC=corp","system_admin":true},
                  {"pattern":"CN=registry-{org}-{team}"},{"pattern":"owners-{org}","role":"owner"}],
         "leavers":{"action":"deactivate","confirm_after":"2h","delete_after_days":null},
         "brake":{"max_removals":7},
         "schedule":null,"full_schedule":null,"login":true,"just_in_time":false}
        """#

    static func decode<Value: JSONReadable>(_ json: String, as type: Value.Type = Value.self) throws -> Value {
        try Value(parsing: json.utf8)
    }

    @Test func `absent members take the defaults of the preset`() throws {
        let settings: DirectorySettings = try Self.decode(Self.minimal)
        try settings.validate()
        #expect(settings.users.filter == "(&(objectCategory=person)(objectClass=user))")
        #expect(settings.groups.filter == "(objectClass=group)")
        #expect(
            settings.attributes
                == .init(
                    login: "sAMAccountName", fullName: "displayName", email: "mail", member: "member",
                    principalName: "userPrincipalName"))
        #expect(settings.schedule == nil && settings.fullSchedule == nil && settings.deletesLeaversAfterDays == nil)
        #expect(settings.confirmsLeaversAfter.seconds == 6 * 3_600)
        #expect(!settings.justInTime && settings.localMembers == .keep && settings.loginMemory == 60)
        #expect(settings.tls.mode == .ldaps && settings.brake == .init() && settings.allowsLogin)
        #expect(settings.pageSize == 500 && settings.timeout == 30 && settings.rules.isEmpty && settings.bind == nil)

        let openLDAP: DirectorySettings = try Self.decode(
            Self.minimal.replacingOccurrences(of: "active-directory", with: "openldap"))
        #expect(openLDAP.users.filter == "(objectClass=inetOrgPerson)")
        #expect(openLDAP.groups.filter == "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))")
        #expect(openLDAP.attributes == .init(login: "uid", fullName: "cn", email: "mail", member: "member"))
        let freeIPA: DirectorySettings = try Self.decode(
            Self.minimal.replacingOccurrences(of: "active-directory", with: "freeipa"))
        #expect(freeIPA.groups.filter == "(objectClass=ipaUserGroup)" && freeIPA.attributes == openLDAP.attributes)
    }

    /// With the preset `custom`.
    static let custom = #"""
        {"preset":"custom","urls":["ldaps://edir.corp.example.com"],
         "users":{"base":"ou=people,o=corp","filter":"(objectClass=inetOrgPerson)"},
         "groups":{"base":"ou=groups,o=corp","filter":"(objectClass=groupOfNames)"},
         "attributes":{"identity":"GUID","login":"cn","full_name":"fullName","email":"mail","member":"member",
                       "inactive":["employeeStatus=Ended","suspended"]}}
        """#

    @Test func `with the preset custom all is named`() throws {
        let settings: DirectorySettings = try Self.decode(Self.custom)
        try settings.validate()
        #expect(settings.attributes.identity == "GUID" && settings.attributes.principalName.isEmpty)
        #expect(settings.attributes.inactive.map(\.text) == ["employeeStatus=Ended", "suspended"])
        let json = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
        #expect(try Self.decode(json, as: DirectorySettings.self) == settings)
    }

    @Test(arguments: [
        (#","filter":"(objectClass=inetOrgPerson)""#, "users.filter"),
        (#","filter":"(objectClass=groupOfNames)""#, "groups.filter"), (#""identity":"GUID","#, "attributes.identity"),
        (#""login":"cn","#, "attributes.login"), (#""full_name":"fullName","#, "attributes.full_name"),
        (#""email":"mail","#, "attributes.email"), (#""member":"member","#, "attributes.member"),
    ])
    func `with the preset custom nothing may be left out`(_ part: String, _ field: String) throws {
        let json = Self.custom.replacingOccurrences(of: part, with: "")
        #expect(json != Self.custom)
        let error = #expect(throws: JSONError.self) { try Self.decode(json, as: DirectorySettings.self) }
        #expect(error?.path == field)
    }

    @Test(arguments: [
        ("nsAccountLock", ["TRUE"], true), ("nsAccountLock", ["false"], false), ("nsAccountLock", ["0"], false),
        ("nsAccountLock", ["No"], false), ("nsAccountLock", [], false), ("nsAccountLock", ["since May"], true),
        ("status=ended", ["Ended"], true), ("status=ended", ["active", "ENDED"], true),
        ("status=ended", ["end"], false),
        ("status=ended", [], false),
    ])
    func `a mark says who may not log in`(text: String, values: [String], isSaid: Bool) throws {
        #expect(try #require(DirectorySettings.InactiveMark(text)).isSaid(by: values) == isSaid)
    }

    @Test func `settings survive JSON and the password never enters them`() throws {
        let input: DirectoryInput = try Self.decode(Self.full)
        try input.settings.validate()
        #expect(input.password == "s3cret")
        #expect(input.settings.brake == .init(maxRemovals: 7))
        #expect(input.settings.confirmsLeaversAfter.seconds == 7_200)
        #expect(
            input.settings.rules.map(\.feeds.description) == [
                "nerd-dinner/ops", "the owners of nerd-dinner", "the system administrators",
            ])
        let json = String(decoding: try JSONEncoder().encode(input.settings), as: UTF8.self)
        #expect(
            !json.contains("s3cret") && !"\(input)".contains("s3cret") && !String(reflecting: input).contains("s3cret"))
        var dumped = ""
        dump(input, to: &dumped)
        #expect(!dumped.contains("s3cret"))
        #expect(try Self.decode(json, as: DirectorySettings.self) == input.settings)
        #expect(input.settings.patterns.map(\.text) == ["CN=registry-{org}-{team}", "owners-{org}"])
    }

    @Test func `everything that can be set survives JSON`() throws {
        var settings = try Self.decode(Self.full, as: DirectoryInput.self).settings
        settings.deletesLeaversAfterDays = 30
        settings.localMembers = .remove
        settings.schedule = try SyncSchedule("*/15 * * * *")
        settings.fullSchedule = try SyncSchedule("@daily")
        settings.order = 7
        settings.justInTime = true
        settings.loginMemory = 0
        settings.netBIOSName = "CORP"
        settings.attributes.inactive = [try #require(DirectorySettings.InactiveMark("a=b"))]
        settings.brake.maxTeamRemovals = 4
        settings.brake.maxOrganizationRemovals = 5
        settings.brake.maxOrganizationPercent = 6
        settings.bind = nil
        try settings.validate()
        let json = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
        #expect(try Self.decode(json, as: DirectorySettings.self) == settings)
    }

    @Test(arguments: [
        (#""urls":"#, #""ulrs":"#, "urls"), (#""max_removals":7"#, #""max_removal":7"#, "brake.max_removal"),
        (#""max_removals":7"#, #""max_removals":"7""#, "brake.max_removals"),
        (#""max_removals":7"#, #""max_removals":7.5"#, "brake.max_removals"),
        (#""max_removals":7"#, #""max_removals":1e30"#, "brake.max_removals"),
        (#""preset":"active-directory""#, #""preset":"novell""#, "preset"),
        (#""preset":"active-directory""#, #""preset":"custom""#, "attributes.full_name"),
        (#""login":"userPrincipalName""#, #""login":"uid","inactive":"x""#, "attributes.inactive"),
        (#""login":"userPrincipalName""#, #""login":"uid","inactive":["="]"#, "attributes.inactive[0]"),
        (#""login":"userPrincipalName""#, #""login":"uid","inactive":["a="]"#, "attributes.inactive[0]"),
        (#""team":"nerd-dinner/ops""#, #""team":"ops""#, "rules[0].team"),
        (#""team":"nerd-dinner/ops""#, #""team":"nerd-dinner/Ops""#, "rules[0].team"),
        (#""team":"nerd-dinner/ops""#, #""team":"nerd-dinner/ops","system_admin":true"#, "rules[0]"),
        (#""system_admin":true"#, #""system_admin":false"#, "rules[2]"),
        (#""role":"owner""#, #""role":"king""#, "rules[1].role"),
        (#""system_admin":true"#, #""system_admin":true,"role":"owner""#, "rules[2].role"),
        (
            #"{"group":"CN=Admins,DC=corp","system_admin":true}"#, #"{"pattern":"registry-{team}"}"#,
            "rules[2].pattern"
        ),
        (#""confirm_after":"2h""#, #""confirm_after":"1""#, "leavers.confirm_after"),
        (#""confirm_after":"2h""#, #""confirm_after":"4s""#, "leavers.confirm_after"),
        (#""confirm_after":"2h""#, #""confirm_after":"32d""#, "leavers.confirm_after"),
        (#""confirm_after":"2h""#, #""confirm_after":6"#, "leavers.confirm_after"),
        (#""delete_after_days":null"#, #""delete_after_days":"30""#, "leavers.delete_after_days"),
        (#""action":"deactivate""#, #""action":"delete""#, "leavers.action"),
        (#""schedule":null"#, #""schedule":"hourly""#, "schedule"),
        (#""schedule":null"#, #""schedule":"61 * * * *""#, "schedule"),
        (#""full_schedule":null"#, #""full_schedule":5"#, "full_schedule"),
        (#""just_in_time":false"#, #""just_in_time":"yes""#, "just_in_time"),
        (#""login":true"#, #""login":true,"local_members":"some""#, "local_members"),
        (#""password":"s3cret""#, #""password":"""#, "bind.password"),
        (#""password":"s3cret""#, #""password":"s3cret","password_file":"/p""#, "bind.password"),
        (#""scope":"one""#, #""scope":"base""#, "groups.scope"),
    ])
    func `what cannot be read is refused by its name`(_ old: String, _ new: String, _ field: String) throws {
        let json = Self.full.replacingOccurrences(of: old, with: new)
        #expect(json != Self.full)
        let error = #expect(throws: JSONError.self) { try Self.decode(json, as: DirectoryInput.self) }
        #expect(error?.path == field)
    }

    @Test func `a password is refused where settings are read alone`() {
        let error = #expect(throws: JSONError.self) {
            try Self.decode(Self.full, as: DirectorySettings.self)
        }
        #expect(error?.path == "bind.password" && error?.description.contains("s3cret") == false)
    }

    static let refusals: [(String, @Sendable (inout DirectorySettings) -> Void)] = [
        ("urls", { $0.urls = [] }),
        ("urls[0]", { $0.urls = ["http://dc1"] }),
        ("urls[0]", { $0.urls = ["ldapi:///"] }),
        ("urls[0]", { $0.urls = ["ldaps://"] }),
        ("urls[0]", { $0.urls = ["ldaps://u:p@dc1"] }),
        ("urls[0]", { $0.urls = ["ldaps://dc1/dc=x"] }),
        ("urls[0]", { $0.urls = ["ldaps://dc1:70000"] }),
        ("urls[1]", { $0.urls = ["ldaps://dc1", "ldap://dc2"] }),
        ("urls[0]", { $0.tls.mode = .starttls }),
        (
            "tls.mode",
            {
                $0.tls.mode = .none
                $0.urls = ["ldap://dc1"]
                $0.bind = .init(dn: "cn=svc")
            }
        ),
        (
            "tls.mode",
            {
                $0.tls.mode = .none
                $0.urls = ["ldap://dc1"]
            }
        ),
        ("bind.dn", { $0.bind = .init(dn: "") }),
        ("users.base", { $0.users.base = "" }),
        ("groups.base", { $0.groups.base = "corp" }),
        ("users.filter", { $0.users.filter = "(&(a=b)" }),
        ("users.filter", { $0.users.filter = "(a=b)(c=d)" }),
        ("users.filter", { $0.users.filter = "" }),
        ("groups.filter", { $0.groups.filter = "a=b" }),
        ("attributes.login", { $0.attributes.login = "uid)(x=" }),
        ("attributes.member", { $0.attributes.member = "" }),
        ("attributes.identity", { $0.attributes.identity = "mail" }),
        (
            "attributes.identity",
            {
                $0.preset = .custom
                $0.attributes.identity = ""
            }
        ),
        ("rules[0].group", { $0.rules = [.init(group: "Registry Ops", feeds: .systemAdmin)] }),
        ("brake.max_percent", { $0.brake.maxPercent = 101 }),
        ("brake.max_team_percent", { $0.brake.maxTeamPercent = -1 }),
        ("brake.max_removals", { $0.brake.maxRemovals = -1 }),
        ("page_size", { $0.pageSize = 0 }),
        ("timeout", { $0.timeout = 0 }),
        ("leavers.delete_after_days", { $0.deletesLeaversAfterDays = 0 }),
        ("login_memory", { $0.loginMemory = 3_601 }),
        ("netbios_name", { $0.netBIOSName = "A\\B" }),
        ("brake.max_org_percent", { $0.brake.maxOrganizationPercent = 101 }),
        ("brake.max_team_removals", { $0.brake.maxTeamRemovals = -1 }),
        (
            "just_in_time",
            {
                $0.justInTime = true
                $0.allowsLogin = false
            }
        ),
    ]

    @Test(arguments: refusals.indices)
    func `settings that cannot work are refused by their name`(_ index: Int) throws {
        var settings: DirectorySettings = try Self.decode(Self.minimal)
        Self.refusals[index].1(&settings)
        let error = #expect(throws: DirectorySettingsError.self) { try settings.validate() }
        #expect(error?.field == Self.refusals[index].0)
    }

    @Test func `a password may cross in clear only when told so`() throws {
        var settings: DirectorySettings = try Self.decode(Self.minimal)
        settings.urls = ["ldap://127.0.0.1:3389"]
        settings.tls = .init(mode: .none, allowCleartext: true)
        settings.bind = .init(dn: "cn=svc,dc=x")
        try settings.validate()
        settings.tls.mode = .starttls
        try settings.validate()
    }

    @Test func `a password is asked for anew when it would go elsewhere`() throws {
        let settings = try Self.decode(Self.full, as: DirectoryInput.self).settings
        var other = settings
        other.rules = []
        #expect(other.mayKeepPassword(of: settings))
        other.urls = ["ldaps://evil.example.com"]
        #expect(!other.mayKeepPassword(of: settings))
    }
}
