import Testing

@testable import AccessModel

@Suite struct BuiltInRoleTests {
    private func has(_ role: Role, _ text: String) throws -> Bool {
        var words = OperationWords()
        let set = OperationSet(role.operations, &words)
        return set.contains(OperationQuestion(try ControlOperation(text), words))
    }

    /// None, View Only, Restricted Control, Scheduler, Full Control.
    @Test(arguments: [
        ("container.view", "-xx-x"), ("container.logs", "-xx-x"), ("container.create", "--x-x"),
        ("container.exec", "----x"), ("container.privileged", "----x"), ("container.host-mount", "----x"),
        ("node.view", "-xxxx"), ("node.schedule", "---xx"), ("node.update", "----x"), ("volume.host-bind", "----x"),
        ("secret.use", "--x-x"), ("image.run", "--x-x"), ("image.policy", "-----"), ("collection.view", "-xx-x"),
        ("collection.grant", "-----"), ("system.unlisted", "----x"), ("get pods", "-xx-x"), ("get pods/log", "-xx-x"),
        ("create pods", "--x-x"), ("create pods/exec", "----x"), ("create pods/eviction", "--x-x"),
        ("get secrets", "----x"), ("create secrets", "--x-x"), ("patch secrets", "----x"), ("delete secrets", "--x-x"),
        ("list deployments.apps", "-xx-x"), ("patch deployments.apps/scale", "--x-x"),
        ("create serviceaccounts/token", "----x"), ("update serviceaccounts", "----x"), ("get nodes", "---xx"),
        ("create namespaces", "----x"), ("impersonate users", "----x"),
        ("bind clusterroles.rbac.authorization.k8s.io", "----x"),
        ("get pods.metrics.k8s.io", "-xx-x"), ("get url:/metrics", "-----"), ("x-job.run", "-----"),
    ])
    func `a built-in role has exactly what its page says`(_ operation: String, _ marks: String) throws {
        let found = try Role.builtIn.map { try has($0, operation) ? "x" : "-" }.joined()
        #expect(found == marks, "\(operation)")
    }

    @Test func `the sizes of the built-in roles are those of their lists`() {
        // One that cannot be read would be left out unseen.
        #expect(Role.builtIn.map(\.operations.count) == Self.sizes)
        #expect(Set(Role.builtIn.map(\.id)).count == 5 && Role.builtIn.allSatisfy(\.isBuiltIn))
    }

    /// 14 to view, 3 to read, and 3 verbs of 26 resources; 69 harmless ones but for node.schedule, 5 verbs more of 20
    /// resources, and 3; 2 and 3 verbs; 104 but for 7, and everything of Kubernetes.
    private static let sizes = [0, 17 + 78, 68 + 78 + 100 + 3, 5, 98 + 1]
}
