import AccessModel
public import StrictJSON

extension ImportLine: JSONReadable {
    public init(json: JSONValue) throws(JSONError) {
        var line = try JSONMembers(json)
        let kind = try line.required(String.self, "kind")
        switch kind {
        case "user":
            self = .user(
                UserLine(
                    name: try line.required(AccountName.self, "name"),
                    fullName: try line.optional(String.self, "full_name"),
                    email: try line.nullable(String.self, "email"), isActive: try line.optional(Bool.self, "active"),
                    isSystemAdmin: try line.optional(Bool.self, "system_admin"),
                    isDecisionReader: try line.optional(Bool.self, "decision_reader")))
        case "org":
            self = .organization(
                OrganizationLine(
                    name: try line.required(AccountName.self, "name"),
                    fullName: try line.optional(String.self, "full_name")))
        case "org-member":
            self = .organizationMember(
                OrganizationMemberLine(
                    organization: try line.required(AccountName.self, "org"),
                    user: try line.required(AccountName.self, "user"),
                    role: try line.optional(OrganizationMember.Role.self, "role")))
        case "team":
            self = .team(
                TeamLine(
                    organization: try line.required(AccountName.self, "org"),
                    name: try line.required(TeamName.self, "name"),
                    description: try line.optional(String.self, "description"),
                    parent: try line.nullable(TeamName.self, "parent")))
        case "team-member":
            self = .teamMember(
                TeamMemberLine(
                    organization: try line.required(AccountName.self, "org"),
                    team: try line.required(TeamName.self, "team"),
                    user: try line.required(AccountName.self, "user"),
                    role: try line.optional(TeamMember.Role.self, "role")))
        case "service-account":
            self = .serviceAccount(
                ServiceAccountLine(
                    owner: try line.required(AccountName.self, "owner"), name: try line.required(TeamName.self, "name"),
                    description: try line.optional(String.self, "description"),
                    isActive: try line.optional(Bool.self, "active"),
                    isDecisionReader: try line.optional(Bool.self, "decision_reader"),
                    expiresAt: try line.nullable(Timestamp.self, "expires_at")))
        case "repository":
            self = .repository(
                RepositoryLine(
                    path: try RepositoryPath(&line),
                    visibility: try line.optional(Repository.Visibility.self, "visibility"),
                    description: try line.optional(String.self, "description")))
        case "grant":
            self = .grant(
                GrantLine(
                    subject: try line.required(SubjectName.self, "subject"),
                    target: try line.required(TargetName.self, "target"),
                    level: try line.required(AccessLevel.self, "level"),
                    expiresAt: try line.nullable(Timestamp.self, "expires_at")))
        case "namespace":
            self = .namespace(
                NamespaceLine(
                    name: try line.required(AccountName.self, "name"),
                    createsOnPush: try line.optional(Bool.self, "create_on_push"),
                    visibility: try line.optional(Repository.Visibility.self, "default_visibility"),
                    grants: try line.optional([DefaultGrantView].self, "default_grants")))
        default:
            throw JSONError(
                "use user, org, org-member, team, team-member, service-account, repository, grant or namespace",
                at: "kind", value: kind)
        }
        try line.refuseUnknown()
    }
}

