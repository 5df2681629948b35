import TestSupport

/// A writing operation, and how somebody might ask for it.
struct RandomOperation: Sendable {
    /// `method template`.
    let name: String
    /// How often it is tried.
    let weight: Int
    /// A body, made anew each time.
    let body: @Sendable (inout RandomNames) -> JSONValue?

    init(_ name: String, _ weight: Int, _ body: @escaping @Sendable (inout RandomNames) -> JSONValue?) {
        self.name = name
        self.weight = weight
        self.body = body
    }

    /// All that there are, but for what asks and for the registry's own requests.
    static let all =
        users + organizations + repositories + administration + serviceAccounts("/v1/orgs/{org}")
        + serviceAccounts("/v1/users/{user}")
        + grantPaths.flatMap(grants)

    private static let users: [RandomOperation] = [
        .init("POST /v1/users", 1) { ["name": $0.new] },
        .init("PATCH /v1/users/{user}", 5) { names in
            names.one([
                ["system_admin": true], ["decision_reader": true], ["active": names.flag], ["create_on_push": true],
                ["full_name": "Somebody"],
            ])
        },
        .init("DELETE /v1/users/{user}", 1) { _ in nil },
        .init("PUT /v1/users/{user}/password", 1) { ["password": .string($0.password), "old_password": "wrong one"] },
        .init("PUT /v1/users/{user}/directory", 1) { _ in ["directory": "corp", "external_id": "1"] },
        .init("DELETE /v1/users/{user}/directory", 1) { _ in nil },
        .init("POST /v1/users/{user}/tokens", 2) { $0.newToken },
        .init("DELETE /v1/users/{user}/tokens/{id}", 1) { _ in nil },
        .init("POST /v1/users/{user}/tokens/{id}/rotate", 1) { $0.rotation },
        .init("POST /v1/tokens/current/rotate", 2) { $0.rotation },
        .init("DELETE /v1/retired-names/{name}", 1) { _ in nil },
    ]

    private static let organizations: [RandomOperation] = [
        .init("POST /v1/orgs", 1) { ["name": $0.new] },
        .init("PATCH /v1/orgs/{org}", 1) { _ in ["create_on_push": true] },
        .init("DELETE /v1/orgs/{org}", 1) { _ in nil },
        .init("PUT /v1/orgs/{org}/members/{user}", 3) { ["role": $0.one(["owner", "member"])] },
        .init("DELETE /v1/orgs/{org}/members/{user}", 1) { _ in nil },
        .init("POST /v1/orgs/{org}/teams", 2) { ["name": $0.new, "parent": $0.team] },
        .init("PATCH /v1/orgs/{org}/teams/{team}", 2) { ["parent": $0.one([$0.team, .null])] },
        .init("DELETE /v1/orgs/{org}/teams/{team}", 1) { _ in nil },
        .init("PUT /v1/orgs/{org}/teams/{team}/members/{user}", 4) { ["role": $0.one(["maintainer", "member"])] },
        .init("DELETE /v1/orgs/{org}/teams/{team}/members/{user}", 1) { _ in nil },
    ]

    private static let repositories: [RandomOperation] = [
        .init("POST /v1/repositories", 3) { names in
            var body: [String: JSONValue] = ["namespace": .string(names.account), "name": names.new]
            if names.flag == true { body["visibility"] = "public" }
            return .object(body)
        },
        .init("PATCH /v1/repositories/{namespace}/{name}", 10) { names in
            names.one([
                ["visibility": "public"], ["visibility": "private"], ["namespace": .string(names.account)],
                ["namespace": .string(names.account), "name": names.new],
                ["name": names.new], ["description": "changed"],
            ])
        },
        .init("DELETE /v1/repositories/{namespace}/{name}", 1) { _ in nil },
        .init("PATCH /v1/namespaces/{namespace}", 3) { names in
            names.one([
                ["default_visibility": "public"], ["create_on_push": true],
                ["default_grants": [["subject": names.subject, "level": names.level]]],
            ])
        },
    ]

    private static let administration: [RandomOperation] = [
        .init("PUT /v1/directories/{directory}", 1) { _ in ["preset": "openldap"] },
        .init("DELETE /v1/directories/{directory}", 1) { _ in nil },
        .init("POST /v1/directories/{directory}/test", 1) { _ in [:] },
        .init("POST /v1/directories/{directory}/sync-runs", 1) { _ in ["mode": "run"] },
        .init("POST /v1/directories/{directory}/sync-runs/{run}/apply", 1) { _ in nil },
        .init("POST /v1/directories/{directory}/sync-runs/{run}/approve", 1) { _ in nil },
        .init("POST /v1/directories/{directory}/sync-runs/{run}/cancel", 1) { _ in nil },
        .init("POST /v1/registry/keys", 1) { _ in [:] },
        .init("POST /v1/registry/key-activation", 1) { _ in ["trusted": true] },
        .init("DELETE /v1/registry/keys/{role}", 1) { _ in nil },
        .init("POST /v1/registry/reconciliation", 1) { _ in [:] },
        .init("POST /registry/events", 1) { _ in ["events": []] },
        .init("POST /v1/backup", 1) { _ in ["path": "somewhere.db"] },
        .init("POST /v1/import", 1) { ["kind": "user", "name": $0.new, "system_admin": true] },
    ]

    private static func serviceAccounts(_ owner: String) -> [RandomOperation] {
        [
            .init("POST \(owner)/service-accounts", 2) { names in
                var body: [String: JSONValue] = ["name": names.new]
                if names.flag == true { body["decision_reader"] = true }
                return .object(body)
            },
            .init("PATCH \(owner)/service-accounts/{service}", 8) { names in
                names.one([
                    ["active": true], ["active": false], ["expires_at": .null], ["expires_at": names.time],
                    ["decision_reader": true], ["owner": .string(names.account)], ["description": "changed"],
                ])
            },
            .init("DELETE \(owner)/service-accounts/{service}", 1) { _ in nil },
            .init("POST \(owner)/service-accounts/{service}/tokens", 4) { $0.newToken },
            .init("DELETE \(owner)/service-accounts/{service}/tokens/{id}", 1) { _ in nil },
            .init("POST \(owner)/service-accounts/{service}/tokens/{id}/rotate", 4) { $0.rotation },
        ]
    }

    private static let grantPaths = [
        "repositories/{namespace}/{name}/grants/users", "repositories/{namespace}/{name}/grants/teams",
        "repositories/{namespace}/{name}/grants/service-accounts", "namespaces/{namespace}/grants/teams",
        "namespaces/{namespace}/grants/service-accounts",
    ]

    private static func grants(_ path: String) -> [RandomOperation] {
        [
            .init("PUT /v1/\(path)/{subject}", 3) { names in
                var body: [String: JSONValue] = ["level": names.level]
                if names.flag == true { body["expires_at"] = names.one([.null, names.time]) }
                return .object(body)
            },
            .init("DELETE /v1/\(path)/{subject}", 1) { _ in nil },
        ]
    }
}
