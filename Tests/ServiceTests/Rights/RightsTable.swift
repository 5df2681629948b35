import TestSupport

/// "Who may manage what", row by row. Columns: system administrator, organisation owner, team
/// maintainer, team member, member of a team with admin on the namespace, repository admin,
/// any user, anonymous; `x` for those who may.
enum RightsTable {
    static let rows: [RightsRow] = users + organizations + teams + serviceAccounts + repositories + log + decisions

    private static let users: [RightsRow] = [
        .init("read names of users", "GET", "/v1/users", "xxxxxxx-"),
        .init("read a user", "GET", "/v1/users/vic", "xxxxxxx-"),
        .init("make a user", "POST", "/v1/users", ["name": "new"], "x-------"),
        .init("change another's profile", "PATCH", "/v1/users/vic", ["full_name": "V"], "x-------"),
        .init("deactivate a user", "PATCH", "/v1/users/vic", ["active": false], "x-------"),
        .init("make an administrator", "PATCH", "/v1/users/vic", ["system_admin": true], "x-------"),
        .init("make oneself an administrator", "PATCH", "/v1/users/{self}", ["system_admin": true], "x-------"),
        .init("make a decision reader", "PATCH", "/v1/users/vic", ["decision_reader": true], "x-------"),
        .init("make oneself a decision reader", "PATCH", "/v1/users/{self}", ["decision_reader": true], "x-------"),
        .init("delete a user", "DELETE", "/v1/users/vic", "x-------"),
        .init("read another's tokens", "GET", "/v1/users/vic/tokens", "x-------"),
        .init("read retired names", "GET", "/v1/retired-names", "x-------"),
        .init("read directories", "GET", "/v1/directories", "x-------"),
        .init("import", "POST", "/v1/import", "x-------"),
        .init("export", "GET", "/v1/export", "x-------"),
        .init("verify the log", "GET", "/v1/verify", "x-------"),
        .init("make a backup", "POST", "/v1/backup", ["path": "{folder}/copy.db"], "x-------"),
        .init("see the signing keys", "GET", "/v1/registry/keys", "x-------"),
        .init("make the next signing key", "POST", "/v1/registry/keys", [:], "x-------"),
        .init("change one's own profile", "PATCH", "/v1/users/{self}", ["full_name": "Me"], "xxxxxxx-"),
        .init("read oneself", "GET", "/v1/users/me", "xxxxxxx-"),
        .init("read one's own tokens", "GET", "/v1/users/{self}/tokens", "xxxxxxx-"),
        .init("set one's own create-on-push", "PATCH", "/v1/users/{self}", ["create_on_push": true], "xxxxxxx-"),
    ]

    private static let organizations: [RightsRow] = [
        .init("make an organisation", "POST", "/v1/orgs", ["name": "new"], "x-------"),
        .init("read names of organisations", "GET", "/v1/orgs", "xxxxxxx-"),
        .init("read an organisation", "GET", "/v1/orgs/acme", "xxxxxxx-"),
        .init("delete an organisation", "DELETE", "/v1/orgs/acme?delete_repositories=true", "x-------"),
        .init("change an organisation", "PATCH", "/v1/orgs/acme", ["full_name": "A"], "xx------"),
        .init("set an organisation's create-on-push", "PATCH", "/v1/orgs/acme", ["create_on_push": true], "xx------"),
        .init("read an organisation's members", "GET", "/v1/orgs/acme/members", "xxxxx---"),
        .init("read a membership", "GET", "/v1/orgs/acme/members/sam", "xxxxx---"),
        .init("bring somebody in", "PUT", "/v1/orgs/acme/members/vic", ["role": "member"], "xx------"),
        .init("bring oneself in", "PUT", "/v1/orgs/acme/members/{self}", ["role": "owner"], "xx------"),
        .init("make an owner", "PUT", "/v1/orgs/acme/members/sam", ["role": "owner"], "xx------"),
        .init("make an owner a member", "PUT", "/v1/orgs/acme/members/olaf", ["role": "member"], "xx------"),
        .init("take a member out", "DELETE", "/v1/orgs/acme/members/sam", "xx------"),
    ]

