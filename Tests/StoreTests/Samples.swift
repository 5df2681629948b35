import AccessModel

/// A small world that has every kind of fact, with texts that are awkward to store.
enum Samples {
    static let awkward = "O'Brien \"Ä\" \\ , {}[]: \u{1F3F4} e\u{301} %_ \u{7F}\u{1}\n\t--;"
    static let time = Timestamp(microseconds: 1_772_366_400_123_456)

    static let elton = user("elton", fullName: awkward, email: "elton@example.com")
    static let anna = user("anna", fullName: "Anna", email: "")
    static let nerdDinner = Account(
        id: id("nerd-dinner"), kind: .organization, name: AccountName(trusted: "nerd-dinner"))
    static let web = Team(
        id: .init(rawValue: "z-web"), organization: nerdDinner.id, name: name("web"), description: awkward)
    /// Its identity sorts before its parent's.
    static let webOps = Team(
        id: .init(rawValue: "a-ops"), organization: nerdDinner.id, name: name("ops"), parent: web.id)
    static let robot = ServiceAccount(
        id: .init(rawValue: "robot"), owner: nerdDinner.id, name: name("ci"), description: awkward,
        isDecisionReader: true, expiresAt: time + .seconds(3))
    static let api = Repository(
        id: .init(rawValue: "api"), namespace: nerdDinner.id, name: "web/api", visibility: .public, description: awkward
    )
    static let password = Password(account: anna.id, changedAt: time)
    static let token = AccessToken(
        id: .init(rawValue: "token"), holder: .user(anna.id), name: awkward, createdAt: time,
        expiresAt: time + .seconds(9))
    static let directory = Directory(
        name: "corp",
        settings: DirectorySettings(
            preset: .activeDirectory, urls: ["ldaps://dc1.example.com"], tls: .init(mode: .ldaps, caFile: "a\"}.pem"),
            bind: .init(dn: "CN=\\\"x\\\", {DC=y}"), users: .init(base: "DC=y", filter: "(cn=\\7d)"),
            groups: .init(base: "DC=y", filter: "(cn=*)"),
            attributes: .init(login: "sAMAccountName", fullName: "displayName", email: "mail", member: "member"),
            rules: [.init(group: awkward, feeds: .systemAdmin)]))

    /// In an order in which each comes behind what it names, not that of `forEachFact`.
    static let facts: [Fact] = [
        .directory(directory), .account(elton), .account(anna), .account(nerdDinner),
        .organizationMember(.init(organization: nerdDinner.id, user: elton.id, role: .owner)),
        .organizationMember(.init(organization: nerdDinner.id, user: anna.id, role: .member, managedBy: "corp")),
        .team(web), .team(webOps),
        .teamMember(.init(team: web.id, user: anna.id, role: .maintainer, managedBy: "corp")),
        .teamMember(.init(team: webOps.id, user: elton.id, role: .member)), .serviceAccount(robot), .repository(api),
        .grant(.init(subject: .team(web.id), target: .repository(api.id), level: .readWrite, expiresAt: time)),
        .grant(.init(subject: .user(anna.id), target: .repository(api.id), level: .readOnly)),
        .grant(.init(subject: .serviceAccount(robot.id), target: .namespace(nerdDinner.id), level: .admin)),
        .retiredName(.init(name: AccountName(trusted: "gone"), retiredAt: time)), .password(password),
        .accessToken(token),
    ]

    static let secret: [UInt8] = Array("secret".utf8)

    static func id(_ text: String) -> AccountID { AccountID(rawValue: text) }
    static func name(_ text: String) -> TeamName { TeamName(trusted: text) }

    static func user(_ name: String, fullName: String = "", email: String? = nil) -> Account {
        Account(
            id: id("id-\(name)"), kind: .user, name: AccountName(trusted: name), fullName: fullName, email: email,
            directory: name == "elton" ? .init(directory: "corp", externalID: "guid", dn: awkward) : nil)
    }
}

extension TestStore {
    /// A store that holds `Samples.facts`.
    static func filled() async throws -> TestStore {
        let store = try await TestStore()
        for fact in Samples.facts { try await store.insert(fact, secret: fact.secret) }
        return store
    }
}

extension Fact {
    var secret: [UInt8]? {
        switch self {
        case .password, .accessToken, .directory: Samples.secret
        default: nil
        }
    }
}
