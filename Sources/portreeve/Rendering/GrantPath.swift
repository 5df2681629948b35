/// Where the API keeps grants: below their target, by kind of subject. Teams and service accounts
/// go by their short names there, as they are the target's own.
enum GrantPath {
    static func list(_ target: GrantTarget) -> String {
        target.repository.map { APIPath.make("v1", "repositories", target.namespace, $0, "grants") }
            ?? APIPath.make("v1", "namespaces", target.namespace, "grants")
    }

    static func list(of subject: GrantSubject, _ api: APIClient) async throws -> String {
        switch subject {
        case .user(let name): APIPath.make("v1", "users", name, "grants")
        case .team(let organization, let name): APIPath.make("v1", "orgs", organization, "teams", name, "grants")
        case .serviceAccount(let owner, let name):
            try await ServiceAccountPath.of(owner == "-" ? name : "\(owner)+\(name)", api, ["grants"])
        }
    }

    static func one(
        _ subject: GrantSubject, _ target: GrantTarget, query: [(String, String?)] = []
    ) throws(CommandFailure) -> String {
        let (kind, name) = try component(subject, target)
        if let repository = target.repository {
            return APIPath.make("v1", "repositories", target.namespace, repository, "grants", kind, name, query: query)
        }
        return APIPath.make("v1", "namespaces", target.namespace, "grants", kind, name, query: query)
    }

    private static func component(
        _ subject: GrantSubject, _ target: GrantTarget
    ) throws(CommandFailure) -> (String, String) {
        let (namespace, owner): (String, String)
        let component: (String, String)
        switch subject {
        case .user(let name):
            guard target.repository != nil else {
                throw .input("a user can be granted single repositories, not a whole namespace: use a team")
            }
            return ("users", name)
        case .team(let organization, let name):
            (namespace, owner, component) = (target.namespace, organization, ("teams", name))
        case .serviceAccount(let account, let name):
            (namespace, owner, component) = (target.namespace, account, ("service-accounts", name))
        }
        // Of an identity only the service knows whose it is.
        guard namespace == owner || [namespace, owner].contains(where: { $0 == "-" || $0.hasPrefix("id:") }) else {
            throw .input(
                "what is \(namespace)'s can be granted to teams and service accounts of \(namespace), not of \(owner)")
        }
        return component
    }
}