    private static let teams: [RightsRow] = [
        .init("read an organisation's teams", "GET", "/v1/orgs/acme/teams", "xxxxx---"),
        .init("read a team", "GET", "/v1/orgs/acme/teams/ops", "xxxxx---"),
        .init("make a team", "POST", "/v1/orgs/acme/teams", ["name": "new"], "xx------"),
        .init("change a team", "PATCH", "/v1/orgs/acme/teams/ops", ["description": "d"], "xx------"),
        .init("move a team", "PATCH", "/v1/orgs/acme/teams/ops", ["parent": "namers"], "xx------"),
        .init("delete a team", "DELETE", "/v1/orgs/acme/teams/ops", "xx------"),
        .init("read a team's members", "GET", "/v1/orgs/acme/teams/ops/members", "xxxx----"),
        .init("read a team membership", "GET", "/v1/orgs/acme/teams/ops/members/tom", "xxxx----"),
        .init("put a member into a team", "PUT", "/v1/orgs/acme/teams/ops/members/sam", ["role": "member"], "xxx-----"),
        .init("make a maintainer", "PUT", "/v1/orgs/acme/teams/ops/members/tom", ["role": "maintainer"], "xxx-----"),
        .init("take somebody out of a team", "DELETE", "/v1/orgs/acme/teams/ops/members/tom", "xxx-----"),
        .init(
            "bring an outsider into a team", "PUT", "/v1/orgs/acme/teams/ops/members/vic", ["role": "member"],
            "xx------"),
        .init(
            "put oneself into a team", "PUT", "/v1/orgs/acme/teams/namers/members/{self}", ["role": "member"],
            "xx------"),
        .init(
            "put somebody into another team", "PUT", "/v1/orgs/acme/teams/dev/members/sam", ["role": "member"],
            "xx------"),
    ]

    private static let serviceAccounts: [RightsRow] = [
        .init("read an organisation's service accounts", "GET", "/v1/orgs/acme/service-accounts", "xx------"),
        .init("read a service account", "GET", "/v1/orgs/acme/service-accounts/ci", "xx------"),
        .init("make a service account", "POST", "/v1/orgs/acme/service-accounts", ["name": "new"], "xx------"),
        .init("change a service account", "PATCH", "/v1/orgs/acme/service-accounts/ci", ["active": false], "xx------"),
        .init(
            "make a service account a reader", "PATCH", "/v1/orgs/acme/service-accounts/ci",
            ["decision_reader": true], "x-------"),
        .init(
            "hand a service account over", "PATCH", "/v1/orgs/acme/service-accounts/ci", ["owner": "vic"], "x-------"),
        .init("change a reader", "PATCH", "/v1/orgs/acme/service-accounts/reader", ["description": "d"], "x-------"),
        .init("suspend a reader", "PATCH", "/v1/orgs/acme/service-accounts/reader", ["active": false], "x-------"),
        .init(
            "extend a reader", "PATCH", "/v1/orgs/acme/service-accounts/reader", ["expires_at": nil], "x-------"),
        .init(
            "hand a reader over", "PATCH", "/v1/orgs/acme/service-accounts/reader", ["owner": "{self}"], "x-------"),
        .init("delete a reader", "DELETE", "/v1/orgs/acme/service-accounts/reader", "x-------"),
        .init("read a reader's tokens", "GET", "/v1/orgs/acme/service-accounts/reader/tokens", "xx------"),
        .init("delete a service account", "DELETE", "/v1/orgs/acme/service-accounts/ci", "xx------"),
        .init("read a service account's tokens", "GET", "/v1/orgs/acme/service-accounts/ci/tokens", "xx------"),
        .init("read another's service accounts", "GET", "/v1/users/vic/service-accounts", "x-------"),
        .init("make a service account of another", "POST", "/v1/users/vic/service-accounts", ["name": "n"], "x-------"),
        .init("read one's own service accounts", "GET", "/v1/users/{self}/service-accounts", "xxxxxxx-"),
        .init("make one's own service account", "POST", "/v1/users/{self}/service-accounts", ["name": "n"], "xxxxxxx-"),
        .init(
            "grant to a service account", "PUT", "/v1/repositories/acme/web/grants/service-accounts/ci",
            ["level": "admin"], "xx--xx--"),
    ]

