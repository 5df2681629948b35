import AccessModel
import ArgumentParser
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Wording
@testable import portreeve

/// What the commands send and read, held to the OpenAPI document.
@Suite struct CommandRequestTests {
    /// Every command with all that it takes. `FILE` stands for a file that it reads, `NEW` for one that it writes.
    private static let lines = """
        whoami
        user list --contains e --active --source corp --order newest --limit 5
        user show elton
        user show id:6c5fwrq91an2ec2
        user create elton --full-name Elton --email e@example.com --active --system-admin --decision-reader \
        --password-file PASSWORD --dry-run
        user update elton --full-name Elton --email e@example.com --active --system-admin --decision-reader \
        --create-on-push --dry-run
        user password elton --password-file PASSWORD --old-password-file PASSWORD
        user delete elton --delete-repositories --delete-collections --dry-run
        user link elton corp 7a0c3f5e-1b7c-4a56-9f0e-6b1d2c3e4f50 --dry-run
        user unlink elton --dry-run
        user token list elton
        user token create elton laptop
        user token rotate elton 00000000000000a
        user token delete elton 00000000000000a
        service-account list acme
        service-account list elton
        service-account show acme+ci
        service-account show id:6c5fwrq91an2ec2
        service-account show elton+ci
        service-account create acme+ci --description d --expires-at 2030-01-01T00:00:00Z --decision-reader --active --dry-run
        service-account create elton+ci --description d --expires-at 2030-01-01T00:00:00Z --decision-reader --active --dry-run
        service-account update acme+ci --description d --expires-at never --active --owner elton --decision-reader --dry-run
        service-account update elton+ci --description d --expires-at never --active --owner acme --decision-reader --dry-run
        service-account delete acme+ci --dry-run
        service-account delete elton+ci --dry-run
        token list elton
        token list acme+ci
        token list elton+ci
        token create elton laptop --expires-at 2030-01-01T00:00:00Z --action pull --repository acme/* --may rotate
        token create acme+ci laptop --expires-at 2030-01-01T00:00:00Z --action pull --repository acme/* --may rotate
        token create elton+ci laptop --expires-at 2030-01-01T00:00:00Z --action pull --repository acme/* --may rotate
        token rotate elton 00000000000000a --overlap 60 --expires-at 2030-01-01T00:00:00Z
        token rotate acme+ci 00000000000000a --overlap 60 --expires-at 2030-01-01T00:00:00Z
        token rotate elton+ci 00000000000000a --overlap 60 --expires-at 2030-01-01T00:00:00Z
        token rotate --overlap 60 --expires-at 2030-01-01T00:00:00Z
        token delete elton 00000000000000a --dry-run
        token delete acme+ci 00000000000000a --dry-run
        token delete elton+ci 00000000000000a --dry-run
        org list --contains a --order newest --csv
        org show acme
        org create acme --full-name Acme --dry-run
        org update acme --full-name Acme --create-on-push --dry-run
        org delete acme --delete-repositories --dry-run
        org member list acme --contains e --no-active --source local --role owner
        org member add acme elton --role owner --dry-run
        org member remove acme elton --keep-direct-grants --dry-run
        team list acme --contains o
        team show acme/ops
        team show id:6c5fwrq91an2ec2
        team create acme/ops --description d --parent all --dry-run
        team update acme/ops --name ops2 --description d --parent all --dry-run
        team delete acme/ops --dry-run
        team member list acme/ops --effective --contains e --active --role member
        team member add acme/ops elton --role maintainer --dry-run
        team member remove acme/ops elton --dry-run
        repository list acme --contains w --visibility private --level admin
        repository show acme/web
        repository tags acme/web
        repository catalog
        repository create acme/web --visibility public --description d --dry-run
        repository update acme/web --visibility public --description d --dry-run
        repository move acme/web elton/web --dry-run
        repository delete acme/web --dry-run
        namespace show acme
        namespace update acme --create-on-push on --default-visibility public --default-grant team:acme/ops=admin --dry-run
        grant list acme --all
        grant list --of team:acme/ops
        grant list --of user:elton
        grant list --of acme+ci
        grant list --of elton+ci
        grant list acme/web
        grant list acme/
        grant put team:acme/ops acme/web admin --expires-at 2030-01-01T00:00:00Z --dry-run
        grant put user:elton acme/web admin --expires-at 2030-01-01T00:00:00Z --dry-run
        grant put service-account:acme+ci acme/web admin --expires-at 2030-01-01T00:00:00Z --dry-run
        grant put team:acme/ops acme/ admin --expires-at 2030-01-01T00:00:00Z --dry-run
        grant put service-account:acme+ci acme/ admin --expires-at 2030-01-01T00:00:00Z --dry-run
        grant delete team:acme/ops acme/web --dry-run
        grant delete user:elton acme/web --dry-run
        grant delete service-account:acme+ci acme/web --dry-run
        grant delete team:acme/ops acme/ --dry-run
        grant delete service-account:acme+ci acme/ --dry-run
        role list
        role show Deployer
        role operations
        role create Deployer container.exec --description D --dry-run
        role update Deployer --name D --description D --add container.exec --remove container.logs --dry-run
        role delete Deployer --replace-with None --dry-run
        control-plane show
        control-plane update --default-role None --dry-run
        collection list --under /prod --depth 2
        collection tree /prod
        collection show /prod
        collection create /prod/new --dry-run
        collection move /prod/web /dev/web --dry-run
        collection delete /prod --recursive --dry-run
        control-grant list --on /prod --inherited
        control-grant list --of user:elton --effective --role None
        control-grant list --on /prod
        control-grant put team:acme/ops Deployer /prod --expires-at 2030-01-01T00:00:00Z --dry-run
        control-grant delete everyone Deployer /prod --dry-run
        cluster list
        cluster show eu
        cluster create eu --collection /prod --agent acme+ci --dry-run
        cluster update eu --new-name us --collection /prod --agent none --dry-run
        cluster delete eu --dry-run
        engine list
        engine show swarm
        engine create swarm --collection /prod --agent acme+ci --dry-run
        engine update swarm --new-name other --collection /prod --agent none --dry-run
        engine delete swarm --dry-run
        placement list /prod
        placement put namespace eu/shop /prod --dry-run
        placement delete namespace eu/shop --dry-run
        check elton container.exec /prod --as-of 3
        check elton container.exec engine:swarm/1 --explain
        who-may container.exec /prod --as-of 3 --expand
        what-may elton container.exec
        what-may elton --plane both
        diff container.exec /prod --since 3 --until 4
        retired-name list
        retired-name free elton --dry-run
        changes --after 3 --limit 5 --subject acme
        changes --collection /prod
        changes --before 9 --since 1 --until 8 --actor root --kind grant --ids
        check elton push acme/web --as-of 3
        explain elton push acme/web --as-of 3
        who-may push acme/web --as-of 3 --explain
        who-may push acme/* --as-of 3
        what-may elton push --as-of 3 --explain
        diff push acme/* --since 3 --until 4
        directory list
        directory show corp
        directory put corp SETTINGS
        directory test corp --user elton
        directory delete corp --dry-run
        sync plan corp --full --all
        sync run corp --full
        sync apply 00000000000000a
        sync approve 00000000000000a
        sync cancel 00000000000000a
        sync runs corp --limit 5
        sync show 00000000000000a
        registry certificate
        registry config --realm https://hub.example.com/token
        registry reconcile --dry-run
        registry key list
        registry key next --algorithm RS256
        registry key activate --trusted
        registry key retire
        registry key discard
        backup NEW --with-keys
        verify --head 00
        import LINES --org acme --dry-run
        export
        export --org acme
        """.split(separator: "\n").map(String.init)

