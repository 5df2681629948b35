import AccessModel
import LDAPDirectory
import Testing

/// Two readings have one digest if they say the same, in whatever order.
struct SnapshotDigestTests {
    private static let ada = DirectoryUser(
        externalID: "1", dn: "uid=ada,dc=example", login: "ada", fullName: "Ada", email: "ada@example.com",
        principalName: "ada@example.com")
    private static let bob = DirectoryUser(externalID: "2", dn: "uid=bob,dc=example", login: "bob", fullName: "Bob")
    private static let ops = DirectoryGroup(
        externalID: "3", dn: "cn=ops,dc=example", members: [.dn("uid=ada,dc=example"), .login("bob")])
    private static let snapshot = DirectorySnapshot(users: [ada, bob], groups: [ops])

    @Test func `the order of entries does not matter`() {
        let web = DirectoryGroup(externalID: "4", dn: "cn=web,dc=example", members: [])
        let first = DirectorySnapshot(users: [Self.ada, Self.bob], groups: [Self.ops, web])
        let second = DirectorySnapshot(users: [Self.bob, Self.ada], groups: [web, Self.ops])
        #expect(first.digest() == second.digest())
        #expect(first.digest().count == 64)
        #expect(DirectorySnapshot(users: [], groups: []).digest() != first.digest())
    }

    private static let changes: [(String, @Sendable (inout DirectorySnapshot) -> Void)] = [
        ("identity", { $0.users[0].externalID = "9" }),
        ("name", { $0.users[0].dn = "uid=ada,ou=x,dc=example" }),
        ("login", { $0.users[0].login = "ada2" }),
        ("no login", { $0.users[0].login = nil }),
        ("empty login", { $0.users[1].login = "" }),
        ("full name", { $0.users[0].fullName = "Ada L." }),
        ("no mail", { $0.users[0].email = nil }),
        ("principal name", { $0.users[0].principalName = "a@example.com" }),
        ("disabled", { $0.users[0].inactiveReason = "disabled" }),
        ("expires", { $0.users[0].expiresAt = Timestamp(seconds: 1) }),
        ("primary group", { $0.users[0].primaryGroup = .id("S-1-5-21-1-513") }),
        ("mail elsewhere", { ($0.users[0].email, $0.users[0].inactiveReason) = (nil, "ada@example.com") }),
        ("one person less", { $0.users.removeLast() }),
        ("one person twice", { $0.users += $0.users.prefix(1) }),
        ("group's identity", { $0.groups[0].externalID = "9" }),
        ("group's name", { $0.groups[0].dn = "cn=ops2,dc=example" }),
        ("group's primary identity", { $0.groups[0].primaryID = "S-1-5-21-1-600" }),
        ("member", { $0.groups[0].members[0] = .dn("uid=bob,dc=example") }),
        ("member as login", { $0.groups[0].members[0] = .login("uid=ada,dc=example") }),
        ("member less", { $0.groups[0].members.removeLast() }),
        ("group less", { $0.groups.removeAll() }),
    ]

    @Test func `every difference matters`() {
        var digests = [Self.snapshot.digest(): "nothing"]
        for (name, change) in Self.changes {
            var changed = Self.snapshot
            change(&changed)
            let same = digests.updateValue(name, forKey: changed.digest())
            #expect(same == nil, "\(name) gives the digest of \(same ?? "")")
        }
    }
}
