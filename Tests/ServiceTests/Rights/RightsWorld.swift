import TestSupport

/// The columns of the table of management rights, as people around the organisation `acme`.
/// Service accounts have no column: they manage nothing but what they were granted.
enum Column: String, CaseIterable, Sendable {
    case admin, owner, maintainer, member
    case namespaceAdmin = "namespace admin"
    case repositoryAdmin = "repository admin"
    case plain, anonymous
    case decisionReader = "decision reader"

    /// The name of the one who stands for the column.
    var person: String {
        switch self {
        case .admin: "root"
        case .owner: "olga"
        case .maintainer: "mia"
        case .member: "tom"
        case .namespaceAdmin: "nina"
        case .repositoryAdmin: "rita"
        case .plain: "paul"
        case .anonymous: "nobody"
        case .decisionReader: "dora"
        }
    }

    var credential: Credential { self == .anonymous ? .anonymous : .user(person) }

    /// What they are in `acme` and to its repository `web`, in the words of `x-right` in the OpenAPI document.
    var rights: Set<String> {
        switch self {
        case .admin: ["any user", "system-admin", "repository-viewer"]
        case .owner: ["any user", "org-owner", "org-member", "repository-viewer"]
        case .maintainer: ["any user", "team-maintainer", "team-member", "org-member", "repository-viewer"]
        case .member: ["any user", "team-member", "org-member", "repository-viewer"]
        case .namespaceAdmin: ["any user", "namespace-admin", "org-member", "repository-viewer"]
        case .repositoryAdmin: ["any user", "repository-admin", "repository-viewer", "collection-holder"]
        case .plain: ["any user"]
        case .anonymous: []
        case .decisionReader: ["any user", "decision-reader"]
        }
    }
}

extension SeedLine {
    /// `acme` with two teams, a team that administers its namespace, and two repositories;
    /// `sam` is a member without a team, `vic` has nothing to do with it.
    static let rightsWorld: [SeedLine] =
        [
            .user("root", admin: true), .user("olga"), .user("mia"), .user("tom"), .user("nina"), .user("rita"),
            .user("paul"), .user("sam"), .user("vic"), .user("olaf"), .user("dora", reader: true),
            .org("acme"), .member("acme", "olga", "owner"), .member("acme", "olaf", "owner"), .member("acme", "mia"),
            .member("acme", "tom"), .member("acme", "nina"), .member("acme", "sam"),
            .team("acme/ops"), .teamMember("acme/ops", "mia", "maintainer"), .teamMember("acme/ops", "tom"),
            .team("acme/dev"), .team("acme/namers"), .teamMember("acme/namers", "nina"),
            .repository("acme/web"), .repository("acme/api"), .serviceAccount("acme+ci"),
            .serviceAccount("acme+reader", reader: true),
            .grant("acme/ops", "acme/web", .readWrite), .grant("acme/dev", "acme/web", .readOnly),
            .grant("acme/namers", "acme", .admin), .grant("rita", "acme/web", .admin),
            .grant("vic", "acme/web", .readOnly), .grant("acme+ci", "acme/web", .readOnly),
            .grant("acme+ci", "acme", .readOnly),
            .role(
                "Keeper", "collection.create", "collection.update", "collection.remove", "collection.grant",
                "collection.place"),
            .role("Unused", "get pods"), .collection("/prod"), .collection("/prod/web"),
            .collection("/prod/empty"),
            .controlGrant("rita", "Keeper", "/prod"), .controlGrant("rita", "Full Control", "/prod"),
            .controlGrant("vic", "View Only", "/prod/web"), .site("cluster", "eu", "/prod", agent: "acme+ci"),
            .site("engine", "swarm", "/prod"), .placement("namespace", "eu/shop", "/prod/web"),
        ] + (Column.allCases.filter { $0 != .anonymous }.map(\.person) + ["vic"]).map { .serviceAccount("\($0)+bot") }
}
