import StrictJSON
import Testing

@testable import AccessModel

struct ResolvedDirectoryTests {
    // MARK: Renamed groups

    @Test func `a rule follows its group to another name, and a new group of the old name is not its`() throws {
        let rule = try Company.feedsOps()
        let name = rule.group
        var ops = Company.group(name, [Company.dn("anna")])
        let known = resolve(.init(users: [Company.person("anna")], groups: [ops]), rule).knownGroups()
        #expect(known.map(\.ownRules) == [[rule]])
        let old = ops
        ops.dn = "CN=Renamed,DC=g"
        var stranger = Company.group(name, [])
        stranger.externalID = "another group"
        for groups in [[ops], [ops, stranger], [stranger, ops]] {
            let directory = resolve(.init(users: [Company.person("anna")], groups: groups), rule, known)
            #expect(directory.feeds.map(\.members.count) == [1] && directory.feeds[0].reading == .complete)
            #expect(directory.notes.map(\.kind) == [.renamedGroup] && directory.notes[0].subject == name)
            #expect(directory.knownGroups(after: known).map(\.ownRules) == [[rule]], "and goes on following")
        }
        let taken = resolve(.init(users: [Company.person("anna")], groups: [stranger]), rule, known)
        #expect(
            taken.feeds[0].reading.reason?.contains("Another group has its name, another group: put that identity")
                == true,
            "a stranger's group is not followed: \(taken.feeds)")
        let lost = resolve(.init(users: [Company.person("anna")], groups: []), rule, known)
        #expect(lost.feeds[0].reading.reason?.contains("read last as \(name) with the identity") == true)
        #expect(lost.knownGroups(after: known).map(\.ownRules) == [[rule]], "it is known until it is read again")
        #expect(lost.knownGroups().isEmpty)
        let fresh = resolve(.init(users: [Company.person("anna")], groups: [ops]), rule)
        #expect(fresh.feeds[0].reading != .complete, "nothing is known under new settings")
        let back = resolve(.init(users: [Company.person("anna")], groups: [old]), rule, known)
        #expect(back.notes.isEmpty)
    }

    private func resolve(
        _ snapshot: DirectorySnapshot, _ rule: DirectorySettings.Rule, _ known: [KnownGroup] = []
    ) -> ResolvedDirectory {
        ResolvedDirectory(snapshot, settings: Company.settings([rule]), now: Company.now, known: known)
    }

    @Test func `a rule is followed under other settings as long as it is the same`() throws {
        let (rule, other) = (try Company.feedsOps(), try Company.feedsOwners())
        let group = KnownGroup(externalID: "x", dn: "CN=a", rules: [rule, other], ownRules: [rule])
        #expect(
            group.followed(by: [other, rule]) == KnownGroup(externalID: "x", dn: "CN=a", rules: [], ownRules: [rule]))
        #expect(group.followed(by: [other]) == nil)
    }

    @Test func `a first login is nobody else's, and a second one that two have is nobody's`() throws {
        var (anna, bert, cleo) = (Company.person("anna"), Company.person("bert"), Company.person("cleo"))
        bert.otherLogins = ["anna", "old", "both"]
        cleo.otherLogins = ["both"]
        anna.otherLogins = ["an"]
        var index = MemberIndex(users: [anna, bert, cleo], groups: [])
        let found = ["anna", "an", "OLD", "both", "none"].map { index.find(.login($0)) }
        #expect(found == [.user(0), .user(0), .user(1), .ambiguous, .nobody])
    }

    @Test func `a hidden primary group freezes the groups that it may be, and no others`() throws {
        var anna = Company.person("anna")
        anna.primaryGroup = .hidden
        let rule = try Company.feedsOps()
        for (primaryID, isComplete) in [("7000", false), (nil, true)] {
            let group = Company.group(rule.group, [], primaryID: primaryID)
            let directory = resolve(.init(users: [anna], groups: [group]), rule)
            #expect((directory.feeds[0].reading == .complete) == isComplete, "\(directory.feeds)")
        }
    }

    @Test func `what was kept before rules were followed can still be read`() throws {
        let json = #"[{"dn":"CN=a","external_id":"x","externalID":"x","rules":[]}]"#
        let groups = try [KnownGroup](parsing: json.utf8)
        #expect(groups == [KnownGroup(externalID: "x", dn: "CN=a", rules: [])])
    }

    static let everybody = ["anna", "bert", "cleo", "dave"].map { Company.person($0) }

    static func resolve(
        users: [DirectoryUser] = everybody, groups: [DirectoryGroup], usersReading: Completeness = .complete,
        groupsReading: Completeness = .complete, rules: [DirectorySettings.Rule]? = nil
    ) throws -> ResolvedDirectory {
        let snapshot = DirectorySnapshot(
            users: users, groups: groups, usersReading: usersReading, groupsReading: groupsReading)
        return ResolvedDirectory(
            snapshot, settings: Company.settings(try rules ?? [Company.feedsOps()]), now: Company.now)
    }

    @Test func `groups nested three deep are flattened`() throws {
        let directory = try Self.resolve(groups: [
            Company.group(Company.opsDN, [Company.dn("anna"), "CN=b,DC=g"]), Company.group("CN=b,DC=g", ["CN=c,DC=g"]),
            Company.group("CN=c,DC=g", [Company.dn("cleo"), "CN=d,DC=g"]),
            Company.group("CN=d,DC=g", [Company.dn("dave")]),
        ])
        #expect(directory.feeds[0].members == ["id-anna", "id-cleo", "id-dave"])
        #expect(directory.feeds[0].reading == .complete && directory.notes.isEmpty)
    }

    @Test func `a cycle of groups ends`() throws {
        let directory = try Self.resolve(groups: [
            Company.group(Company.opsDN, ["CN=b,DC=g", Company.opsDN]),
            Company.group("CN=b,DC=g", ["CN=c,DC=g", Company.dn("bert")]),
            Company.group("CN=c,DC=g", [Company.opsDN, Company.dn("cleo")]),
        ])
        #expect(directory.feeds[0].members == ["id-bert", "id-cleo"])
    }

    @Test func `whose primary group it is belongs to it, also where it is nested`() throws {
        var anna = Company.person("anna")
        anna.primaryGroup = .id("S-1-5-21-1-513")
        let directory = try Self.resolve(
            users: [anna, Company.person("bert")],
            groups: [
                Company.group(Company.opsDN, ["CN=Domain Users,DC=g"]),
                Company.group("CN=Domain Users,DC=g", [], primaryID: "S-1-5-21-1-513"),
            ])
        #expect(directory.feeds[0].members == ["id-anna"])
    }

    @Test(arguments: [
        ("CN=Doe\\, J,OU=People,DC=corp", "cn=doe\\2C j,ou=people,dc=corp"),
        ("CN=\\#a\\+b \\\"c\\\" \\\\d,OU=People,DC=corp", "cn=\\23A\\2BB \\22C\\22 \\5CD,OU=People,DC=CORP"),
        ("CN=J\u{FC}rgen (x*),OU=People,DC=corp", "cn=j\\C3\\BCrgen \\28x\\2A\\29,ou=People,dc=corp"),
        ("CN=\\ lead trail\\ ,OU=People,DC=corp", "cn=\\20Lead trail\\20,ou=people,dc=corp"),
    ])
    func `a member is found by any spelling of the name`(_ userDN: String, _ member: String) throws {
        let user = DirectoryUser(externalID: "1", dn: userDN, login: "doe")
        let directory = try Self.resolve(users: [user], groups: [Company.group(Company.opsDN, [member])])
        #expect(directory.feeds[0].members == ["1"])
    }

    @Test func `two groups of one CN in different places are two groups`() throws {
        let other = "CN=Registry Ops,OU=Other,DC=corp,DC=example,DC=com"
        let groups = [Company.group(Company.opsDN, [Company.dn("anna")]), Company.group(other, [Company.dn("bert")])]
        #expect(try Self.resolve(groups: groups).feeds[0].members == ["id-anna"])
        #expect(
            try Self.resolve(groups: groups, rules: [Company.feedsOps(other.lowercased())]).feeds[0].members == [
                "id-bert"
            ])
    }

    @Test func `a rule finds its group by identity after a move`() throws {
        var group = Company.group("CN=Moved,DC=elsewhere", [Company.dn("anna")])
        group.externalID = "0f0f0f0f-1111-2222-3333-444444444444"
        let rule = try Company.feedsOps("{0F0F0F0F-1111-2222-3333-444444444444}")
        #expect(try Self.resolve(groups: [group], rules: [rule]).feeds[0].members == ["id-anna"])
    }

    @Test func `posixGroup members are found by login`() throws {
        var group = Company.group(Company.opsDN, [])
        group.members = [.login("anna"), .login("nobody")]
        let directory = try Self.resolve(groups: [group])
        #expect(directory.feeds[0].members == ["id-anna"])
        #expect(directory.notes.map(\.kind) == [.unresolvedMembers])
    }

    static let broken = Completeness.incomplete(reason: "the connection was lost on page 2")

    @Test func `whatever was not read to its end freezes the feed and says why`() throws {
        let whole = [Company.group(Company.opsDN, [Company.dn("anna"), "CN=b,DC=g"]), Company.group("CN=b,DC=g", [])]
        let half = [whole[0], Company.group("CN=b,DC=g", [], reading: Self.broken)]
        for directory in [
            try Self.resolve(groups: whole, usersReading: Self.broken),
            try Self.resolve(groups: whole, groupsReading: Self.broken), try Self.resolve(groups: half),
        ] {
            #expect(directory.feeds[0].members == ["id-anna"])
            #expect(directory.feeds[0].reading.reason?.contains("lost on page 2") == true)
        }
        let missing = try Self.resolve(groups: [whole[1]])
        #expect(missing.feeds[0].reading.reason?.contains("was not found") == true)
        #expect(try Self.resolve(groups: whole).feeds[0].reading == .complete)
    }

    @Test func `a member from elsewhere is noted and freezes nothing`() throws {
        let directory = try Self.resolve(groups: [
            Company.group(
                Company.opsDN,
                [Company.dn("anna"), "CN=x,DC=other,DC=com", "CN=PC1,OU=People,DC=corp,DC=example,DC=com"])
        ])
        #expect(directory.feeds[0].reading == .complete)
        #expect(directory.feeds[0].elsewhere == ["CN=x,DC=other,DC=com"])
        let notes = SyncPlan(directory: directory, state: try Company.emptyState()).notes
        #expect(notes.map(\.text).contains { $0.contains("outside") && $0.contains("DC=other") })
        #expect(notes.map(\.text).contains { $0.contains("filters") && $0.contains("PC1") })
    }

    @Test(arguments: [
        ("Elton", "elton"), ("ELTON.J", "elton.j"), ("a-b_c", "a-b_c"), ("m\u{FC}ller", nil), ("john doe", nil),
        ("PC1$", nil),
        ("", nil), ("Anonymous", nil), (String(repeating: "x", count: 101), nil), (nil, nil),
    ])
    func `the login in lower case is the name, or is refused`(_ login: String?, _ name: String?) throws {
        let user = DirectoryUser(externalID: "1", dn: "CN=x,DC=y", login: login)
        let person = try Self.resolve(users: [user], groups: []).people[0]
        #expect((try? person.name.get())?.rawValue == name)
    }

    @Test func `one login of two people is refused for both`() throws {
        let users = [Company.person("anna", id: "1"), Company.person("ANNA", id: "2"), Company.person("bert")]
        let people = try Self.resolve(users: users, groups: []).people
        #expect(people.map { (try? $0.name.get())?.rawValue } == [nil, nil, "bert"])
        var group = Company.group(Company.opsDN, [])
        group.members = [.login("anna")]
        let feed = try Self.resolve(users: users, groups: [group]).feeds[0]
        #expect(feed.members.isEmpty && !feed.reading.isComplete)
    }

    @Test func `an entry that moved between two pages counts once`() throws {
        var moved = Company.person("anna")
        moved.dn = "CN=anna,OU=New,DC=corp,DC=example,DC=com"
        let directory = try Self.resolve(users: [Company.person("anna"), moved], groups: [])
        #expect(directory.people.map(\.dn) == [moved.dn])
    }
}
