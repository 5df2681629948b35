import Foundation
import TestSupport
import Testing

/// A request that an administrator may send in the world of the table of rights, with all that its body may have.
/// One for every operation that takes a body of JSON or a dry run.
struct ExampleRequest: Sendable, CustomTestStringConvertible {
    let method: String
    /// May have names of `RequestNames`.
    let path: String
    let body: JSONValue?
    let needs: String

    init(_ method: String, _ path: String, _ body: JSONValue? = nil, needing needs: String = "") {
        self.method = method
        self.path = path
        self.body = body
        self.needs = needs
    }

    var testDescription: String { operation?.name ?? "\(method) \(path)" }

    var operation: APIDocument.Operation? { APIDocument.shared.operation(method, path) }

    /// The path and the body with everything made that they name.
    func filled(_ service: TestService) async throws -> (path: String, body: JSONValue?) {
        let names = RequestNames(service: service, person: "root")
        _ = try await names.fill(needs)
        let body = try body.map { Data(try $0.text.utf8) }
        guard let body else { return (try await names.fill(path), nil) }
        let text = try await names.fill(String(decoding: body, as: UTF8.self))
        return (try await names.fill(path), try JSONValue(parsing: Data(text.utf8)))
    }

    /// By password, as a token makes no tokens.
    static let credential = Credential.basic(login: "root", secret: password)
    static let password = "the password of root"

    /// Runs `body` with a service in which all of them are right, each alone.
    static func run(_ body: (TestService) async throws -> Void) async throws {
        try await TestService.run(SeedLine.rightsWorld) { service async throws in
            try await service.setPassword(of: "root", to: password)
            try await body(service)
        }
    }
}

extension ExampleRequest {
    static let all: [ExampleRequest] =
        users + organizations + serviceAccounts(of: "/v1/orgs/acme", "ci", "acme")
        + serviceAccounts(of: "/v1/users/vic", "bot", "vic") + repositories + grants + control + administration
        + decisions

    private static let users: [ExampleRequest] = [
        .init(
            "POST", "/v1/users",
            [
                "name": "new", "full_name": "New", "email": "new@example.com", "active": true, "system_admin": true,
                "decision_reader": true, "password": "a good password",
            ]),
        .init(
            "PATCH", "/v1/users/vic",
            [
                "full_name": "Vic", "email": "vic@example.com", "active": true, "system_admin": true,
                "decision_reader": true, "create_on_push": true,
            ]),
        .init("DELETE", "/v1/users/vic"),
        .init(
            "PUT", "/v1/users/root/password",
            ["password": "another good password", "old_password": .string(ExampleRequest.password)]),
        .init(
            "PUT", "/v1/users/vic/directory",
            ["directory": "{directory}", "external_id": .string(RequestNames.person)]),
        .init("DELETE", "/v1/users/{linked}/directory"),
        .init("POST", "/v1/users/vic/tokens", newToken),
        .init("DELETE", "/v1/users/vic/tokens/{token:vic}"),
        .init("POST", "/v1/users/vic/tokens/{token:vic}/rotate", rotation),
        .init("POST", "/v1/tokens/current/rotate", rotation),
        .init("DELETE", "/v1/retired-names/{retired}"),
    ]

    private static let newToken: JSONValue = [
        "name": "laptop", "expires_at": later,
        "scope": ["actions": ["pull", "push"], "repositories": ["acme/web", "acme/*"]], "may": ["rotate"],
    ]
    private static let rotation: JSONValue = ["overlap": 60, "expires_at": later]
    private static let later: JSONValue = "2030-01-01T00:00:00Z"

