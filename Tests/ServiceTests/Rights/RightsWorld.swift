import Foundation
import TestSupport
import Testing

/// The columns of the table of management rights, as people around the organisation `acme`.
/// Service accounts have no column: they manage nothing but what they were granted.
enum Column: String, CaseIterable, Sendable {
    case admin, owner, maintainer, member
    case namespaceAdmin = "namespace admin"
    case repositoryAdmin = "repository admin"
    case plain, anonymous

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
        }
    }

    var credential: Credential { self == .anonymous ? .anonymous : .user(person) }
}

extension SeedLine {
    /// `acme` with two teams, a team that administers its namespace, and two repositories;
    /// `sam` is a member without a team, `vic` has nothing to do with it.
    static let rightsWorld: [SeedLine] =
        [
            .user("root", admin: true), .user("olga"), .user("mia"), .user("tom"), .user("nina"), .user("rita"),
            .user("paul"), .user("sam"), .user("vic"), .user("olaf"),
            .org("acme"), .member("acme", "olga", "owner"), .member("acme", "olaf", "owner"), .member("acme", "mia"),
            .member("acme", "tom"), .member("acme", "nina"), .member("acme", "sam"),
            .team("acme/ops"), .teamMember("acme/ops", "mia", "maintainer"), .teamMember("acme/ops", "tom"),
            .team("acme/dev"), .team("acme/namers"), .teamMember("acme/namers", "nina"),
            .repository("acme/web"), .repository("acme/api"), .serviceAccount("acme+ci"),
            .serviceAccount("acme+reader", reader: true),
            .grant("acme/ops", "acme/web", .readWrite), .grant("acme/dev", "acme/web", .readOnly),
            .grant("acme/namers", "acme", .admin), .grant("rita", "acme/web", .admin),
            .grant("vic", "acme/web", .readOnly),
        ]
}

/// One row: what somebody asks for, and which columns may.
struct RightsRow: Sendable, CustomTestStringConvertible {
    let what: String
    let method: String
    /// `{self}` stands for the caller's name, here and in the body.
    let path: String
    let body: JSONValue?
    let may: Set<Column>

    /// - Parameter marks: `x` or `-` for each column, in order.
    init(_ what: String, _ method: String, _ path: String, _ body: JSONValue?, _ marks: String) {
        self.what = what
        self.method = method
        self.path = path
        self.body = body
        may = Set(zip(Column.allCases, marks).filter { $1 == "x" }.map(\.0))
    }

    init(_ what: String, _ method: String, _ path: String, _ marks: String) {
        self.init(what, method, path, nil, marks)
    }

    var testDescription: String { what }

    func ask(_ service: TestService, as column: Column) async throws -> TestAnswer {
        func fill(_ text: String) -> String {
            text.replacingOccurrences(of: "{self}", with: column.person)
                .replacingOccurrences(of: "{folder}", with: service.folder.root)
        }
        if path.hasPrefix("/v1/import") {
            let line = try SeedLine.user("imported").json.text + "\n"
            return try await service.send(
                method, path, bytes: Data(line.utf8), as: column.credential,
                headers: ["Content-Type": "application/x-ndjson"])
        }
        let body = try body.map { try JSONValue(parsing: Data(fill(try $0.text).utf8)) }
        return try await service.send(method, fill(path), body, as: column.credential)
    }
}
