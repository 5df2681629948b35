public import AccessModel
import StrictJSON

/// What a question names and is not there, neither then nor now: to whoever may know that, as the answer would read as a
/// clean bill.
public struct MissingName: Hashable, Sendable {
    /// What a question has it for: `user`, `service-account`, `team`, `repository`, `action`, or a type that there is not.
    public let type: String
    public let id: String
    /// The name that may have been meant.
    public let nearest: String?

    init(type: String, id: String, nearest: String? = nil) {
        (self.type, self.id, self.nearest) = (type, id, nearest)
    }

    /// nil for an action that there is.
    public static func action(_ name: String) -> MissingName? {
        guard Action(rawValue: name) == nil else { return nil }
        let nearest = Action.allCases.map(\.rawValue).nearest(to: name.lowercasedASCII)
        return MissingName(type: "action", id: name, nearest: nearest)
    }
}

extension MissingName {
    /// nil for an operation of the control plane that there is.
    /// - Parameter parse: nil for what is none.
    public static func operation(_ name: String, of parse: (String) -> [ControlOperation]?) -> MissingName? {
        guard parse(name) == nil else { return nil }
        let nearest = EngineOperation.all.map(\.name).nearest(to: name.lowercasedASCII)
        return MissingName(type: "action", id: name, nearest: nearest)
    }
}

extension Decisions {
    /// The subject of a question, if it is not there and `caller` may know that.
    /// - Parameter suggests: whether to look for the name that was meant, which takes a while.
    public func missing(
        subject type: String, _ id: String, suggests: Bool = true, in world: WorldView, as caller: Caller
    ) -> MissingName? {
        world.missing(for: caller) { graph, mayKnow in graph.missing(subject: type, id, suggests, mayKnow) }
    }

    /// The resource of a question, if it is not there and `caller` may know that.
    public func missing(
        resource type: String, _ id: String, suggests: Bool = true, in world: WorldView, as caller: Caller
    ) -> MissingName? {
        world.missing(for: caller) { graph, mayKnow in graph.missing(resource: type, id, suggests, mayKnow) }
    }
}

extension WorldView {
    /// What is missing today, and was then, for whoever may ask everything: for others the past is no matter, as it would tell
    /// the names of accounts that are gone.
    fileprivate func missing(
        for caller: Caller, in find: (AccessGraph, (ManagementRight) -> Bool) -> MissingName?
    ) -> MissingName? {
        func mayKnow(_ right: ManagementRight) -> Bool { present.allows(caller.actor, right, at: now) }
        guard let name = find(present, mayKnow) else { return nil }
        guard graph.revision != present.revision, mayKnow(.askAnyDecision) else { return name }
        return find(graph, mayKnow) == nil ? nil : name
    }
}

extension AccessGraph {
    fileprivate func missing(
        subject type: String, _ id: String, _ suggests: Bool, _ mayKnow: (ManagementRight) -> Bool
    ) -> MissingName? {
        guard mayKnow(.readNames) else { return nil }
        switch type {
        case "anonymous": return nil
        case "user":
            if let name = try? AccountName(id.lowercasedASCII), userID(named: name) != nil { return nil }
            return MissingName(type: type, id: id, nearest: suggests ? nearestAccount(to: id, .user) : nil)
        case "service-account":
            let parts = id.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, let owner = try? AccountName(parts[0]), let account = accountID(named: owner)
            else { return MissingName(type: type, id: id, nearest: suggests ? nearestAccount(to: parts[0]) : nil) }
            guard mayKnow(.askAnyDecision) || mayKnow(.manageOrganization(account)) else { return nil }
            if let principal = try? Principal(id), identity(ofServiceAccount: principal) != nil { return nil }
            return MissingName(type: type, id: id)
        case "team":
            let parts = id.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, let organization = try? AccountName(parts[0]),
                let account = accountID(named: organization)
            else {
                return MissingName(
                    type: type, id: id, nearest: suggests ? nearestAccount(to: parts[0], .organization) : nil)
            }
            guard mayKnow(.askAnyDecision) || mayKnow(.readOrganization(account)) else { return nil }
            if let team = try? TeamName(parts[1]), teamID(named: team, in: account) != nil { return nil }
            let nearest = !suggests ? nil : nearestTeam(to: parts[1], of: organization).map { "\(organization)/\($0)" }
            return MissingName(type: type, id: id, nearest: nearest)
        default: return MissingName(type: type, id: id)
        }
    }

    fileprivate func missing(
        resource type: String, _ id: String, _ suggests: Bool, _ mayKnow: (ManagementRight) -> Bool
    ) -> MissingName? {
        guard mayKnow(.readNames) else { return nil }
        guard type == "repository" else {
            return mayKnow(.askAnyDecision) ? missing(controlResource: type, id, suggests) : nil
        }
        guard let path = try? RepositoryPath(id) else { return MissingName(type: type, id: id) }
        guard let namespace = accountID(named: path.namespace) else {
            return MissingName(
                type: type, id: id, nearest: suggests ? nearestAccount(to: path.namespace.rawValue) : nil)
        }
        guard mayKnow(.askAnyDecision) || mayKnow(.manageNamespace(namespace)), repositoryID(at: path) == nil
        else { return nil }
        return MissingName(type: type, id: id, nearest: suggests ? nearestRepository(to: path) : nil)
    }
}

extension AccessGraph {
    /// A collection, or the name of a cluster or an engine.
    fileprivate func missing(controlResource type: String, _ id: String, _ suggests: Bool) -> MissingName? {
        if type == ControlResource.collectionType {
            guard let path = try? CollectionPath(id) else { return MissingName(type: type, id: id) }
            guard !hasCollection(at: path) else { return nil }
            return MissingName(
                type: type, id: id, nearest: suggests ? nearestCollection(to: path)?.description : nil)
        }
        let form: Site.Form? =
            type == "kubernetes"
            ? .cluster : PlacedResourceName.engineTypes.contains(type) && type != "image" ? .engine : nil
        guard let form else { return nil }
        let name = id.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
        if let site = try? SiteName(name), siteID(form, site) != nil { return nil }
        let nearest = suggests ? siteNames(form).map(\.rawValue).nearest(to: name) : nil
        return MissingName(type: form.rawValue, id: name, nearest: nearest)
    }
}

extension RepositoryPattern {
    /// For what is not there, and for what is not for the caller.
    var notFound: AccessError { .notFound(kind: "repository", name: description) }
}

extension AccessGraph {
    /// Whether what a pattern names is there: its repository, or one that a push makes; its namespace.
    func knows(_ pattern: RepositoryPattern, at now: Timestamp) -> Bool {
        if let path = pattern.path { return repositoryID(at: path) != nil || !whoMay(.push, path, at: now).isEmpty }
        return pattern.namespace.map { accountID(named: $0) != nil } ?? true
    }

    /// Whether `actor` may ask who has access to what a pattern names, or to some of it.
    func mayAskWho(_ actor: Actor, on pattern: RepositoryPattern, at now: Timestamp) -> Bool {
        if let path = pattern.path { return mayAskWho(actor, on: path, at: now) }
        guard let namespace = pattern.namespace, !allows(actor, .askAnyDecision, at: now) else { return true }
        guard let id = accountID(named: namespace) else { return false }
        return allows(actor, .manageNamespace(id), at: now)
            || paths(matching: pattern).contains { mayAskWho(actor, on: $0, at: now) }
    }
}
