import AccessControl
import AccessModel
import Foundation
import LDAPClient
import LDAPDirectory
import TestSupport
import Testing

/// What directories of companies are like on ordinary days, against a real slapd.
@Suite struct OrdinaryDayTests {
    private let source = makeSource()

    private func read(_ settings: DirectorySettings) async throws -> DirectorySnapshot {
        try await source.read(settings, password: SlapdServer.password) { _ in }
    }

    private func resolve(
        _ settings: DirectorySettings, _ groups: String...
    ) async throws -> (ResolvedDirectory, [[String]]) {
        var settings = settings
        settings.rules = groups.map { .init(group: $0, feeds: .systemAdmin) }
        let snapshot = try await read(settings)
        let directory = ResolvedDirectory(snapshot, settings: settings, now: testTime)
        let logins = Dictionary(uniqueKeysWithValues: snapshot.users.map { ($0.externalID, $0.login ?? "") })
        return (directory, directory.feeds.map { $0.members.compactMap { logins[$0] }.sorted() })
    }

    // MARK: - People

    @Test func `several logins are one account, whatever their order, and memberUid may name any`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(1, unit: "several", on: server)
        try await server.apply(
            LDIF.entry(
                "uid=abe,\(base)",
                [
                    ("objectClass", "inetOrgPerson"), ("cn", "Abe"), ("cn", "Abraham"), ("sn", "X"), ("uid", "zed"),
                    ("uid", "abe"), ("mail", "zed@corp.example.com"), ("mail", "abe@corp.example.com"),
                ])
                + LDIF.entry(
                    "cn=Ohm,\(base)",
                    [
                        ("objectClass", "inetOrgPerson"), ("cn", "Ohm"), ("sn", "X"), ("uid", "volt"),
                        ("uid", "ampere"),
                    ])
                + LDIF.entry(
                    "cn=old,\(base)",
                    [
                        ("objectClass", "posixGroup"), ("cn", "old"), ("gidNumber", "7"), ("memberUid", "zed"),
                        ("memberUid", "VOLT"),
                    ]))
        let settings = DirectorySettings.slapd(server, base: base, member: "memberUid", groupClass: "posixGroup")
        let before = try await read(settings)
        #expect(before.users.map(\.login) == ["several-1", "abe", "ampere"])
        #expect(before.users.map(\.otherLogins) == [[], ["zed"], ["volt"]])
        #expect(before.users[1].email == "abe@corp.example.com" && before.users[1].fullName == "Abe")
        #expect(try await resolve(settings, "cn=old,\(base)").1 == [["abe", "ampere"]])
        for (attribute, value) in [("uid", "zed"), ("mail", "abe@corp.example.com"), ("cn", "Abe")] {
            try await server.apply(
                LDIF.remove("uid=abe,\(base)", attribute, [value]) + LDIF.add("uid=abe,\(base)", attribute, [value]))
        }
        #expect(try await read(settings).users == before.users)
        let step = try #require(
            await source.test(settings, password: SlapdServer.password, login: nil).first { $0.step == "users" })
        #expect(step.outcome == .warning && step.saw.contains("2 with several uid, as uid=abe,\(base)"), "\(step)")
    }

    @Test func `every mark that a server knows makes inactive`() async throws {
        let server = try await TestServers.slapd.value
        let marks: [(attribute: String, value: String, reason: String?)] = [
            ("nsAccountLock", "TRUE", "locked"), ("nsAccountLock", "FALSE", nil), ("loginDisabled", "TRUE", "locked"),
            ("krbPrincipalExpiration", "20260101000000Z", "expired on 2026-01-01"),
            ("krbPrincipalExpiration", "20270101000000Z", nil),
            ("loginExpirationTime", "20260101000000Z", "expired on 2026-01-01"),
            ("pwdEndTime", "20260101000000Z", "expired on 2026-01-01"),
            ("pwdEndTime", "202601010000Z", "expired on 2026-01-01"),
            ("pwdEndTime", "2026010102+0200", "expired on 2026-01-01"),
            ("pwdAccountLockedTime", "00000101000000Z", "locked"),
            ("employeeStatus", " ended ", "employeeStatus=ended"),
            ("pwdStartTime", "20270101000000Z", "not before 2027-01-01"), ("pwdStartTime", "20260101000000Z", nil),
            ("employeeStatus", "Ended", "employeeStatus=ended"), ("employeeStatus", "leaving", nil),
            ("description", "yes", "description"), ("description", "no", nil),
        ]
        let base = try await TestServers.crowd(marks.count, unit: "marks", on: server)
        for (place, mark) in marks.enumerated() {
            let dn = "uid=marks-\(place + 1),\(base)"
            try await server.apply(
                LDIF.add(dn, "objectClass", ["entryOfOthers"]) + LDIF.replace(dn, mark.attribute, with: [mark.value]))
        }
        var settings = DirectorySettings.slapd(server, base: base)
        settings.attributes.inactive = try ["employeeStatus=ended", "description"].map {
            try #require(DirectorySettings.InactiveMark($0))
        }
        let users = try await read(settings).users
        #expect(users.map { $0.inactiveReason(at: testTime) } == marks.map(\.reason))
    }

    // MARK: - Groups

    @Test func `each kind of group is read by its own attribute`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(3, unit: "side", on: server)
        func person(_ number: Int) -> String { "uid=side-\(number),\(base)" }
        try await server.apply(
            LDIF.entry("cn=a,\(base)", [("objectClass", "groupOfNames"), ("cn", "a"), ("member", person(1))])
                + LDIF.entry(
                    "cn=b,\(base)",
                    [("objectClass", "groupOfUniqueNames"), ("cn", "b"), ("uniqueMember", "\(person(2))#'01'B")])
                + LDIF.entry(
                    "cn=c,\(base)",
                    [("objectClass", "posixGroup"), ("cn", "c"), ("gidNumber", "9"), ("memberUid", "side-3")]))
        for member in ["member", "uniqueMember", "memberUid"] {
            var settings = DirectorySettings.slapd(server, base: base, member: member)
            settings.groups.filter =
                "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))"
            let (directory, members) = try await resolve(settings, "cn=a,\(base)", "cn=b,\(base)", "cn=c,\(base)")
            #expect(members == [["side-1"], ["side-2"], ["side-3"]], "\(member)")
            #expect(directory.feeds.allSatisfy { $0.reading == .complete })
        }
    }

    @Test func `a group of other classes that is a posixGroup as well is read by name`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(2, unit: "bis", on: server)
        let named = [("objectClass", "univentionGroup"), ("objectClass", "posixGroup")]
        try await server.apply(
            LDIF.entry(
                "cn=a,\(base)",
                named + [
                    ("cn", "a"), ("gidNumber", "1"), ("uniqueMember", "uid=bis-1,\(base)"), ("memberUid", "bis-2"),
                ])
                + LDIF.entry("cn=b,\(base)", named + [("cn", "b"), ("gidNumber", "2"), ("memberUid", "bis-2")]))
        for (member, a, b) in [
            ("uniqueMember", ["bis-1"], ["bis-2"]), ("member", ["bis-2"], ["bis-2"]),
            ("memberUid", ["bis-2"], ["bis-2"]),
        ] {
            let settings = DirectorySettings.slapd(server, base: base, member: member, groupClass: "posixGroup")
            #expect(try await resolve(settings, "cn=a,\(base)", "cn=b,\(base)").1 == [a, b], "\(member)")
        }
    }

    @Test func `gidNumber names the primary group`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(3, unit: "gid", on: server)
        for (number, gid) in [(1, "7000"), (2, "7001")] {
            let dn = "uid=gid-\(number),\(base)"
            try await server.apply(
                """
                dn: \(dn)
                changetype: modify
                add: objectClass
                objectClass: posixAccount
                -
                add: uidNumber
                uidNumber: \(number)
                -
                add: gidNumber
                gidNumber: \(gid)
                -
                add: homeDirectory
                homeDirectory: /


                """)
        }
        try await server.apply(
            LDIF.entry(
                "cn=ops,\(base)",
                [("objectClass", "posixGroup"), ("cn", "ops"), ("gidNumber", "7000"), ("memberUid", "gid-3")]))
        let settings = DirectorySettings.slapd(server, base: base, member: "memberUid", groupClass: "posixGroup")
        #expect(try await resolve(settings, "cn=ops,\(base)").1 == [["gid-1", "gid-3"]])
        let sample = try #require(
            await source.test(settings, password: SlapdServer.password, login: "gid-1").first {
                $0.step == "sample user"
            })
        #expect(sample.saw.contains("primary group cn=ops,\(base)"), "\(sample)")
    }

    @Test func `a group that the server computes is read anew each time`() async throws {
        let server = try await TestServers.following.value
        let base = try await TestServers.crowd(2, unit: "computed", on: server)
        try await server.apply(
            LDIF.replace("uid=computed-1,\(base)", "employeeType", with: ["ops"])
                + LDIF.entry(
                    "cn=ops,\(base)",
                    [
                        ("objectClass", "groupOfURLs"), ("cn", "ops"),
                        ("memberURL", "ldap:///\(base)??sub?(employeeType=ops)"),
                    ]))
        let settings = DirectorySettings.slapd(server, base: base, groupClass: "groupOfURLs")
        let whole = try await source.read(settings, password: SlapdServer.password, since: nil) { _ in }
        #expect(whole.snapshot.groups.map(\.members) == [[.dn("uid=computed-1,\(base)")]])
        try await server.apply(LDIF.replace("uid=computed-1,\(base)", "employeeType", with: []))
        try await server.apply(LDIF.replace("uid=computed-2,\(base)", "employeeType", with: ["ops"]))
        let next = try await source.read(
            settings, password: SlapdServer.password, since: try #require(whole.mirror)
        ) { _ in }
        #expect(next.extent == .incremental)
        #expect(next.snapshot.groups.map(\.members) == [[.dn("uid=computed-2,\(base)")]])
    }

    @Test func `alias entries are noted`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(1, unit: "alias", on: server)
        try await server.apply(
            LDIF.entry(
                "uid=away,\(base)",
                [
                    ("objectClass", "alias"), ("objectClass", "extensibleObject"), ("uid", "away"),
                    ("aliasedObjectName", SlapdServer.syncAccount),
                ]))
        let (directory, _) = try await resolve(.slapd(server, base: base))
        #expect(directory.people.count == 1)
        #expect(directory.notes.map(\.kind) == [.alias] && directory.notes.first?.subject == "uid=away,\(base)")
    }

    // MARK: - Other servers

    @Test func `FreeIPA's people, groups and locks are read by its preset`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(2, unit: "ipa", on: server)
        for number in 1...2 {
            let dn = "uid=ipa-\(number),\(base)"
            try await server.apply(
                """
                dn: \(dn)
                changetype: modify
                add: objectClass
                objectClass: ipaObject
                objectClass: entryOfOthers
                -
                add: ipaUniqueID
                ipaUniqueID: 0B7F3E4A-0000-11F0-9A3C-00000000000\(number)
                -
                add: nsAccountLock
                nsAccountLock: \(number == 2 ? "TRUE" : "FALSE")


                """)
        }
        try await server.apply(
            LDIF.entry(
                "cn=ops,\(base)",
                [
                    ("objectClass", "groupOfNames"), ("objectClass", "ipaUserGroup"), ("objectClass", "ipaObject"),
                    ("ipaUniqueID", "0b7f3e4a-0000-11f0-9a3c-000000000009"), ("cn", "ops"),
                    ("member", "uid=ipa-1,\(base)"),
                ]))
        var settings = try preset("freeipa", server, base)
        settings.rules = [.init(group: "0b7f3e4a-0000-11f0-9a3c-000000000009", feeds: .systemAdmin)]
        let reading = try await source.read(settings, password: SlapdServer.password, since: nil) { _ in }
        #expect(
            reading.snapshot.users.map(\.externalID).sorted()
                == [1, 2].map { "0b7f3e4a-0000-11f0-9a3c-00000000000\($0)" })
        #expect(reading.snapshot.users.map { $0.inactiveReason(at: testTime) } == [nil, "locked"])
        let directory = ResolvedDirectory(reading.snapshot, settings: settings, now: testTime)
        #expect(directory.feeds.map(\.members) == [["0b7f3e4a-0000-11f0-9a3c-000000000001"]])
        #expect(reading.log.contains("follows changes by modifyTimestamp; removals wait for full readings"))
        let verdict = try await source.verify(
            dn: "uid=ipa-1,\(base)", externalID: "0b7f3e4a-0000-11f0-9a3c-000000000001", password: SlapdServer.password,
            settings: settings)
        #expect(verdict == .right)
    }

    @Test func `a server of another kind is read by attributes that are all named`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(1, unit: "custom", on: server)
        let dn = "uid=custom-1,\(base)"
        try await server.apply(
            LDIF.add(dn, "objectClass", ["entryOfOthers"])
                + "dn: \(dn)\nchangetype: modify\nadd: nsBinaryID\nnsBinaryID:: /wABAgM=\n\n")
        let attributes: JSONValue = [
            "identity": "nsBinaryID", "login": "uid", "full_name": "sn", "email": "mail", "member": "member",
        ]
        let settings = try preset(
            "custom", server, base,
            [
                "attributes": attributes, "users": ["base": .string(base), "filter": "(objectClass=inetOrgPerson)"],
                "groups": ["base": .string(base), "filter": "(objectClass=groupOfNames)"],
            ])
        let snapshot = try await read(settings)
        #expect(snapshot.users.map(\.externalID) == ["hex:ff00010203"] && snapshot.users.map(\.fullName) == ["Person"])
        let answer = try await source.look(
            again: SecondLook(people: [
                DirectoryLink(directory: "corp", externalID: "hex:ff00010203", dn: "cn=was,\(base)")
            ]),
            settings, bindPassword: SlapdServer.password)
        #expect(answer.unreadPerson?.externalID == "hex:ff00010203", "it is found by its binary identity")
        let steps = await source.test(settings, password: SlapdServer.password, login: nil)
        #expect(!steps.contains { $0.outcome == .failed }, "\(steps)")
    }

    @Test func `entries that share an identity are nobody`() async throws {
        let server = try await TestServers.slapd.value
        let base = try await TestServers.crowd(4, unit: "twins", on: server)
        for (number, id) in [(1, "a"), (2, "A"), (3, "same"), (4, "same")] {
            try await server.apply(
                LDIF.add("uid=twins-\(number),\(base)", "objectClass", ["entryOfOthers"])
                    + LDIF.add("uid=twins-\(number),\(base)", "exactID", [id]))
        }
        let settings = try preset(
            "custom", server, base,
            [
                "attributes": [
                    "identity": "exactID", "login": "uid", "full_name": "sn", "email": "mail", "member": "member",
                ], "users": ["base": .string(base), "filter": "(objectClass=inetOrgPerson)"],
                "groups": ["base": .string(base), "filter": "(objectClass=groupOfNames)"],
            ])
        let snapshot = try await read(settings)
        #expect(snapshot.users.map(\.externalID) == ["a", "A"], "capitals count")
        #expect(snapshot.usersReading.gap?.contains("have the same exactID, same") == true, "\(snapshot.usersReading)")
    }

    private func preset(
        _ name: String, _ server: SlapdServer, _ base: String, _ more: [String: JSONValue] = [:]
    ) throws -> DirectorySettings {
        var members: [String: JSONValue] = [
            "preset": .string(name), "urls": [.string(server.tlsURL)], "tls": ["ca_file": .string(server.caFile)],
            "bind": ["dn": .string(SlapdServer.syncAccount)], "users": ["base": .string(base)],
            "groups": ["base": .string(base)],
        ]
        members.merge(more) { $1 }
        let settings = try DirectorySettings(parsing: JSONValue.object(members).text.utf8)
        try settings.validate()
        return settings
    }

    // MARK: - Logins

    @Test func `slapd's policy for passwords is heard`() async throws {
        let server = try await SlapdServer.start()
        let base = try await TestServers.crowd(3, unit: "policy", on: server)
        func policy(_ name: String, _ attributes: [(String, String)]) -> String {
            LDIF.entry(
                "cn=\(name),\(SlapdServer.suffix)",
                [
                    ("objectClass", "organizationalRole"), ("objectClass", "pwdPolicy"), ("cn", name),
                    ("pwdAttribute", "userPassword"),
                ]
                    + attributes)
        }
        let people = (1...3).map { "uid=policy-\($0),\(base)" }
        try await server.apply(
            policy("short", [("pwdMaxAge", "1"), ("pwdGraceAuthNLimit", "2")])
                + policy("fresh", [("pwdMustChange", "TRUE")])
                + policy("strict", [("pwdLockout", "TRUE"), ("pwdMaxFailure", "2")])
                + zip(people, ["short", "fresh", "strict"]).map { dn, name in
                    LDIF.replace(dn, "pwdPolicySubentry", with: ["cn=\(name),\(SlapdServer.suffix)"])
                }.joined()
                + LDIF.replace(people[0], "userPassword", with: [SlapdServer.password])
                + LDIF.replace(people[1], "pwdReset", with: ["TRUE"]))
        let settings = DirectorySettings.slapd(server, base: base)
        let ids = Dictionary(uniqueKeysWithValues: try await read(settings).users.map { ($0.dn, $0.externalID) })
        func verify(_ place: Int, _ password: String = SlapdServer.password) async throws -> PasswordVerdict {
            try await source.verify(
                dn: people[place], externalID: ids[people[place]] ?? "", password: password, settings: settings)
        }
        let graced = try await poll(for: .seconds(10), "the password to expire") {
            let verdict = try await verify(0)
            return verdict == .right ? nil : verdict
        }
        #expect(graced == .expired(graceLogins: 1))
        #expect(try await verify(0) == .expired(graceLogins: 0))
        #expect(try await verify(0) == .refused(reason: "the password has expired"))
        #expect(try await verify(0, "wrong") == .wrong)
        #expect(try await verify(1) == .refused(reason: "the password must be changed first"))
        #expect(try await verify(2) == .right)
        for _ in 1...2 { #expect(try await verify(2, "wrong") == .wrong) }
        #expect(try await verify(2) == .wrong, "slapd says no more of a locked account unless it is told to")
    }
}
