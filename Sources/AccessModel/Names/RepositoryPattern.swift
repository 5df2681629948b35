/// Repositories by name: `nerd-dinner/web` for one, `nerd-dinner/*` or `nerd-dinner/web*` for all of a
/// namespace whose name begins so, and `*` for all there are.
public struct RepositoryPattern: Hashable, Sendable, CustomStringConvertible {
    public let description: String
    /// nil for every namespace.
    public let namespace: AccountName?
    private let name: String
    private let isPrefix: Bool

    public init(_ text: String) throws(NameError) {
        description = text
        if text == "*" {
            (namespace, name, isPrefix) = (nil, "", true)
            return
        }
        guard text.hasSuffix("*") else {
            let path = try RepositoryPath(text)
            (namespace, name, isPrefix) = (path.namespace, path.name, false)
            return
        }
        guard let slash = text.firstIndex(of: "/") else {
            throw NameError("repository pattern", text, "write it as namespace/name, namespace/prefix* or *")
        }
        namespace = try AccountName(text[..<slash])
        name = String(text[text.index(after: slash)...].dropLast())
        isPrefix = true
        let allowed = name.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || "._-/".utf8.contains(byte)
        }
        guard allowed, name.utf8.count <= 255 else { throw NameError("repository pattern", text, NameError.grammar) }
    }

    /// All repositories of a namespace.
    public init(allOf namespace: AccountName) {
        description = "\(namespace)/*"
        (self.namespace, name, isPrefix) = (namespace, "", true)
    }

    /// The one repository that it names; nil if it may name several.
    public var path: RepositoryPath? {
        guard let namespace, !isPrefix else { return nil }
        return RepositoryPath(trustedNamespace: namespace, name: name)
    }

    public func matches(_ path: RepositoryPath) -> Bool {
        if let namespace, namespace != path.namespace { return false }
        return isPrefix ? path.name.hasPrefix(name) : path.name == name
    }
}

extension AccessGraph {
    /// The repositories that a pattern names.
    public func paths(matching pattern: RepositoryPattern) -> [RepositoryPath] {
        guard let name = pattern.namespace else {
            return allRepositories.map(path)
        }
        guard let namespace = principals.accounts.find(name) else { return [] }
        return registry.namespaces[namespace].repositories.map(path).filter(pattern.matches)
    }

    var allRepositories: [Int32] {
        registry.repositories.indices.filter { registry.repositories.has(.exists, $0) }
    }

    /// The namespaces in which `actor` may ask who has access to something, in the order of their repositories.
    public func namespaces(managedBy actor: Actor, at now: Timestamp) -> [AccountName] {
        principals.accounts.indices.filter { namespace in
            let repositories = registry.namespaces[namespace].repositories
            return principals.accounts.has(.exists, namespace) && !repositories.isEmpty
                && (allows(actor, .manageNamespace(principals.accounts.ids[namespace]), at: now)
                    || repositories.contains { mayAskWho(actor, on: path(of: $0), at: now) })
        }.map { principals.accounts.names[$0] }.sorted(by: RepositoryPath.precedes)
    }
}
