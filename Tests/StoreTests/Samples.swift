import AccessModel

/// A small world that has every kind of fact, with texts that are awkward to store.
enum Samples {
    static let awkward = "O'Brien \"Ä\" \\ , {}[]: \u{1F3F4} e\u{301} %_ \u{7F}\u{1}\n\t--;"
    static let time = Timestamp(microseconds: 1_772_366_400_123_456)

    static let elton = user("elton", fullName: awkward, email: "elton@example.com")
    static let anna = user("anna", fullName: "Anna", email: "")
    static let nerdDinner = Account(
        id: id("nerd-dinner"), kind: .organization, name: AccountName(trusted: "nerd-dinner"), managedBy: "hq")
    static let web = Team(
        id: .init(rawValue: "z-web"), organization: nerdDinner.id, name: name("web"), description: awkward,
        managedBy: "corp")
    /// Its identity sorts before its parent's.
    static let webOps = Team(
        id: .init(rawValue: "a-ops"), organization: nerdDinner.id, name: name("ops"), parent: web.id)
    static let robot = ServiceAccount(
        id: .init(rawValue: "robot"), owner: nerdDinner.id, name: name("ci"), description: awkward,
        isDecisionReader: true, expiresAt: time + .seconds(3))
    static let api = Repository(
        id: .init(rawValue: "api"), namespace: nerdDinner.id, name: "web/api", visibility: .public, description: awkward
    )
    /// People of a directory, who between them have all that an account may have. No two flags are alike in all three.
    static let directoryPeople = [
        person("one", isActive: true, isSystemAdmin: true, isDecisionReader: false, creates: false, isResting: false),
        person("two", isActive: true, isSystemAdmin: false, isDecisionReader: true, creates: false, isResting: true),
        person("three", isActive: false, isSystemAdmin: true, isDecisionReader: true, creates: true, isResting: false),
    ]
    static let suspended = ServiceAccount(
        id: .init(rawValue: "suspended"), owner: nerdDinner.id, name: name("old"), isActive: false,
        isDecisionReader: true)
    static let plain = ServiceAccount(id: .init(rawValue: "plain"), owner: elton.id, name: name("plain"))
    static let deployer = Role(
        id: .init(rawValue: "deployer"), name: .init(trusted: awkwardName), description: awkward,
        operations: ["get pods", "container.create", "x-job.run"].compactMap { try? ControlOperation(pattern: $0) })
    static let viewer = Role(
        id: .init(rawValue: "viewer"), name: .init(trusted: "Viewer"), operations: [], isBuiltIn: true)
    static let awkwardName = "O'Brien \"Ä\" \\ , {}[]: \u{1F3F4}"
    /// Its identity sorts before its parent's.
    static let prod = ResourceCollection(
        id: .init(rawValue: "a-prod"), name: CollectionName(trusted: "prod"), parent: ResourceCollection.root.id)
    static let ownOfAnna = ResourceCollection(id: .init(rawValue: "own"), owner: anna.id)
    static let cluster = Site(
        id: .init(rawValue: "s-eu"), form: .cluster, name: SiteName(trusted: "eu"), collection: prod.id,
        agent: robot.id)
    static let engine = Site(
        id: .init(rawValue: "s-us"), form: .engine, name: SiteName(trusted: "us"),
        collection: ResourceCollection.root.id)
    static let control: [Fact] =
        [.role(deployer), .role(viewer)] + ResourceCollection.fixed.map(Fact.collection)
        + [
            .collection(prod), .collection(ownOfAnna),
            .controlGrant(.init(subject: .user(anna.id), role: deployer.id, collection: prod.id, expiresAt: time)),
            .controlGrant(.init(subject: .team(web.id), role: deployer.id, collection: prod.id)),
            .controlGrant(.init(subject: .team(web.id), role: viewer.id, collection: prod.id)),
            .controlGrant(.init(subject: .organization(nerdDinner.id), role: viewer.id, collection: ownOfAnna.id)),
            .controlGrant(.init(subject: .serviceAccount(robot.id), role: viewer.id, collection: prod.id)),
            .controlGrant(.init(subject: .everyone, role: viewer.id, collection: ResourceCollection.root.id)),
            .site(cluster), .site(engine),
            .placement(.init(.init(type: "namespace", site: cluster.id, id: "shop"), in: prod.id)),
            .placement(.init(.init(type: "record", site: nil, id: awkward), in: prod.id)),
            .controlSettings(.init(defaultRole: viewer.id)),
        ]
    static let password = Password(account: anna.id, changedAt: time)
    static let token = AccessToken(
        id: .init(rawValue: "token"), holder: .user(anna.id), name: awkward, createdAt: time,
        expiresAt: time + .seconds(9))
    static let rotated = AccessToken(
        id: .init(rawValue: "rotated"), holder: .serviceAccount(robot.id), name: "deploys",
        createdAt: time + .seconds(1),
        scope: try? TokenScope(actions: [.pull], repositories: [RepositoryPattern("nerd-dinner/*")]),
        may: TokenRights([.rotate, .manageTokens(of: nerdDinner.id)]), madeBy: TokenID(rawValue: "maker"),
        rotatedTo: token.id)
    static let refresh = AccessToken(
        id: .init(rawValue: "refresh"), holder: .user(anna.id), name: "docker", createdAt: time,
        login: .init(service: "hub.example.com", directoryPasswordTime: "133500000000000000"))
    static let directory = Directory(
        name: "corp",
        settings: DirectorySettings(
            preset: .activeDirectory, urls: ["ldaps://dc1.example.com"], tls: .init(mode: .ldaps, caFile: "a\"}.pem"),
            bind: .init(dn: "CN=\\\"x\\\", {DC=y}"), users: .init(base: "DC=y", filter: "(cn=\\7d)"),
            groups: .init(base: "DC=y", filter: "(cn=*)"),
            attributes: .init(login: "sAMAccountName", fullName: "displayName", email: "mail", member: "member"),
            rules: [.init(group: awkward, feeds: .systemAdmin)]))