    /// What no command asks for, each with its reason.
    private static let withoutCommand: Set<String> = [
        // For programs: a command asks one question at a time, and `what-may` tells all actions' levels.
        "POST /access/v1/evaluations", "POST /access/v1/search/action", "GET /.well-known/authzen-configuration",
        // For registries, their clients and their proxies.
        "GET /token", "POST /token", "GET /.well-known/jwks.json", "POST /registry/events",
        "GET /registry/authorize", "GET /registry/authorize/{path}", "POST /registry/authorize/{path}",
        "PUT /registry/authorize/{path}", "PATCH /registry/authorize/{path}", "DELETE /registry/authorize/{path}",
        // For proxies before dashboards.
        "GET /access/authorize", "GET /access/authorize/{path}", "HEAD /access/authorize/{path}",
        "POST /access/authorize/{path}", "PUT /access/authorize/{path}", "PATCH /access/authorize/{path}",
        "DELETE /access/authorize/{path}", "OPTIONS /access/authorize/{path}",
        // A placement of a namespace is one of others.
        "GET /v1/placements/{type}/{id}", "GET /v1/clusters/{cluster}/namespaces/{kubernetes_namespace}",
        "PUT /v1/clusters/{cluster}/namespaces/{kubernetes_namespace}",
        "DELETE /v1/clusters/{cluster}/namespaces/{kubernetes_namespace}",
        // For monitors.
        "GET /healthz", "GET /readyz", "GET /metrics", "GET /openapi.yaml", "GET /openapi.json", "GET /",
        // `whoami` asks for it where there is no token, and `login` for a password.
        "GET /v1/users/me",
        // `sync show` asks for it where a run is too large to have its plan with it.
        "GET /v1/directories/{directory}/sync-runs/{run}/plan",
        // Lists show the same.
        "GET /v1/orgs/{org}/members/{user}", "GET /v1/orgs/{org}/teams/{team}/members/{user}",
    ]

