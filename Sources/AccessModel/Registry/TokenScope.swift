/// What a token is limited to: actions on repositories by pattern. It takes away from what its holder may, and
/// never gives.
public struct TokenScope: Hashable, Sendable, CustomStringConvertible {
    /// In the order of `RegistryAction.allCases`. Pull is with push: a registry wants both.
    public let actions: [RegistryAction]
    public let repositories: [RepositoryPattern]

    /// - Throws: without an action or a pattern, or with more than 50 patterns.
    public init(actions: [RegistryAction], repositories: [RepositoryPattern]) throws(NameError) {
        guard !actions.isEmpty else { throw NameError("scope", "", "name an action: pull, push or delete") }
        guard (1...Self.limit).contains(repositories.count) else { throw Self.wrongCount }
        self.actions = RegistryAction.allCases.filter {
            actions.contains($0) || $0 == .pull && actions.contains(.push)
        }
        self.repositories = repositories
    }

    /// How many patterns there may be.
    private static let limit = 50
    private static var wrongCount: NameError { NameError("scope", "", "name 1 to \(limit) repositories or patterns") }

    /// Parses `description`.
    public init(_ text: String) throws(NameError) {
        let words = text.split(separator: " ", maxSplits: Self.limit + 1, omittingEmptySubsequences: false)
            .map(String.init)
        guard words.count <= Self.limit + 1 else { throw Self.wrongCount }
        var actions: [RegistryAction] = []
        for word in words.first?.split(separator: ",") ?? [] {
            guard let action = RegistryAction(rawValue: String(word)) else {
                throw NameError("action", word, "use pull, push or delete")
            }
            actions.append(action)
        }
        let patterns = try words.dropFirst().map { (word) throws(NameError) in try RepositoryPattern(word) }
        try self.init(actions: actions, repositories: patterns)
    }

    /// `pull,push nerd-dinner/* elton/notes`: the form in which it is kept.
    public var description: String {
        ([actions.map(\.rawValue).joined(separator: ",")] + repositories.map(\.description)).joined(separator: " ")
    }

    public func allows(_ action: RegistryAction, on path: RepositoryPath) -> Bool {
        actions.contains(action) && repositories.contains { $0.matches(path) }
    }
}

/// What a registry token may hold for a repository.
public enum RegistryAction: String, Hashable, Sendable, CaseIterable {
    case pull, push, delete

    /// What the holder has to be allowed.
    public var action: Action {
        switch self {
        case .pull: .pull
        case .push: .push
        case .delete: .deleteTag
        }
    }
}
