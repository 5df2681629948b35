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
