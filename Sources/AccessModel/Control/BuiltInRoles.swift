/// The roles that every installation has. They are facts like the others, so that the past knows what they were.
extension Role {
    public static let nothing = builtIn("none", "None", "Nothing", [])
    public static let viewOnly = builtIn("view-only", "View Only", "Sees everything but contents of secrets", ofViewing)
    public static let restrictedControl = builtIn(
        "restricted-control", "Restricted Control",
        "Runs and changes things, without what reaches beyond the collection", ofRestrictedControl)
    public static let scheduler = builtIn(
        "scheduler", "Scheduler", "Has containers run on nodes",
        engine(["node.view", "node.schedule"]) + kubernetes(["get", "list", "watch"], ["nodes"]))
    public static let fullControl = builtIn(
        "full-control", "Full Control", "Everything but managing collections and image policies",
        EngineOperation.all.filter { ($0.type != "collection" || $0.verb == "view") && $0.name != "image.policy" }
            .map(ControlOperation.engine)
            + kubernetes(["*"], ["*"]))

    public static let builtIn: [Role] = [nothing, viewOnly, restrictedControl, scheduler, fullControl]

    private static let viewed = [
        "pods", "pods/log", "pods/status", "services", "services/status", "endpoints", "configmaps",
        "persistentvolumeclaims", "persistentvolumeclaims/status", "replicationcontrollers",
        "replicationcontrollers/status", "replicationcontrollers/scale", "serviceaccounts", "events", "limitranges",
        "resourcequotas", "resourcequotas/status", "namespaces", "*.apps", "*.batch", "*.autoscaling",
        "*.networking.k8s.io", "*.policy", "*.discovery.k8s.io", "*.events.k8s.io", "pods.metrics.k8s.io",
    ]

    /// Those of View Only that are somebody else's to change.
    private static let onlyViewed: Set<String> = [
        "serviceaccounts", "events", "limitranges", "resourcequotas", "resourcequotas/status", "namespaces",
    ]

    private static let ofViewing =
        EngineOperation.all.filter { $0.verb == "view" }.map(ControlOperation.engine)
        + engine(["container.logs", "container.stats", "service.logs"]) + kubernetes(["get", "list", "watch"], viewed)

    private static let ofRestrictedControl =
        ofViewing
        + EngineOperation.all.filter { !$0.isDangerous && $0.name != "node.schedule" }.map(ControlOperation.engine)
        + kubernetes(
            ["create", "update", "patch", "delete", "deletecollection"], viewed.filter { !onlyViewed.contains($0) })
        + kubernetes(["create"], ["pods/eviction"])
        // Not get, list and watch, and not update and patch either, whose answers have the contents.
        + kubernetes(["create", "delete"], ["secrets"])

    private static func builtIn(
        _ id: String, _ name: String, _ description: String, _ operations: [ControlOperation]
    ) -> Role {
        Role(
            id: RoleID(rawValue: id), name: RoleName(trusted: name), description: description, operations: operations,
            isBuiltIn: true)
    }

    private static func engine(_ names: [String]) -> [ControlOperation] {
        names.compactMap(EngineOperation.init).map(ControlOperation.engine)
    }

    private static func kubernetes(_ verbs: [String], _ resources: [String]) -> [ControlOperation] {
        verbs.flatMap { verb in resources.compactMap { try? ControlOperation(pattern: "\(verb) \($0)") } }
    }
}