    private static let repositories: [RightsRow] = [
        .init("read a repository", "GET", "/v1/repositories/acme/web", "xxxxxx--"),
        .init("read another repository", "GET", "/v1/repositories/acme/api", "xx--x---"),
        .init("make a repository", "POST", "/v1/repositories", ["namespace": "acme", "name": "new"], "xx--x---"),
        .init(
            "make a repository of one's own", "POST", "/v1/repositories", ["namespace": "{self}", "name": "new"],
            "xxxxxxx-"),
        .init(
            "make a repository of another's", "POST", "/v1/repositories", ["namespace": "vic", "name": "new"],
            "x-------"),
        .init("describe a repository", "PATCH", "/v1/repositories/acme/web", ["description": "d"], "xx--xx--"),
        .init("make a repository public", "PATCH", "/v1/repositories/acme/web", ["visibility": "public"], "xx--xx--"),
        .init("delete a repository", "DELETE", "/v1/repositories/acme/web", "xx--xx--"),
        .init("read a repository's tags", "GET", "/v1/repositories/acme/web/tags", "xxxxxx--"),
        .init("read another repository's tags", "GET", "/v1/repositories/acme/api/tags", "xx--x---"),
        .init("read one's catalogue", "GET", "/v1/catalog", "xxxxxxx-"),
        .init("rename a repository", "PATCH", "/v1/repositories/acme/web", ["name": "web2"], "xx--x---"),
        .init("move a repository away", "PATCH", "/v1/repositories/acme/web", ["namespace": "vic"], "x-------"),
        .init(
            "move a repository to oneself", "PATCH", "/v1/repositories/acme/web", ["namespace": "{self}"], "xx--xx--"),
        .init("read how repositories begin", "GET", "/v1/namespaces/acme", "xx------"),
        .init(
            "change how repositories begin", "PATCH", "/v1/namespaces/acme", ["default_visibility": "public"],
            "xx------"),
        .init("read how one's own begin", "GET", "/v1/namespaces/{self}", "xxxxxxx-"),
        .init("change how another's begin", "PATCH", "/v1/namespaces/vic", ["create_on_push": true], "x-------"),
        .init("delete another repository", "DELETE", "/v1/repositories/acme/api", "xx--x---"),
        .init("read a repository's grants", "GET", "/v1/repositories/acme/web/grants", "xx--xx--"),
        .init("grant to a team", "PUT", "/v1/repositories/acme/web/grants/teams/dev", ["level": "admin"], "xx--xx--"),
        .init(
            "grant to a user", "PUT", "/v1/repositories/acme/web/grants/users/sam", ["level": "read-only"], "xx--xx--"),
        .init(
            "grant to oneself", "PUT", "/v1/repositories/acme/web/grants/users/{self}", ["level": "admin"], "xx--xx--"),
        .init("take a team's grant away", "DELETE", "/v1/repositories/acme/web/grants/teams/ops", "xx--xx--"),
        .init("take a user's grant away", "DELETE", "/v1/repositories/acme/web/grants/users/vic", "xx--xx--"),
        .init(
            "grant on another repository", "PUT", "/v1/repositories/acme/api/grants/teams/dev", ["level": "admin"],
            "xx--x---"),
        .init("read a namespace's grants", "GET", "/v1/namespaces/acme/grants", "xx------"),
        .init("grant a whole namespace", "PUT", "/v1/namespaces/acme/grants/teams/dev", ["level": "admin"], "xx------"),
        .init("take a namespace's grant away", "DELETE", "/v1/namespaces/acme/grants/teams/namers", "xx------"),
    ]

    private static let log: [RightsRow] = [
        .init("ask who may use what", "GET", "/v1/access", "xx--xx--"),
        .init("ask who gained access", "GET", "/v1/access-differences?since=1", "xx--xx--"),
        .init("read the whole change log", "GET", "/v1/changes", "x-------"),
        .init("read an organisation's changes", "GET", "/v1/changes?subject=acme", "xx------"),
        .init("read another's changes", "GET", "/v1/changes?subject=vic", "x-------"),
        .init("read one's own changes", "GET", "/v1/changes?subject={self}", "xxxxxxx-"),
    ]

    private static let decisions: [RightsRow] = [
        .init("ask about oneself", "POST", "/access/v1/evaluation", question("{self}", "acme/web"), "xxxxxxx-"),
        .init("ask about another", "POST", "/access/v1/evaluation", question("vic", "acme/web"), "xx--xx--"),
        .init("ask about another elsewhere", "POST", "/access/v1/evaluation", question("vic", "acme/api"), "xx--x---"),
        .init(
            "explain about another", "POST", "/access/v1/evaluation", question("vic", "acme/web", explain: true),
            "xx--xx--"),
        .init("ask who may", "POST", "/access/v1/search/subject", who("acme/web"), "xx--xx--"),
        .init("ask who may elsewhere", "POST", "/access/v1/search/subject", who("acme/api"), "xx--x---"),
        .init("ask what oneself may", "POST", "/access/v1/search/resource", what("{self}"), "xxxxxxx-"),
        .init("ask what another may", "POST", "/access/v1/search/resource", what("vic"), "xx--xx--"),
        .init(
            "ask which actions another has", "POST", "/access/v1/search/action", question("vic", "acme/web"), "xx--xx--"
        ),
    ]

    private static func question(_ subject: String, _ path: String, explain: Bool = false) -> JSONValue {
        [
            "subject": ["type": "user", "id": .string(subject)], "action": ["name": "pull"],
            "resource": ["type": "repository", "id": .string(path)], "context": ["explain": .bool(explain)],
        ]
    }

    private static func who(_ path: String) -> JSONValue {
        [
            "subject": ["type": "user"], "action": ["name": "pull"],
            "resource": ["type": "repository", "id": .string(path)],
        ]
    }

    private static func what(_ subject: String) -> JSONValue {
        [
            "subject": ["type": "user", "id": .string(subject)], "action": ["name": "pull"],
            "resource": ["type": "repository"],
        ]
    }
}
