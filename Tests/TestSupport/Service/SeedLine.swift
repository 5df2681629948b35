package import AccessModel

/// A line of the import format, to say in few words what there is before a test begins.
package struct SeedLine: Hashable, Sendable {
    package var json: JSONValue

    package init(_ json: JSONValue) { self.json = json }

    private init(_ kind: String, _ members: [String: JSONValue]) {
        json = .object(members.merging(["kind": .string(kind)]) { $1 })
    }

    package static func user(
        _ name: String, admin: Bool = false, active: Bool = true, reader: Bool = false, email: String? = nil
    ) -> SeedLine {
        SeedLine(
            "user",
            [
                "name": .string(name), "system_admin": .bool(admin), "active": .bool(active),
                "decision_reader": .bool(reader), "email": JSONValue(email),
            ])
    }

    package static func org(_ name: String) -> SeedLine { SeedLine("org", ["name": .string(name)]) }

    package static func member(_ organization: String, _ user: String, _ role: String = "member") -> SeedLine {
        SeedLine("org-member", ["org": .string(organization), "user": .string(user), "role": .string(role)])
    }

    /// - Parameter path: `org/team`.
    package static func team(_ path: String, parent: String? = nil) -> SeedLine {
        let (organization, name) = split(path)
        return SeedLine("team", ["org": .string(organization), "name": .string(name), "parent": JSONValue(parent)])
    }

    package static func teamMember(_ path: String, _ user: String, _ role: String = "member") -> SeedLine {
        let (organization, team) = split(path)
        return SeedLine(
            "team-member",
            ["org": .string(organization), "team": .string(team), "user": .string(user), "role": .string(role)])
    }

    package static func repository(_ path: String, isPublic: Bool = false) -> SeedLine {
        let (namespace, name) = split(path)
        return SeedLine(
            "repository",
            [
                "namespace": .string(namespace), "name": .string(name),
                "visibility": isPublic ? "public" : "private",
            ])
    }

    /// - Parameter name: `owner+name`.
    package static func serviceAccount(_ name: String, reader: Bool = false) -> SeedLine {
        let parts = name.split(separator: "+", maxSplits: 1).map(String.init)
        return SeedLine(
            "service-account",
            ["owner": JSONValue(parts.first), "name": JSONValue(parts.last), "decision_reader": .bool(reader)])
    }

    /// - Parameters:
    ///   - subject: a user's name, `org/team`, or `owner+service-account`.
    ///   - target: `namespace/repository`, or a namespace alone.
    package static func grant(
        _ subject: String, _ target: String, _ level: AccessLevel, until end: Timestamp? = nil
    ) -> SeedLine {
        let place: JSONValue
        if target.contains("/") {
            let (namespace, name) = split(target)
            place = ["type": "repository", "namespace": .string(namespace), "name": .string(name)]
        } else {
            place = ["type": "namespace", "name": .string(target)]
        }
        var members: [String: JSONValue] = [
            "subject": self.subject(subject), "target": place, "level": .string(level.rawValue),
        ]
        if let end { members["expires_at"] = .string(end.description) }
        return SeedLine("grant", members)
    }

    package static func role(_ name: String, _ operations: String...) -> SeedLine {
        SeedLine("role", ["name": .string(name), "operations": .array(operations.map { .string($0) })])
    }

    package static func collection(_ path: String) -> SeedLine { SeedLine("collection", ["path": .string(path)]) }

    /// - Parameter subject: a user's name, `org/team`, `owner+service-account`, `org:NAME` or `everyone`.
    package static func controlGrant(
        _ subject: String, _ role: String, _ path: String, until end: Timestamp? = nil
    ) -> SeedLine {
        let subject: JSONValue =
            subject == "everyone"
            ? ["type": "everyone"]
            : subject.hasPrefix("org:")
                ? ["type": "org", "name": .string(String(subject.dropFirst(4)))] : self.subject(subject)
        var members: [String: JSONValue] = ["subject": subject, "role": .string(role), "collection": .string(path)]
        if let end { members["expires_at"] = .string(end.description) }
        return SeedLine("control-grant", members)
    }

    /// - Parameter kind: `cluster` or `engine`.
    package static func site(_ kind: String, _ name: String, _ path: String, agent: String? = nil) -> SeedLine {
        var members: [String: JSONValue] = ["name": .string(name), "collection": .string(path)]
        if let parts = agent?.split(separator: "+").map(String.init) {
            members["agent"] = ["owner": JSONValue(parts.first), "name": JSONValue(parts.last)]
        }
        return SeedLine(kind, members)
    }

    package static func placement(_ type: String, _ id: String, _ path: String) -> SeedLine {
        SeedLine("placement", ["type": .string(type), "id": .string(id), "collection": .string(path)])
    }

    private static func subject(_ text: String) -> JSONValue {
        if text.contains("/") {
            let (organization, name) = split(text)
            return ["type": "team", "org": .string(organization), "name": .string(name)]
        }
        if let plus = text.firstIndex(of: "+") {
            let (owner, name) = (String(text[..<plus]), String(text[text.index(after: plus)...]))
            return ["type": "service-account", "owner": .string(owner), "name": .string(name)]
        }
        return ["type": "user", "name": .string(text)]
    }

    private static func split(_ path: String) -> (String, String) {
        let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
        return (parts.first ?? "", parts.last ?? "")
    }
}

extension Sequence where Element == SeedLine {
    /// JSON Lines.
    package var text: String {
        get throws { try map { try $0.json.text + "\n" }.joined() }
    }
}