extension ImportLine: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var line = encoder.container(keyedBy: AnyKey.self)
        switch self {
        case .user(let user):
            try line.encode("user", forKey: "kind")
            try line.encode(user.name, forKey: "name")
            try line.encodeIfPresent(user.fullName, forKey: "full_name")
            if let email = user.email { try line.encode(email, forKey: "email") }
            try line.encodeIfPresent(user.isActive, forKey: "active")
            try line.encodeIfPresent(user.isSystemAdmin, forKey: "system_admin")
            if user.isDecisionReader == true { try line.encode(true, forKey: "decision_reader") }
        case .organization(let organization):
            try line.encode("org", forKey: "kind")
            try line.encode(organization.name, forKey: "name")
            try line.encodeIfPresent(organization.fullName, forKey: "full_name")
        case .organizationMember(let member):
            try line.encode("org-member", forKey: "kind")
            try line.encode(member.organization, forKey: "org")
            try line.encode(member.user, forKey: "user")
            try line.encodeIfPresent(member.role, forKey: "role")
        case .team(let team):
            try line.encode("team", forKey: "kind")
            try line.encode(team.organization, forKey: "org")
            try line.encode(team.name, forKey: "name")
            try line.encodeIfPresent(team.description, forKey: "description")
            if let parent = team.parent { try line.encode(parent, forKey: "parent") }
        case .teamMember(let member):
            try line.encode("team-member", forKey: "kind")
            try line.encode(member.organization, forKey: "org")
            try line.encode(member.team, forKey: "team")
            try line.encode(member.user, forKey: "user")
            try line.encodeIfPresent(member.role, forKey: "role")
        case .serviceAccount(let service):
            try line.encode("service-account", forKey: "kind")
            try line.encode(service.owner, forKey: "owner")
            try line.encode(service.name, forKey: "name")
            try line.encodeIfPresent(service.description, forKey: "description")
            try line.encodeIfPresent(service.isActive, forKey: "active")
            if service.isDecisionReader == true { try line.encode(true, forKey: "decision_reader") }
            if let end = service.expiresAt ?? nil { try line.encode(end, forKey: "expires_at") }
        case .repository(let repository):
            try line.encode("repository", forKey: "kind")
            try line.encode(repository.path.namespace, forKey: "namespace")
            try line.encode(repository.path.name, forKey: "name")
            try line.encodeIfPresent(repository.visibility, forKey: "visibility")
            try line.encodeIfPresent(repository.description, forKey: "description")
        case .grant(let grant):
            try line.encode("grant", forKey: "kind")
            try line.encode(grant.subject, forKey: "subject")
            try line.encode(grant.target, forKey: "target")
            try line.encode(grant.level, forKey: "level")
            if let end = grant.expiresAt ?? nil { try line.encode(end, forKey: "expires_at") }
        case .namespace(let namespace):
            try line.encode("namespace", forKey: "kind")
            try line.encode(namespace.name, forKey: "name")
            try line.encodeIfPresent(namespace.createsOnPush, forKey: "create_on_push")
            try line.encodeIfPresent(namespace.visibility, forKey: "default_visibility")
            try line.encodeIfPresent(namespace.grants, forKey: "default_grants")
        }
    }
}

extension DefaultGrantView: JSONReadable, Encodable {
    public init(json: JSONValue) throws(JSONError) {
        var grant = try JSONMembers(json)
        self.init(
            subject: try grant.required(SubjectName.self, "subject"),
            level: try grant.required(AccessLevel.self, "level"))
        try grant.refuseUnknown()
    }

    public func encode(to encoder: any Encoder) throws {
        var grant = encoder.container(keyedBy: AnyKey.self)
        try grant.encode(subject, forKey: "subject")
        try grant.encode(level, forKey: "level")
    }
}

extension SubjectName: JSONReadable, Encodable {
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

    public func encode(to encoder: any Encoder) throws {
        var subject = encoder.container(keyedBy: AnyKey.self)
        switch self {
        case .team(let organization, let name):
            try subject.encode("team", forKey: "type")
            try subject.encode(organization, forKey: "org")
            try subject.encode(name, forKey: "name")
        case .user(let name):
            try subject.encode("user", forKey: "type")
            try subject.encode(name, forKey: "name")
        case .serviceAccount(let owner, let name):
            try subject.encode("service-account", forKey: "type")
            try subject.encode(owner, forKey: "owner")
            try subject.encode(name, forKey: "name")
        }
    }
}

extension TargetName: JSONReadable, Encodable {
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

    public func encode(to encoder: any Encoder) throws {
        var target = encoder.container(keyedBy: AnyKey.self)
        switch self {
        case .repository(let path):
            try target.encode("repository", forKey: "type")
            try target.encode(path.namespace, forKey: "namespace")
            try target.encode(path.name, forKey: "name")
        case .namespace(let name):
            try target.encode("namespace", forKey: "type")
            try target.encode(name, forKey: "name")
        }
    }
}
