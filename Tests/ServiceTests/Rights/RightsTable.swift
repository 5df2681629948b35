import TestSupport

/// "Who may manage what", row by row. Columns: system administrator, organisation owner, team
/// maintainer, team member, member of a team with admin on the namespace, repository admin,
/// any user, anonymous; `x` for those who may.
enum RightsTable {
    static let rows: [RightsRow] =
        users + credentials + organizations + teams + serviceAccounts + repositories + ownRepositories + registry
        + directories + log + control + decisions

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
        .init("import into an organisation", "POST", "/v1/import?org=acme", "xx------"),
        .init("export", "GET", "/v1/export", "x-------"),
        .init("export an organisation", "GET", "/v1/export?org=acme", "xx------"),
        .init("verify the log", "GET", "/v1/verify", "x-------"),
        .init("make a backup", "POST", "/v1/backup", ["path": "{folder}/copy.db"], "x-------"),
        .init("see the signing keys", "GET", "/v1/registry/keys", "x-------"),
        .init("make the next signing key", "POST", "/v1/registry/keys", [:], "x-------"),
        .init("change one's own profile", "PATCH", "/v1/users/{self}", ["full_name": "Me"], "xxxxxxx-"),
        .init("read oneself", "GET", "/v1/users/me", "xxxxxxx-"),
        .init("read one's own tokens", "GET", "/v1/users/{self}/tokens", "xxxxxxx-"),
        .init("read what one is in", "GET", "/v1/users/{self}/memberships", "xxxxxxx-"),
        .init("read what another is in, as far as one may", "GET", "/v1/users/vic/memberships", "xxxxxxx-"),
        .init("read one's own grants", "GET", "/v1/users/{self}/grants", "xxxxxxx-"),
        .init("read another's grants, as far as one manages them", "GET", "/v1/users/vic/grants", "xxxxxxx-"),
        .init("set one's own create-on-push", "PATCH", "/v1/users/{self}", ["create_on_push": true], "xxxxxxx-"),
    ]

    private static let credentials: [RightsRow] = [
        .init("set another's password", "PUT", "/v1/users/vic/password", ["password": "another password"], "x-------")
            .byPassword,
        .init(
            "set one's own password", "PUT", "/v1/users/{self}/password",
            ["password": "another password", "old_password": "a long password"], "xxxxxxx-"
        ).byPassword,
        .init("make another's token", "POST", "/v1/users/vic/tokens", ["name": "n"], "x-------").byPassword,
        .init("make a token of one's own", "POST", "/v1/users/{self}/tokens", ["name": "n"], "xxxxxxx-").byPassword,
        .init("revoke another's token", "DELETE", "/v1/users/vic/tokens/{token:vic}", "x-------"),
        .init("revoke a token of one's own", "DELETE", "/v1/users/{self}/tokens/{token:{self}}", "xxxxxxx-"),
        .init("rotate another's token", "POST", "/v1/users/vic/tokens/{token:vic}/rotate", [:], "x-------").byPassword,
        .init("rotate a token of one's own", "POST", "/v1/users/{self}/tokens/{token:{self}}/rotate", [:], "xxxxxxx-")
            .byPassword,
        .init("rotate the token one has, if it may", "POST", "/v1/tokens/current/rotate", [:], "xxxxxxx-")
            .byRotatingToken,
        .init("read the token one has", "GET", "/v1/tokens/current", "xxxxxxx-"),
        .init("free a retired name", "DELETE", "/v1/retired-names/{retired}", "x-------"),
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
        .init("read a team's grants", "GET", "/v1/orgs/acme/teams/ops/grants", "xxxxx---"),
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

    private static let serviceAccounts: [RightsRow] =
        [
            .init("read an organisation's service accounts", "GET", "/v1/orgs/acme/service-accounts", "xx------"),
            .init("read a service account", "GET", "/v1/orgs/acme/service-accounts/ci", "xx------"),
            .init("make a service account", "POST", "/v1/orgs/acme/service-accounts", ["name": "new"], "xx------"),
            .init(
                "change a service account", "PATCH", "/v1/orgs/acme/service-accounts/ci", ["active": false], "xx------"),
            .init(
                "make a service account a reader", "PATCH", "/v1/orgs/acme/service-accounts/ci",
                ["decision_reader": true], "x-------"),
            .init(
                "hand a service account over", "PATCH", "/v1/orgs/acme/service-accounts/ci", ["owner": "vic"],
                "x-------"),
            .init(
                "change a reader", "PATCH", "/v1/orgs/acme/service-accounts/reader", ["description": "d"], "x-------"),
            .init("suspend a reader", "PATCH", "/v1/orgs/acme/service-accounts/reader", ["active": false], "x-------"),
            .init(
                "extend a reader", "PATCH", "/v1/orgs/acme/service-accounts/reader", ["expires_at": nil], "x-------"),
            .init(
                "hand a reader over", "PATCH", "/v1/orgs/acme/service-accounts/reader", ["owner": "{self}"], "x-------"),
            .init("delete a reader", "DELETE", "/v1/orgs/acme/service-accounts/reader", "x-------"),
            .init("read a reader's tokens", "GET", "/v1/orgs/acme/service-accounts/reader/tokens", "xx------"),
            .init("delete a service account", "DELETE", "/v1/orgs/acme/service-accounts/ci", "xx------"),
            .init("read a service account's tokens", "GET", "/v1/orgs/acme/service-accounts/ci/tokens", "xx------"),
            .init("read a service account's grants", "GET", "/v1/orgs/acme/service-accounts/ci/grants", "xx------"),
            .init("read another's service accounts", "GET", "/v1/users/vic/service-accounts", "x-------"),
            .init(
                "make a service account of another", "POST", "/v1/users/vic/service-accounts", ["name": "n"], "x-------"
            ),
            .init("read one's own service accounts", "GET", "/v1/users/{self}/service-accounts", "xxxxxxx-"),
            .init(
                "make one's own service account", "POST", "/v1/users/{self}/service-accounts", ["name": "n"], "xxxxxxx-"
            ),
            .init(
                "grant to a service account", "PUT", "/v1/repositories/acme/web/grants/service-accounts/ci",
                ["level": "admin"], "xx--xx--"),
            .init(
                "take a service account's grant away", "DELETE", "/v1/repositories/acme/web/grants/service-accounts/ci",
                "xx--xx--"),
            .init(
                "grant a whole namespace to a service account", "PUT", "/v1/namespaces/acme/grants/service-accounts/ci",
                ["level": "admin"], "xx------"),
            .init(
                "take a service account's grant on a namespace away", "DELETE",
                "/v1/namespaces/acme/grants/service-accounts/ci", "xx------"),
            .init(
                "make a service account's token", "POST", "/v1/orgs/acme/service-accounts/ci/tokens", ["name": "n"],
                "xx------"
            ).byPassword,
            .init(
                "make a reader's token", "POST", "/v1/orgs/acme/service-accounts/reader/tokens", ["name": "n"],
                "x-------"
            ).byPassword,
            .init(
                "revoke a service account's token", "DELETE",
                "/v1/orgs/acme/service-accounts/ci/tokens/{token:acme+ci}", "xx------"),
            .init(
                "rotate a service account's token", "POST",
                "/v1/orgs/acme/service-accounts/ci/tokens/{token:acme+ci}/rotate", [:], "xx------"
            ).byPassword,
        ] + serviceAccountsOfUsers("vic", "another's", "x-------")
        + serviceAccountsOfUsers("{self}", "one's own", "xxxxxxx-")

    private static func serviceAccountsOfUsers(_ user: String, _ whose: String, _ marks: String) -> [RightsRow] {
        let path = "/v1/users/\(user)/service-accounts/bot"
        return [
            .init("read \(whose) service account", "GET", path, marks),
            .init("suspend \(whose) service account", "PATCH", path, ["active": false], marks),
            .init("delete \(whose) service account", "DELETE", path, marks),
            .init("read the tokens of \(whose) service account", "GET", "\(path)/tokens", marks),
            .init("read the grants of \(whose) service account", "GET", "\(path)/grants", marks),
            .init("make a token of \(whose) service account", "POST", "\(path)/tokens", ["name": "n"], marks)
                .byPassword,
            .init(
                "revoke a token of \(whose) service account", "DELETE", "\(path)/tokens/{token:\(user)+bot}", marks),
            .init(
                "rotate a token of \(whose) service account", "POST", "\(path)/tokens/{token:\(user)+bot}/rotate", [:],
                marks
            ).byPassword,
        ]
    }

    private static let registry: [RightsRow] = [
        .init("read what a registry has to be told", "GET", "/v1/registry", "xxxxxxx-"),
        .init("read the bundle for the registry", "GET", "/v1/registry/certificate", "xxxxxxx-"),
        .init("activate the next signing key", "POST", "/v1/registry/key-activation", ["trusted": true], "x-------")
            .needing("{next}"),
        .init("take the next signing key away", "DELETE", "/v1/registry/keys/{next}", "x-------"),
        .init("compare with the registry's catalogue", "POST", "/v1/registry/reconciliation", "x-------")
            .answering("no-registry"),
    ]

    private static let control: [RightsRow] =
        [
            .init("read the operations", "GET", "/v1/operations", "xxxxxxx-"),
            .init("read the roles", "GET", "/v1/roles", "xxxxxxx-"),
            .init("read a role", "GET", "/v1/roles/Keeper", "xxxxxxx-"),
            .init("make a role", "POST", "/v1/roles", ["name": "New"], "x-------"),
            .init("change a role", "PATCH", "/v1/roles/Keeper", ["add": ["* *"]], "x-------"),
            .init("delete a role", "DELETE", "/v1/roles/Unused", "x-------"),
            .init("read the settings of the control plane", "GET", "/v1/control-plane", "xxxxxxx-"),
            .init(
                "change what everybody has in their own", "PATCH", "/v1/control-plane", ["default_role": "None"],
                "x-------"
            ),
            .init(
                "read the collections, as far as one sees them", "GET", "/v1/collections?under=%2FShared", "xxxxxxx-"),
            .init("read a collection", "GET", "/v1/collections/%2Fprod", "x----x--x"),
            .init("make a collection", "POST", "/v1/collections", ["path": "/prod/new"], "x----x---"),
            .init("make a collection at the top", "POST", "/v1/collections", ["path": "/new"], "x--------"),
            .init("rename a collection", "PATCH", "/v1/collections/%2Fprod%2Fweb", ["name": "site"], "x----x---"),
            .init("move a collection", "PATCH", "/v1/collections/%2Fprod%2Fweb", ["parent": "/"], "x--------"),
            .init("delete a collection", "DELETE", "/v1/collections/%2Fprod%2Fempty", "x----x---"),
            .init(
                "delete a collection with what was placed in it", "DELETE",
                "/v1/collections/%2Fprod%2Fweb?recursive=true", "x--------"),
            .init("read the grants on a collection", "GET", "/v1/collections/%2Fprod/grants", "x----x--x"),
            .init("read grants, as far as one may know them", "GET", "/v1/control-grants", "xxxxxxx-"),
            .init(
                "give a role that one has", "PUT", "/v1/collections/%2Fprod/grants/user:vic/View%20Only", [:],
                "x----x---"),
            .init(
                "give a role that one has not", "PUT", "/v1/collections/%2F/grants/user:vic/View%20Only", [:],
                "x--------"
            ),
            .init(
                "take a role that one has", "DELETE", "/v1/collections/%2Fprod%2Fweb/grants/user:vic/View%20Only",
                "x----x---"),
            .init("read what was placed", "GET", "/v1/placements?collection=%2Fprod", "x----x--x"),
        ] + sites("cluster", "eu") + sites("engine", "swarm") + placements("placements/namespace/eu%2Fshop")
        + placements("clusters/eu/namespaces/shop")

    private static func sites(_ kind: String, _ name: String) -> [RightsRow] {
        [
            .init("read the \(kind)s, as far as one sees them", "GET", "/v1/\(kind)s", "xxxxxxx-"),
            .init("make a \(kind) known", "POST", "/v1/\(kind)s", ["name": "new"], "x-------"),
            .init("read a \(kind)", "GET", "/v1/\(kind)s/\(name)", "x----x--x"),
            .init("change a \(kind)", "PATCH", "/v1/\(kind)s/\(name)", ["collection": "/"], "x-------"),
            .init("forget a \(kind)", "DELETE", "/v1/\(kind)s/\(name)", "x-------"),
        ]
    }

    private static func placements(_ path: String) -> [RightsRow] {
        [
            .init("read where something was placed (\(path))", "GET", "/v1/\(path)", "x----x--x"),
            .init("place something (\(path))", "PUT", "/v1/\(path)", ["collection": "/prod"], "x----x---"),
            .init("take something out (\(path))", "DELETE", "/v1/\(path)", "x----x---"),
        ]
    }

    private static let directories: [RightsRow] = [
        .init("read a directory", "GET", "/v1/directories/{directory}", "x-------"),
        .init("make a directory", "PUT", "/v1/directories/corp", RequestNames.directory, "x-------"),
        .init("change a directory", "PUT", "/v1/directories/{directory}", RequestNames.directory, "x-------"),
        .init("delete a directory", "DELETE", "/v1/directories/{directory}", "x-------"),
        .init("test a directory", "POST", "/v1/directories/{directory}/test", [:], "x-------"),
        .init("read sync runs", "GET", "/v1/directories/{directory}/sync-runs", "x-------"),
        .init("plan a synchronisation", "POST", "/v1/directories/{directory}/sync-runs", ["mode": "plan"], "x-------"),
        .init("read a sync run", "GET", "/v1/directories/-/sync-runs/{run}", "x-------"),
        .init("read the plan of a sync run", "GET", "/v1/directories/-/sync-runs/{run}/plan", "x-------"),
        .init("apply a plan", "POST", "/v1/directories/-/sync-runs/{run}/apply", "x-------").answering("wrong-state"),
        .init("approve a sync run", "POST", "/v1/directories/-/sync-runs/{run}/approve", "x-------")
            .answering("wrong-state"),
        .init("cancel a sync run", "POST", "/v1/directories/-/sync-runs/{run}/cancel", "x-------")
            .answering("wrong-state"),
        .init(
            "link a user", "PUT", "/v1/users/vic/directory",
            ["directory": "{directory}", "external_id": .string(RequestNames.person)],
            "x-------"),
        .init("unlink a user", "DELETE", "/v1/users/{linked}/directory", "x-------"),
    ]

    private static let repositories: [RightsRow] = [
        .init("read names of repositories", "GET", "/v1/repositories", "xxxxxxx-"),
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

    private static let ownRepositories: [RightsRow] = [
        .init("describe one's own repository", "PATCH", own, ["description": "d"], "xxxxxxx-"),
        .init("delete one's own repository", "DELETE", own, "xxxxxxx-"),
        .init("read the grants of one's own repository", "GET", "\(own)/grants", "xxxxxxx-"),
        .init(
            "grant one's own repository to a user", "PUT", "\(own)/grants/users/vic", ["level": "admin"], "xxxxxxx-"),
        .init("take a user's grant on one's own away", "DELETE", "\(own)/grants/users/sam", "xxxxxxx-"),
        .init(
            "grant one's own repository to a service account", "PUT", "\(own)/grants/service-accounts/bot",
            ["level": "admin"], "xxxxxxx-"),
        .init(
            "take a service account's grant on one's own away", "DELETE", "\(own)/grants/service-accounts/bot",
            "xxxxxxx-"),
        .init("read the grants of one's own namespace", "GET", "/v1/namespaces/{self}/grants", "xxxxxxx-").needing(
            "{mine}"),
        .init(
            "grant one's own namespace", "PUT", "/v1/namespaces/{self}/grants/service-accounts/bot",
            ["level": "admin"], "xxxxxxx-"
        ).needing("{mine}"),
        .init(
            "take a grant on one's own namespace away", "DELETE", "/v1/namespaces/{self}/grants/service-accounts/bot",
            "xxxxxxx-"
        ).needing("{mine}"),
        .init(
            "change how one's own begin", "PATCH", "/v1/namespaces/{self}", ["create_on_push": true], "xxxxxxx-"),
        .init("ask who may use one's own", "GET", "/v1/access?repository={mine}", "xxxxxxx-"),
        .init(
            "ask who gained access to one's own", "GET", "/v1/access-differences?since=1&repository={mine}",
            "xxxxxxx-"),
        .init("ask who may on one's own", "POST", "/access/v1/search/subject", who("{mine}"), "xxxxxxx-"),
        .init(
            "ask which actions one has", "POST", "/access/v1/search/action", question("{self}", "acme/web"),
            "xxxxxxx-"),
        .init(
            "ask which actions another has on one's own", "POST", "/access/v1/search/action",
            question("vic", "{mine}"), "xxxxxxx-"),
    ]

    private static let own = "/v1/repositories/{mine}"

    private static let log: [RightsRow] = [
        .init("read the figures of the service", "GET", "/metrics", "x-------"),
        .init("ask who may use what", "GET", "/v1/access?repository=acme/web", "xx--xx--x"),
        .init("ask who gained access", "GET", "/v1/access-differences?since=1&repository=acme/web", "xx--xx--x"),
        .init("read the whole change log", "GET", "/v1/changes", "x-------"),
        .init("read an organisation's changes", "GET", "/v1/changes?subject=acme", "xx------"),
        .init("read another's changes", "GET", "/v1/changes?subject=vic", "x-------"),
        .init("read a collection's changes", "GET", "/v1/changes?collection=/prod", "x----x---"),
        .init("read one's own changes", "GET", "/v1/changes?subject={self}", "xxxxxxx-"),
    ]

    private static let decisions: [RightsRow] = [
        .init("ask about oneself", "POST", "/access/v1/evaluation", question("{self}", "acme/web"), "xxxxxxx-"),
        .init("ask about another", "POST", "/access/v1/evaluation", question("vic", "acme/web"), "xx--xx--x"),
        .init("ask about another elsewhere", "POST", "/access/v1/evaluation", question("vic", "acme/api"), "xx--x---x"),
        .init(
            "explain about another", "POST", "/access/v1/evaluation", question("vic", "acme/web", explain: true),
            "xx--xx--x"),
        .init(
            "ask many questions", "POST", "/access/v1/evaluations",
            ["evaluations": [question("vic", "acme/web")]], "xxxxxxx-"),
        .init("ask who may", "POST", "/access/v1/search/subject", who("acme/web"), "xx--xx--x"),
        .init("ask who may elsewhere", "POST", "/access/v1/search/subject", who("acme/api"), "xx--x---x"),
        .init("ask what oneself may", "POST", "/access/v1/search/resource", what("{self}"), "xxxxxxx-"),
        .init("ask what another may", "POST", "/access/v1/search/resource", what("vic"), "xx--xx--x"),
        .init(
            "ask which actions another has", "POST", "/access/v1/search/action", question("vic", "acme/web"),
            "xx--xx--x"
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
