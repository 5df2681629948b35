import AccessModel
public import StrictJSON

extension DefaultGrantView: JSONConvertible {
    public init(json: JSONValue) throws(JSONError) {
        var grant = try JSONMembers(json)
        self.init(
            subject: try grant.required(SubjectName.self, "subject"),
            level: try grant.required(AccessLevel.self, "level"))
        try grant.refuseUnknown()
    }

    public var json: JSONValue { ["subject": subject.json, "level": level.json] }
}

extension SubjectName: JSONConvertible {
    public init(json: JSONValue) throws(JSONError) {
        var subject = try JSONMembers(json)
        switch try subject.required(String.self, "type") {
        case "team":
            self = .team(
                organization: try subject.required(AccountName.self, "org"),
                name: try subject.required(TeamName.self, "name"))
        case "user":
            self = .user(try subject.required(AccountName.self, "name"))
        case "service-account":
            self = .serviceAccount(
                owner: try subject.required(AccountName.self, "owner"),
                name: try subject.required(TeamName.self, "name"))
        case let type:
            throw JSONError("use team, user or service-account", at: "type", value: type)
        }
        try subject.refuseUnknown()
    }

    public var json: JSONValue {
        switch self {
        case .team(let organization, let name): ["type": "team", "org": organization.json, "name": name.json]
        case .user(let name): ["type": "user", "name": name.json]
        case .serviceAccount(let owner, let name):
            ["type": "service-account", "owner": owner.json, "name": name.json]
        }
    }
}

extension TargetName: JSONConvertible {
    public init(json: JSONValue) throws(JSONError) {
        var target = try JSONMembers(json)
        switch try target.required(String.self, "type") {
        case "repository":
            self = .repository(
                try RepositoryPath(&target))
        case "namespace":
            self = .namespace(try target.required(AccountName.self, "name"))
        case let type:
            throw JSONError("use repository or namespace", at: "type", value: type)
        }
        try target.refuseUnknown()
    }

    public var json: JSONValue {
        switch self {
        case .repository(let path):
            ["type": "repository", "namespace": path.namespace.json, "name": path.name.json]
        case .namespace(let name): ["type": "namespace", "name": name.json]
        }
    }
}
