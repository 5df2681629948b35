import StrictJSON

/// What a Kubernetes API server asks about: a verb on a resource, or on a path that is no resource. In kubectl's notation:
/// `get pods`, `patch deployments.apps/scale`, `get url:/healthz`.
///
/// In a role it may have the wildcards of RBAC, and no others: the verb `*`; the resources `*`, `*.GROUP`, `*/SUBRESOURCE` and
/// `*.GROUP/SUBRESOURCE`; a path that ends in `*`.
public struct KubernetesOperation: Hashable, Sendable {
    public enum Target: Hashable, Sendable {
        /// - group: empty for the core group.
        /// - subresource: empty for the resource itself.
        case resource(String, group: String, subresource: String)
        case path(String)
    }

    public let verb: String
    public let target: Target

    /// - Throws: where a part is empty or has a character that it cannot have, wildcards among them.
    public init(verb: String, target: Target) throws(NameError) {
        try self.init(pattern: verb, target)
        guard !isPattern else { throw Self.error(description, "a question has no wildcards") }
    }

    /// One of a role.
    init(pattern verb: String, _ target: Target) throws(NameError) {
        (self.verb, self.target) = (verb, target)
        guard verb == "*" || Self.isWord(verb, and: [UInt8(ascii: ":")]) else {
            throw Self.error(description, "the verb has lower-case letters, digits, '-' and ':'")
        }
        switch target {
        case .path(let path):
            let isPath = path == "*" || path.hasPrefix("/")
            guard isPath, path.utf8.count <= 1_000, !path.dropLast().contains("*"),
                path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else { throw Self.error(description, "a path begins with '/', and has '*' at its end only") }
        case .resource(let resource, let group, let subresource):
            guard resource == "*" || Self.isWord(resource) else {
                throw Self.error(description, "the resource has lower-case letters, digits and '-'")
            }
            guard group.isEmpty || group.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(Self.isWord)
            else { throw Self.error(description, "the group has lower-case letters, digits and '-', parted by '.'") }
            let parts = subresource.split(separator: "/", omittingEmptySubsequences: false)
            guard subresource.isEmpty || parts.allSatisfy(Self.isWord) else {
                throw Self.error(
                    description, "the subresource has lower-case letters, digits and '-', and is no wildcard")
            }
        }
    }

    /// Parses `VERB RESOURCE[.GROUP][/SUBRESOURCE]` or `VERB url:/PATH`.
    init(pattern text: some StringProtocol) throws(NameError) {
        let text = String(text)
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw Self.error(text, "write VERB RESOURCE, as in get pods") }
        let what = parts[1]
        if what.hasPrefix("url:") {
            try self.init(pattern: parts[0], .path(String(what.dropFirst(4))))
            return
        }
        let slash = what.firstIndex(of: "/")
        let name = what[..<(slash ?? what.endIndex)]
        let dot = name.firstIndex(of: ".")
        let group = dot.map { String(name[name.index(after: $0)...]) } ?? ""
        let subresource = slash.map { String(what[what.index(after: $0)...]) } ?? ""
        // Empty is what is not there; written and empty is a slip.
        guard dot == nil || !group.isEmpty, slash == nil || !subresource.isEmpty else {
            throw Self.error(text, "it ends too soon")
        }
        try self.init(
            pattern: parts[0],
            .resource(String(name[..<(dot ?? name.endIndex)]), group: group, subresource: subresource))
    }

    var isPattern: Bool {
        switch target {
        case .resource(let resource, _, _): verb == "*" || resource == "*"
        case .path(let path): verb == "*" || path.hasSuffix("*")
        }
    }

    private static func isWord(_ text: some StringProtocol) -> Bool { isWord(text, and: []) }

    private static func isWord(_ text: some StringProtocol, and others: [UInt8]) -> Bool {
        !text.isEmpty && text.utf8.count <= 253
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: others.contains(byte)
                }
            }
    }

    private static func error(_ text: String, _ reason: String) -> NameError { NameError("operation", text, reason) }
}

extension KubernetesOperation {
    /// The core group, which only Kubernetes itself adds to, and what is impersonated (v1.35).
    private static let coreResources: Set<String> = [
        "bindings", "componentstatuses", "configmaps", "endpoints", "events", "limitranges", "namespaces", "nodes",
        "persistentvolumeclaims", "persistentvolumes", "pods", "podtemplates", "replicationcontrollers",
        "resourcequotas", "secrets", "serviceaccounts", "services", "users", "groups",
    ]

    /// The group of what is often written without it, as kubectl takes it.
    private static let groups = [
        "clusterrolebindings": "rbac.authorization.k8s.io", "clusterroles": "rbac.authorization.k8s.io",
        "cronjobs": "batch", "customresourcedefinitions": "apiextensions.k8s.io", "daemonsets": "apps",
        "deployments": "apps", "horizontalpodautoscalers": "autoscaling", "ingresses": "networking.k8s.io",
        "jobs": "batch", "leases": "coordination.k8s.io", "networkpolicies": "networking.k8s.io",
        "poddisruptionbudgets": "policy", "replicasets": "apps", "rolebindings": "rbac.authorization.k8s.io",
        "roles": "rbac.authorization.k8s.io", "statefulsets": "apps", "storageclasses": "storage.k8s.io",
    ]

    /// For a resource that the core group does not have: the operation that may have been meant, or an empty text. nil for one
    /// that may exist.
    package var slip: String? {
        guard case .resource(let resource, let group, let subresource) = target, group.isEmpty, resource != "*",
            !Self.coreResources.contains(resource)
        else { return nil }
        let words = Self.coreResources.union(Self.groups.keys)
        let near = words.contains(resource) ? resource : words.sorted().nearest(to: resource)
        guard let near else { return "" }
        let other = try? KubernetesOperation(
            pattern: verb, .resource(near, group: Self.groups[near] ?? "", subresource: subresource))
        return other?.description ?? ""
    }
}

extension KubernetesOperation: CustomStringConvertible {
    public var description: String {
        switch target {
        case .resource(let resource, let group, let subresource):
            "\(verb) \(resource)\(group.isEmpty ? "" : ".\(group)")\(subresource.isEmpty ? "" : "/\(subresource)")"
        case .path(let path): "\(verb) url:\(path)"
        }
    }
}
