/// An image repository, `namespace/name`.
public struct Repository: Hashable, Sendable, Codable {
    public enum Visibility: String, Hashable, Sendable, Codable, CaseIterable {
        case `private`, `public`
    }

    public var id: RepositoryID
    public var namespace: AccountID
    /// Everything behind the namespace; may have several components.
    public var name: String
    public var visibility: Visibility
    public var description: String

    public init(
        id: RepositoryID, namespace: AccountID, name: String, visibility: Visibility = .private,
        description: String = ""
    ) {
        self.id = id
        self.namespace = namespace
        self.name = name
        self.visibility = visibility
        self.description = description
    }
}

/// What a repository begins with that is made without saying so, or by a push.
public struct RepositoryDefaults: Hashable, Sendable, Codable, CustomStringConvertible {
    public var visibility: Repository.Visibility
    /// Given on it at once, to teams and service accounts of the namespace. What names somebody who is gone
    /// gives nothing.
    public var grants: [DefaultGrant]

    public struct DefaultGrant: Hashable, Sendable {
        public var subject: GrantSubject
        public var level: AccessLevel

        public init(subject: GrantSubject, level: AccessLevel) {
            self.subject = subject
            self.level = level
        }
    }

    public init(visibility: Repository.Visibility = .private, grants: [DefaultGrant] = []) {
        self.visibility = visibility
        self.grants = grants
    }

    /// `private team:ID=read-write service-account:ID=admin`: the form in which they are kept.
    public var description: String {
        let given = grants.map { "\($0.subject.kind):\($0.subject.id)=\($0.level.rawValue)" }
        return ([visibility.rawValue] + given).joined(separator: " ")
    }

    /// Parses `description`; nil for anything else.
    public init?(_ text: String) {
        let words = text.split(separator: " ")
        guard let visibility = words.first.flatMap({ Repository.Visibility(rawValue: String($0)) }) else { return nil }
        var grants: [DefaultGrant] = []
        for word in words.dropFirst() {
            guard let colon = word.firstIndex(of: ":"), let equals = word.lastIndex(of: "="), colon < equals,
                let subject = GrantSubject(
                    kind: String(word[..<colon]), id: String(word[word.index(after: colon)..<equals])),
                let level = AccessLevel(rawValue: String(word[word.index(after: equals)...]))
            else { return nil }
            grants.append(DefaultGrant(subject: subject, level: level))
        }
        self.init(visibility: visibility, grants: grants)
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no defaults of repositories"))
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// What somebody may do with a repository, or with every repository of a namespace.
public enum AccessLevel: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    case readOnly = "read-only"
    case readWrite = "read-write"
    case admin

    var rank: UInt8 {
        switch self {
        case .readOnly: 1
        case .readWrite: 2
        case .admin: 3
        }
    }

    /// - Parameter rank: 1 to 3.
    init(rank: UInt8) { self = rank == 1 ? .readOnly : rank == 2 ? .readWrite : .admin }

    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}
