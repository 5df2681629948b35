/// Something that a fact names, under which its changes are found again: every identity in it, and a few more.
public struct ChangeKey: Hashable, Sendable {
    public let rawValue: String

    private init(_ rawValue: String) { self.rawValue = rawValue }

    /// An account, team, repository, service account or token.
    public static func identity<Entity>(_ id: Identifier<Entity>) -> Self { Self(id.rawValue) }
    static func identity(_ id: String) -> Self { Self(id) }

    /// The account of a name, whichever had it.
    public static func account(named name: AccountName) -> Self { Self("@" + name.rawValue) }

    /// The repository of a name in a namespace, whichever had it.
    public static func repository(named name: String, in namespace: AccountID) -> Self {
        Self(namespace.rawValue + "/" + name)
    }

    static func directory(named name: String) -> Self { Self("directory " + name) }

    public static let systemAdministrators = Self("=admin")
    public static let publicRepositories = Self("=public")
    /// Every account, service account, repository, role, collection, site or placement.
    public static let everything = Self("=all")
}

extension GrantSubject {
    public var key: ChangeKey { .identity(id) }
}

extension GrantTarget {
    public var key: ChangeKey { .identity(id) }
}

extension Fact {
    /// Everything that it is found under. Identities of different kinds differ.
    public var keys: [ChangeKey] { value.changeKeys }
}

extension FactKey {
    /// The key under which there are the fewest other facts of its kind.
    public var changeKey: ChangeKey {
        switch kind {
        case .retiredName: .identity("@" + first)
        case .directory: .directory(named: first)
        case .placement: second == PlacedResource.noSite ? .everything : .identity(second)
        default: .identity(second.isEmpty ? first : second)
        }
    }
}

extension Change {
    /// Everything that the fact is found under, before or after.
    public var keys: Set<ChangeKey> { Set((before?.keys ?? []) + (after?.keys ?? [])) }
}
