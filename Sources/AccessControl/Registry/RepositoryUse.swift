public import AccessModel

/// When a repository was pushed to and pulled from last, and by whom.
public struct RepositoryUse: Hashable, Sendable {
    public struct Mark: Hashable, Sendable {
        public let time: Timestamp
        public let by: String

        public init(time: Timestamp, by: String) {
            self.time = time
            self.by = by
        }
    }

    public var push: Mark?
    public var pull: Mark?

    public init(push: Mark? = nil, pull: Mark? = nil) {
        self.push = push
        self.pull = pull
    }
}

/// A tag that a registry told of.
public struct KnownTag: Hashable, Sendable {
    public let name: String
    /// Of the manifest.
    public let digest: String
    public let push: RepositoryUse.Mark

    public init(name: String, digest: String, push: RepositoryUse.Mark) {
        self.name = name
        self.digest = digest
        self.push = push
    }
}

/// Which tags to forget.
public enum TagSelection: Hashable, Sendable {
    case tag(String)
    /// Every one on it.
    case digest(String)
}
