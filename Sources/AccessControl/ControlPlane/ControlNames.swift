public import AccessModel
public import StrictJSON

/// To whom a role is given, by name, as people write it.
public enum ControlSubjectName: Hashable, Sendable {
    case user(AccountName)
    case team(organization: AccountName, name: TeamName)
    case organization(AccountName)
    case serviceAccount(owner: AccountName, name: TeamName)
    case everyone

    /// Parses `user:elton`, `team:nerd-dinner/ops`, `org:nerd-dinner`, `service-account:nerd-dinner+ci` or `everyone`.
    public init(_ text: String) throws(NameError) {
        guard text != "everyone" else { self = .everyone; return }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts.count == 2 ? parts[1] : ""
        switch parts[0] {
        case "user": self = .user(try AccountName(name))
        case "org": self = .organization(try AccountName(name))
        case "team":
            let names = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard names.count == 2 else { throw NameError("team", name, "write ORG/TEAM") }
            self = .team(organization: try AccountName(names[0]), name: try TeamName(names[1]))
        case "service-account":
            guard case .serviceAccount(let owner, let name) = try Principal(name) else {
                throw NameError("service account", name, "write OWNER+NAME")
            }
            self = .serviceAccount(owner: owner, name: name)
        default:
            throw NameError(
                "subject", text,
                "write user:NAME, team:ORG/TEAM, org:NAME, service-account:OWNER+NAME or everyone")
        }
    }
}

extension ControlSubjectName: CustomStringConvertible {
    public var description: String {
        switch self {
        case .user(let name): "user \(name)"
        case .team(let organization, let name): "team \(organization)/\(name)"
        case .organization(let name): "organisation \(name)"
        case .serviceAccount(let owner, let name): "service account \(owner)+\(name)"
        case .everyone: "everyone"
        }
    }

    /// What `init` parses.
    public var text: String {
        switch self {
        case .user(let name): "user:\(name)"
        case .team(let organization, let name): "team:\(organization)/\(name)"
        case .organization(let name): "org:\(name)"
        case .serviceAccount(let owner, let name): "service-account:\(owner)+\(name)"
        case .everyone: "everyone"
        }
    }
}

extension ControlSubjectName: JSONConvertible {
    public init(json: JSONValue) throws(JSONError) {
        var subject = try JSONMembers(json)
        switch try subject.required(String.self, "type") {
        case "user": self = .user(try subject.required(AccountName.self, "name"))
        case "org": self = .organization(try subject.required(AccountName.self, "name"))
        case "team":
            self = .team(
                organization: try subject.required(AccountName.self, "org"),
                name: try subject.required(TeamName.self, "name"))
        case "service-account":
            self = .serviceAccount(
                owner: try subject.required(AccountName.self, "owner"),
                name: try subject.required(TeamName.self, "name"))
        case "everyone": self = .everyone
        case let type: throw JSONError("use user, team, org, service-account or everyone", at: "type", value: type)
        }
        try subject.refuseUnknown()
    }

    public var json: JSONValue {
        switch self {
        case .user(let name): ["type": "user", "name": name.json]
        case .team(let organization, let name): ["type": "team", "org": organization.json, "name": name.json]
        case .organization(let name): ["type": "org", "name": name.json]
        case .serviceAccount(let owner, let name):
            ["type": "service-account", "owner": owner.json, "name": name.json]
        case .everyone: ["type": "everyone"]
        }
    }
}

extension RoleName: JSONConvertible {
    public init(json: JSONValue) throws(JSONError) {
        let text = try String(json: json)
        do { try self.init(text) } catch { throw JSONError(error.description) }
    }

    public var json: JSONValue { .string(rawValue) }
}

extension CollectionPath: JSONConvertible {
    public init(json: JSONValue) throws(JSONError) {
        let text = try String(json: json)
        do { try self.init(text) } catch { throw JSONError(error.description) }
    }

    public var json: JSONValue { .string(description) }
}

extension SiteName: JSONConvertible {
    public init(json: JSONValue) throws(JSONError) {
        let text = try String(json: json)
        do { try self.init(text) } catch { throw JSONError(error.description) }
    }