    /// What of an operation no command sends, each with its reason.
    private static let unsent: Set<String> = [
        // Pages are followed by `Link` and by tokens.
        "?cursor", "?limit", "?count", "?n", "?last", "page.token",
        // The path says it.
        "POST /v1/repositories ?namespace",
        // `--add` and `--remove` say what is to be another.
        "PATCH /v1/roles/{role} operations",
    ]

    @Test(arguments: lines)
    func `a command sends what the document takes, and shows what it answers`(_ line: String) async throws {
        let recorder = Recorder()
        let output = try await Self.run(line, with: recorder)
        #expect(!output.isEmpty)
        let requests = recorder.requests
        #expect(!requests.isEmpty)
        for request in requests {
            let operation = try #require(
                APIDocument.shared.operation(request.method, request.path), "\(request.method) \(request.path)")
            let body = request.contentType == "application/json" ? request.body : nil
            #expect(operation.problems(withQuery: request.query, body: body) == [], "\(operation.name)")
        }
    }

    @Test func `the commands send all that the document takes`() async throws {
        var sent: [String: Set<String>] = [:]
        for line in Self.lines {
            let recorder = Recorder()
            _ = try await Self.run(line, with: recorder)
            for request in recorder.requests {
                guard let operation = APIDocument.shared.operation(request.method, request.path) else { continue }
                sent[operation.name, default: []].formUnion(request.parts)
            }
        }
        for operation in APIDocument.shared.operations {
            let name = operation.name
            guard let parts = sent[name] else {
                #expect(Self.withoutCommand.contains(name), "no command asks for \(name)")
                continue
            }
            #expect(!Self.withoutCommand.contains(name), "\(name) has a command")
            let all = operation.queryParameters.map { "?\($0)" } + operation.bodyMembers
            // A file says what is in the settings of a directory.
            guard name != "PUT /v1/directories/{directory}" else { continue }
            for part in all where !Self.unsent.contains(part) && !Self.unsent.contains("\(name) \(part)") {
                #expect(parts.contains(part), "no command sends \(part) to \(name)")
            }
        }
    }

    @Test(arguments: [
        "user create x --dry-run", "user delete x --dry-run", "grant put user:x a/b admin --dry-run --json",
    ])
    func `a dry run that is not answered as one is not called unchanged`(line: String) async throws {
        let recorder = Recorder(ignoresDryRuns: true)
        let failure = await #expect(throws: CommandFailure.self) { try await Self.run(line, with: recorder) }
        #expect(failure?.status == .unreachable && failure?.description.contains("may have done it") == true)
    }

    @Test func `every command is among them`() {
        // What works on the file, or is the service.
        let others: Set<String> = ["serve", "migrate", "init", "health", "login", "logout"]
        let leaves = Self.leaves(of: Portreeve.self).filter { !others.contains($0) }
        for command in leaves {
            let isThere = Self.lines.contains { $0 == command || $0.hasPrefix(command + " ") }
            #expect(isThere, "add a line for \(command)")
        }
        #expect(leaves.count > 80)
    }

    @Test func `the words that commands read are those of the document`() throws {
        let known = Self.names(in: APIDocument.shared.root)
        var count = 0
        for folder in ["Sources/portreeve", "Sources/Wording"].map(Checkout.path) {
            let files = try #require(FileManager.default.enumerator(atPath: folder)?.allObjects as? [String])
            for file in files where file.hasSuffix(".swift") {
                let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
                for match in text.matches(of: /([\w\])]+)\["([a-z_]+)"\]|Column\("[A-Z ]+", "([a-z_]+)"/)
                where match.1 != "headers" {
                    let word = String(match.2 ?? match.3 ?? "")
                    #expect(known.contains(word), "\(file): the document has no member \(word)")
                    count += 1
                }
            }
        }
        #expect(count > 200)
    }

    @Test func `the words that commands take are those of the model`() {
        func words<Words: CaseIterable & RawRepresentable<String>>(_: Words.Type) -> [String] {
            Words.allCases.map(\.rawValue)
        }
        #expect(words(GrantCommands.Put.Level.self) == words(AccessLevel.self))
        #expect(words(RepositoryCommands.Visibility.self) == words(Repository.Visibility.self))
        #expect(words(OrganizationMemberCommands.Add.Role.self) == words(OrganizationMember.Role.self))
        #expect(words(TeamCommands.MemberCommands.Add.Role.self) == words(TeamMember.Role.self))
    }

    private static func run(_ line: String, with recorder: Recorder) async throws -> String {
        let folder = try TemporaryFolder("commands")
        defer { folder.remove() }
        try Data("a good password\n".utf8).write(to: URL(filePath: folder.path("PASSWORD")))
        try Data(#"{"kind":"user","name":"elton"}"#.utf8).write(to: URL(filePath: folder.path("LINES")))
        let example = APIDocument.shared.operation("PUT", "/v1/directories/corp")?.example ?? .null
        try Data(try example.text.utf8).write(to: URL(filePath: folder.path("SETTINGS")))
        let words = line.split(separator: " ").map { word in
            ["PASSWORD", "LINES", "SETTINGS", "NEW"].contains(word) ? folder.path(String(word)) : String(word)
        }
        let command = try #require(try Portreeve.parseAsRoot(words) as? any APICommand, "\(line)")
        let output = Mutex(Data())
        try await Terminal.$output.withValue({ data in output.withLock { $0 += data } }) {
            do {
                try await command.run(with: APIClient(transport: recorder))
            } catch let failure as CommandFailure where failure.description.isEmpty {
                // What a report has told already.
            }
        }
        return String(decoding: output.withLock(\.self), as: UTF8.self)
    }

    /// `team list` and so on.
    private static func leaves(of command: any ParsableCommand.Type) -> [String] {
        let configuration = command.configuration
        let below = configuration.subcommands + configuration.groupedSubcommands.flatMap(\.subcommands)
        return below.flatMap { child in
            let name = child._commandName
            let leaves = leaves(of: child)
            return leaves.isEmpty ? [name] : leaves.map { "\(name) \($0)" }
        }
    }

    /// The names of members of every schema.
    private static func names(in value: TestSupport.JSONValue) -> Set<String> {
        var names: Set<String> = []
        for (name, member) in value.members {
            if name == "properties" { names.formUnion(member.members.keys) }
            names.formUnion(self.names(in: member))
        }
        for element in value.elements { names.formUnion(self.names(in: element)) }
        return names
    }
}