    private static let organizations: [ExampleRequest] = [
        .init("POST", "/v1/orgs", ["name": "new", "full_name": "New"]),
        .init("PATCH", "/v1/orgs/acme", ["full_name": "Acme", "create_on_push": true]),
        .init("DELETE", "/v1/orgs/acme?delete_repositories=true"),
        .init("PUT", "/v1/orgs/acme/members/vic", ["role": "owner"]),
        .init("DELETE", "/v1/orgs/acme/members/tom"),
        .init("POST", "/v1/orgs/acme/teams", ["name": "new", "description": "New", "parent": "ops"]),
        .init("PATCH", "/v1/orgs/acme/teams/dev", ["name": "devs", "description": "Developers", "parent": "ops"]),
        .init("DELETE", "/v1/orgs/acme/teams/ops"),
        .init("PUT", "/v1/orgs/acme/teams/ops/members/vic", ["role": "maintainer"]),
        .init("DELETE", "/v1/orgs/acme/teams/ops/members/tom"),
    ]

    private static func serviceAccounts(of owner: String, _ name: String, _ login: String) -> [ExampleRequest] {
        let path = "\(owner)/service-accounts/\(name)"
        return [
            .init(
                "POST", "\(owner)/service-accounts",
                ["name": "new", "description": "New", "active": true, "decision_reader": true, "expires_at": later]),
            .init(
                "PATCH", path,
                [
                    "description": "Builds", "active": false, "decision_reader": true, "expires_at": later,
                    "owner": "sam",
                ]),
            .init("DELETE", path),
            .init("POST", "\(path)/tokens", newToken),
            .init("DELETE", "\(path)/tokens/{token:\(login)+\(name)}"),
            .init("POST", "\(path)/tokens/{token:\(login)+\(name)}/rotate", rotation),
        ]
    }

    private static let repositories: [ExampleRequest] = [
        .init(
            "POST", "/v1/repositories",
            ["namespace": "acme", "name": "new", "visibility": "public", "description": "New"]),
        .init(
            "PATCH", "/v1/repositories/acme/web",
            ["visibility": "public", "description": "Web", "namespace": "vic", "name": "site"]),
        .init("DELETE", "/v1/repositories/acme/web"),
        .init(
            "PATCH", "/v1/namespaces/acme",
            [
                "create_on_push": true, "default_visibility": "public",
                "default_grants": [["subject": ["type": "team", "org": "acme", "name": "ops"], "level": "admin"]],
            ]),
    ]

    private static let grants: [ExampleRequest] = [
        "repositories/acme/web/grants/users/vic", "repositories/acme/web/grants/teams/ops",
        "repositories/acme/web/grants/service-accounts/ci", "namespaces/acme/grants/teams/namers",
        "namespaces/acme/grants/service-accounts/ci",
    ].flatMap { path in
        [
            ExampleRequest("PUT", "/v1/\(path)", ["level": "read-write", "expires_at": later]),
            ExampleRequest("DELETE", "/v1/\(path)"),
        ]
    }

    private static let control: [ExampleRequest] =
        [
            .init(
                "POST", "/v1/roles",
                ["name": "New", "description": "New", "operations": ["get pods", "container.exec", "x-job.run"]]),
            .init(
                "PATCH", "/v1/roles/Keeper",
                [
                    "name": "Keepers", "description": "Keep", "operations": ["get pods"], "add": ["* *.apps"],
                    "remove": ["get pods"],
                ]),
            .init("DELETE", "/v1/roles/Keeper?replace_with=Unused"),
            .init("PATCH", "/v1/control-plane", ["default_role": "Unused"]),
            .init("POST", "/v1/collections", ["path": "/prod/new"]),
            .init("PATCH", "/v1/collections/%2Fprod%2Fweb", ["name": "site", "parent": "/Shared"]),
            .init("DELETE", "/v1/collections/%2Fprod?recursive=true"),
            .init("PUT", "/v1/collections/%2Fprod/grants/user:paul/View%20Only", ["expires_at": later]),
            .init("DELETE", "/v1/collections/%2Fprod%2Fweb/grants/user:vic/View%20Only"),
            .init("PUT", "/v1/placements/namespace/eu%2Fshop", ["collection": "/prod"]),
            .init("DELETE", "/v1/placements/namespace/eu%2Fshop"),
            .init("PUT", "/v1/clusters/eu/namespaces/shop", ["collection": "/prod"]),
            .init("DELETE", "/v1/clusters/eu/namespaces/shop"),
        ]
        + [("clusters", "eu"), ("engines", "swarm")].flatMap { kind, name in
            [
                ExampleRequest(
                    "POST", "/v1/\(kind)", ["name": "new", "collection": "/prod", "agent": "acme+ci"]),
                ExampleRequest(
                    "PATCH", "/v1/\(kind)/\(name)", ["name": "other", "collection": "/", "agent": "acme+reader"]),
                ExampleRequest("DELETE", "/v1/\(kind)/\(name)"),
            ]
        }