    public var json: JSONValue { .string(rawValue) }
}

extension AccessError {
    /// An operation as somebody wrote it.
    public static func operation(_ text: String, isPattern: Bool) throws(AccessError) -> ControlOperation {
        do throws(NameError) {
            return isPattern ? try ControlOperation(pattern: text) : try ControlOperation(text)
        } catch {
            throw .unusable(
                code: .unknownOperation, field: "operation", value: error.value, reason: error.reason)
        }
    }

    /// A collection's path as somebody wrote it.
    public static func collectionPath(
        _ text: String, field: String = "collection"
    ) throws(AccessError) -> CollectionPath {
        do throws(NameError) { return try CollectionPath(text) } catch {
            throw .unusable(code: .invalidCollection, field: field, value: error.value, reason: error.reason)
        }
    }
}

// MARK: What names stand for

extension LookupContext {
    func role(_ name: RoleName) throws(AccessError) -> Stored<Role> {
        guard let id = graph.roleID(named: name), let role = try rows.role(id) else {
            throw .notFound(kind: "role", name: name.rawValue)
        }
        return role
    }

    /// Refuses a collection that is not there, or that the caller may not know of.
    func requireVisible(_ path: CollectionPath) throws(AccessError) {
        guard graph.isVisible(path, to: caller.actor, at: now), graph.hasCollection(at: path) else {
            throw .notFound(kind: "collection", name: path.description)
        }
    }

    func allows(_ operation: EngineOperation, in path: CollectionPath) -> Bool {
        graph.allows(caller.actor, operation, in: path, at: now)
    }

    /// - Parameter doing: as in "you may not make collections below /prod".
    func require(
        _ operation: EngineOperation, in path: CollectionPath, to doing: String
    ) throws(AccessError) {
        try requireVisible(path)
        guard allows(operation, in: path) else {
            throw .forbidden("you may not \(doing): that needs \(operation) there")
        }
    }

    func controlSubject(_ name: ControlSubjectName) throws(AccessError) -> ControlSubject {
        switch name {
        case .everyone: return .everyone
        case .organization(let name): return .organization(try organization(name).value.id)
        case .user(let name): return .user(try userID(name))
        case .team(let organization, let name):
            return .team(try team(name, in: try self.organization(organization).value).value.id)
        case .serviceAccount(let owner, let name):
            guard let id = graph.identity(ofServiceAccount: .serviceAccount(owner: owner, name: name)) else {
                throw .notFound(kind: "service account", name: "\(owner)+\(name)")
            }
            return .serviceAccount(id)
        }
    }

    func name(of subject: ControlSubject) throws(AccessError) -> ControlSubjectName? {
        switch subject {
        case .everyone: return .everyone
        case .organization(let id): return graph.name(ofAccount: id).map { .organization($0) }
        case .user(let id): return graph.name(ofAccount: id).map { .user($0) }
        case .team(let id):
            guard case .team(let organization, let name)? = try name(of: GrantSubject.team(id)) else { return nil }
            return .team(organization: organization, name: name)
        case .serviceAccount(let id):
            guard case .serviceAccount(let owner, let name)? = graph.principal(of: .serviceAccount(id)) else {
                return nil
            }
            return .serviceAccount(owner: owner, name: name)
        }
    }

    /// Refuses to give or take a role that the caller does not have for as long in a collection.
    func requireOwn(
        _ role: Role, in path: CollectionPath, until end: Timestamp?
    ) throws(AccessError) {
        try refuse(
            graph.missing(ofRole: role.id, for: caller.actor, in: path, until: end, at: now),
            "give or take \(role.name) on \(path)")
    }

    func refuse(_ missing: [ControlOperation], _ doing: String) throws(AccessError) {
        guard !missing.isEmpty else { return }
        let shown = missing.prefix(10).map(\.description).joined(separator: ", ")
        let more = missing.count > 10 ? " and \(missing.count - 10) more" : ""
        throw .beyondOwnRights(
            "you may not \(doing): you have not, or not for as long, \(shown)\(more)", missing: missing)
    }
}