/// Answers every request with a sample of what the document has for it, and keeps the request.
private final class Recorder: APITransport {
    struct Request: Sendable {
        let method: String
        let path: String
        let query: String?
        let contentType: String
        let body: Data?

        /// `?name` of each parameter, and the name of each member of the body.
        var parts: Set<String> {
            let names = (query ?? "").split(separator: "&").map { "?\($0.prefix { $0 != "=" })" }
            let members = body.flatMap { try? TestSupport.JSONValue(parsing: $0) }?.members ?? [:]
            return Set(names).union(members.keys)
        }
    }

    let basePath = ""
    /// As a service does that is older than a dry run, or behind a proxy that drops the query.
    private let ignoresDryRuns: Bool
    private let kept = Mutex<[Request]>([])

    init(ignoresDryRuns: Bool = false) { self.ignoresDryRuns = ignoresDryRuns }

    var requests: [Request] { kept.withLock(\.self) }

    func send(_ request: APIRequest) async throws -> APIResponse {
        let parts = request.path.split(separator: "?", maxSplits: 1).map(String.init)
        let query = parts.count > 1 ? parts[1] : nil
        // Owners that are not organisations are users.
        if request.method == "GET", parts[0] == "/v1/orgs/elton" {
            return APIResponse(status: 404, headers: [:], body: Data())
        }
        kept.withLock {
            $0.append(
                Request(
                    method: request.method, path: parts[0], query: query, contentType: request.contentType,
                    body: request.body))
        }
        guard let operation = APIDocument.shared.operation(request.method, parts[0]) else {
            return APIResponse(status: 404, headers: [:], body: Data())
        }
        let isDryRun = !ignoresDryRuns && query?.contains("dry_run=true") ?? false
        let answer = try operation.sampleAnswer(isDryRun: isDryRun)
        return APIResponse(status: answer.status, headers: ["content-type": answer.type], body: answer.body)
    }

    func close() async {}
}