    private static let administration: [ExampleRequest] = [
        .init("PUT", "/v1/directories/corp", directory),
        .init("DELETE", "/v1/directories/{directory}"),
        .init("POST", "/v1/directories/{directory}/test", ["user": "elton"]),
        .init("POST", "/v1/directories/{directory}/sync-runs", ["mode": "plan", "reading": "full"]),
        .init("POST", "/v1/registry/keys", ["algorithm": "RS256"]),
        .init("POST", "/v1/registry/key-activation", ["trusted": true], needing: "{next}"),
        .init("POST", "/v1/backup", ["path": "{folder}/copy.db", "with_keys": true]),
    ]

    private static let directory: JSONValue = [
        "preset": "openldap", "urls": ["ldap://127.0.0.1:1"],
        "tls": ["mode": "none", "ca_file": nil, "allow_cleartext": true],
        "bind": ["dn": "cn=sync,dc=example", "password": "secret", "password_file": nil],
        "users": ["base": "ou=people,dc=example", "filter": "(uid=*)", "scope": "one"],
        "groups": ["base": "ou=groups,dc=example", "filter": "(cn=*)", "scope": "subtree"],
        "attributes": [
            "login": "uid", "full_name": "cn", "email": "mail", "member": "member", "principal_name": "",
            "identity": nil, "inactive": ["nsAccountLock"],
        ],
        "rules": [
            ["group": "cn=ops,ou=groups,dc=example", "team": "acme/ops"],
            ["group": "cn=owners,ou=groups,dc=example", "org": "acme", "role": "owner"],
            ["group": "cn=admins,ou=groups,dc=example", "system_admin": true], ["pattern": "registry {org} {team}"],
        ],
        "leavers": ["action": "deactivate", "confirm_after": "6h", "delete_after_days": 30],
        "local_members": "keep",
        "brake": [
            "max_removals": 1, "max_percent": 2, "max_team_removals": 3, "max_team_percent": 4, "max_org_removals": 5,
            "max_org_percent": 6, "max_promotions": 7, "max_reactivations": 8, "max_rename_percent": 9,
            "max_additions_percent": 10,
        ],
        "schedule": "15m", "full_schedule": "@daily", "login": true, "login_memory": 30, "login_attempts": 4,
        "just_in_time": false, "netbios_name": "CORP", "order": 1, "page_size": 100, "timeout": 5,
    ]

    private static let decisions: [ExampleRequest] = [
        .init("POST", "/access/v1/evaluation", question),
        .init(
            "POST", "/access/v1/evaluations",
            .object(
                question.members.merging([
                    "evaluations": [["action": ["name": "pull"]], question],
                    "options": ["evaluations_semantic": "deny_on_first_deny"],
                ]) { $1 })),
        .init("POST", "/access/v1/search/subject", search(["subject": ["type": "user"]])),
        .init("POST", "/access/v1/search/resource", search(["resource": ["type": "repository"]])),
        .init("POST", "/access/v1/search/action", search(["action": nil])),
    ]

    private static let question: JSONValue = [
        "subject": ["type": "user", "id": "vic"], "action": ["name": "push"],
        "resource": ["type": "repository", "id": "acme/web"],
        "context": ["explain": true, "min_revision": 1, "as_of": nil],
    ]

    private static func search(_ other: [String: JSONValue]) -> JSONValue {
        var members = question.members.merging(other) { $1 }
        members["page"] = ["token": nil, "limit": 10]
        return .object(members.filter { $0.value != .null })
    }
}