    /// In an order in which each comes behind what it names, not that of `forEachFact`.
    static let facts: [Fact] =
        [
            .directory(directory), .account(elton), .account(anna), .account(nerdDinner),
            .organizationMember(.init(organization: nerdDinner.id, user: elton.id, role: .owner)),
            .organizationMember(.init(organization: nerdDinner.id, user: anna.id, role: .member, managedBy: "corp")),
            .team(web), .team(webOps),
            .teamMember(.init(team: web.id, user: anna.id, role: .maintainer, managedBy: "corp")),
            .teamMember(.init(team: webOps.id, user: elton.id, role: .member)), .serviceAccount(robot),
            .repository(api),
            .grant(.init(subject: .team(web.id), target: .repository(api.id), level: .readWrite, expiresAt: time)),
            .grant(.init(subject: .user(anna.id), target: .repository(api.id), level: .readOnly)),
            .grant(.init(subject: .serviceAccount(robot.id), target: .namespace(nerdDinner.id), level: .admin)),
            .retiredName(.init(name: AccountName(trusted: "gone"), retiredAt: time)), .password(password),
            .accessToken(token),
        ] + control

    /// With those that have what is set seldom.
    static let all: [Fact] =
        facts + [.serviceAccount(suspended), .serviceAccount(plain), .accessToken(rotated), .accessToken(refresh)]
        + directoryPeople.map(Fact.account)

    static let secret: [UInt8] = Array("secret".utf8)

    static func id(_ text: String) -> AccountID { AccountID(rawValue: text) }
    static func name(_ text: String) -> TeamName { TeamName(trusted: text) }

    private static func person(
        _ name: String, isActive: Bool, isSystemAdmin: Bool, isDecisionReader: Bool, creates: Bool, isResting: Bool
    ) -> Account {
        Account(
            id: id("id-\(name)"), kind: .user, name: AccountName(trusted: name),
            login: AccountName(trusted: "\(name).login"), fullName: "Person \(name)", email: "\(name)@example.com",
            isActive: isActive, isSystemAdmin: isSystemAdmin, isDecisionReader: isDecisionReader,
            createsRepositoriesOnPush: creates,
            repositoryDefaults: .init(
                visibility: .public, grants: [.init(subject: .serviceAccount(robot.id), level: .readOnly)]),
            directory: .init(
                directory: "corp", externalID: "guid-\(name)", dn: "cn=\(name)", principalName: "\(name)@corp.example",
                goneSince: time + .seconds(5), isResting: isResting))
    }

    static func user(_ name: String, fullName: String = "", email: String? = nil) -> Account {
        Account(
            id: id("id-\(name)"), kind: .user, name: AccountName(trusted: name), fullName: fullName, email: email,
            directory: name == "elton" ? .init(directory: "corp", externalID: "guid", dn: awkward) : nil)
    }
}

extension TestStore {
    /// A store that holds some facts.
    static func filled(_ engine: Engine, with facts: [Fact] = Samples.facts) async throws -> TestStore {
        let store = try await TestStore(engine)
        for fact in facts { try await store.insert(fact, secret: fact.secret) }
        return store
    }
}

extension Fact {
    var secret: [UInt8]? {
        switch self {
        // No two tokens have one secret.
        case .accessToken(let token) where token != Samples.token: Array(token.id.rawValue.utf8)
        case .password, .accessToken, .directory: Samples.secret
        default: nil
        }
    }
}
