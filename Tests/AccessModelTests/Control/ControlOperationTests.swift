import ReferenceModel
import Testing

@testable import AccessModel

@Suite struct ControlOperationTests {
    @Test(arguments: [
        "container.create", "container.exec", "collection.grant", "image.run", "get pods", "get pods/log",
        "patch deployments.apps", "patch deployments.apps/scale", "impersonate:user-info users",
        "get pods.metrics.k8s.io", "get url:/healthz", "x-nomad-job.run", "x-record.can_read", "x-a.b.c",
    ])
    func `what is asked for is written as it is read`(_ text: String) throws {
        #expect(try ControlOperation(text).description == text)
        #expect(try ControlOperation(pattern: text).description == text)
    }

    @Test(arguments: [
        "* *", "* pods", "get *", "get *.apps", "update *.apps/scale", "update */scale", "get url:*", "get url:/api/*",
        "* url:/x",
    ])
    func `a wildcard is of a role, and of no question`(_ text: String) throws {
        let pattern = try ControlOperation(pattern: text)
        #expect(pattern.isPattern && pattern.description == text)
        let error = #expect(throws: NameError.self) { try ControlOperation(text) }
        #expect(error?.reason.contains("no wildcards") == true)
    }

    @Test(arguments: [
        ("container.exce", "is container.exec meant?"), ("exec", "write TYPE.VERB"), ("", "write TYPE.VERB"),
        ("get", "write TYPE.VERB"), ("get pods/*", "no wildcard"), ("get */*", "no wildcard"), ("get Pods", "resource"),
        ("GET pods", "verb"), ("get pods.", "too soon"), ("get pods/", "too soon"), ("get deployments.apps.", "group"),
        ("get deployments..apps", "group"),
        ("get pods/log/", "subresource"), ("get po*ds", "resource"),
        ("get url:x", "begins with '/'"), ("get url:/a*b", "at its end"), ("get url:/a b", "begins"),
        ("get  pods", "resource"), ("x-", "write x-TYPE.VERB"), ("x-job", "write x-TYPE.VERB"),
        ("x-.run", "a type has"),
        ("x-job.", "a type has"), ("x-jöb.run", "a type has"),
    ])
    func `what is no operation is refused with what to write`(_ text: String, _ words: String) {
        let error = #expect(throws: NameError.self) { try ControlOperation(pattern: text) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ("get deployments", "get deployments.apps"), ("get pod", "get pods"), ("get pod/log", "get pods/log"),
        ("patch deployment", "patch deployments.apps"), ("get widgets", ""), ("get pods", nil), ("get *", nil),
        ("get deployments.apps", nil), ("get widgets.example.com", nil), ("impersonate users", nil),
        ("get url:/healthz", nil), ("* */scale", nil),
    ])
    func `what the core group does not have is a slip`(_ text: String, _ meant: String?) throws {
        guard case .kubernetes(let operation) = try ControlOperation(pattern: text) else {
            Issue.record("\(text)")
            return
        }
        #expect(operation.slip == meant)
    }

    @Test func `built-in roles have no slips`() {
        for role in Role.builtIn {
            for case .kubernetes(let operation) in role.operations { #expect(operation.slip == nil, "\(operation)") }
        }
    }

    @Test func `the engine's operations are each their own`() {
        let all = EngineOperation.all
        #expect(all.count == 104 && Set(all.map(\.name)).count == all.count)
        for operation in all {
            #expect(EngineOperation(operation.name) == operation && !operation.summary.isEmpty)
            #expect(operation.name == "\(operation.type).\(operation.verb)")
        }
        #expect(EngineOperation("container.nothing") == nil)
    }

    /// A set that was made for speed, and the rules of RBAC written out.
    @Test func `a role has what its operations cover, and nothing else`() throws {
        var random = SplitMix64(seed: 20_261_201)
        var found = (yes: 0, no: 0)
        for _ in 0..<400 {
            var words = OperationWords()
            let operations = try (0..<random.below(12)).map { _ in try Self.pattern(&random) }
            let set = OperationSet(operations, &words)
            // Another role has taught the words something.
            _ = OperationSet([try Self.pattern(&random), try Self.pattern(&random)], &words)
            for _ in 0..<50 {
                let asked = try Self.question(&random)
                let expected = operations.contains { $0.covers(asked) }
                #expect(set.contains(OperationQuestion(asked, words)) == expected, "\(operations) \(asked)")
                if expected { found.yes += 1 } else { found.no += 1 }
            }
        }
        #expect(found.yes > 1_000 && found.no > 1_000)
    }

    /// The table keeps up with each edit.
    @Test func `the roles that have an operation are those whose operations cover it`() throws {
        var random = SplitMix64(seed: 20_261_202)
        var (table, roles): (RoleTable, [Int32: Role]) = (RoleTable(), [:])
        var found = (yes: 0, no: 0)
        for number in 0..<600 {
            let operations = try (0..<random.below(8)).map { _ in try Self.pattern(&random) }
            if let index = random.pick(roles.keys.sorted()), random.chance(percent: 60) {
                var role = random.chance(percent: 80) ? roles[index] : nil
                // Some of it stays, in another place; some is there twice.
                let kept = (role?.operations ?? []).shuffled(using: &random).prefix(6)
                role?.operations = kept + operations
                if let role { table.replace(index, with: role) } else { table.remove(index) }
                roles[index] = role
            } else {
                let name = "role-\(number)"
                let role = Role(id: RoleID(rawValue: name), name: try RoleName(name), operations: operations)
                table.append(role)
                roles[try #require(table.find(role.id))] = role
            }
            for _ in 0..<20 {
                let asked = try Self.question(&random)
                let having = table.having(asked)
                for index in table.nodes.indices {
                    let expected = roles[index]?.operations.contains { $0.covers(asked) } ?? false
                    #expect(having.contains(index) == expected, "\(asked)")
                    if expected { found.yes += 1 } else { found.no += 1 }
                }
            }
        }
        #expect(found.yes > 1_000 && found.no > 1_000)
        #expect(table.nodes.count > 128, "more than a word of bits")
    }

    private static let verbs = ["get", "list", "patch", "approve", "impersonate:user-info", "drain"]
    private static let resources = ["pods", "deployments", "nodes", "scale"]
    private static let groups = ["", "", "apps", "metrics.k8s.io"]
    private static let subresources = ["", "", "log", "scale"]
    private static let paths = ["/healthz", "/api", "/api/v1", "/apis/x"]

    private static func question(_ random: inout SplitMix64) throws -> ControlOperation {
        switch random.below(10) {
        case 0: return .engine(random.pick(EngineOperation.all) ?? EngineOperation.all[0])
        case 1: return try ControlOperation("x-\(random.pick(["job", "pods"]) ?? "").\(random.pick(verbs) ?? "")")
        case 2: return try ControlOperation("\(random.pick(verbs) ?? "") url:\(random.pick(paths) ?? "")")
        default:
            let (group, subresource) = (random.pick(groups) ?? "", random.pick(subresources) ?? "")
            return .kubernetes(
                try KubernetesOperation(
                    verb: random.pick(verbs) ?? "",
                    target: .resource(random.pick(resources) ?? "", group: group, subresource: subresource)))
        }
    }

    private static func pattern(_ random: inout SplitMix64) throws -> ControlOperation {
        guard case .kubernetes(let operation) = try question(&random) else { return try question(&random) }
        let verb = random.chance(percent: 20) ? "*" : operation.verb
        switch operation.target {
        case .path(let path):
            let cut = random.chance(percent: 40) ? path.prefix(random.below(path.count)) + "*" : path[...]
            return try ControlOperation(pattern: "\(verb) url:\(cut.isEmpty ? "*" : cut)")
        case .resource(let resource, let group, let subresource):
            let name = random.chance(percent: 40) ? "*" : resource
            return .kubernetes(
                try KubernetesOperation(pattern: verb, .resource(name, group: group, subresource: subresource)))
        }
    }
}
