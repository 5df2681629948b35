/// Repositories by name: `nerd-dinner/web` for one, `nerd-dinner/*` or `nerd-dinner/web*` for all of a
/// namespace whose name begins so, and `*` for all there are.
public struct RepositoryPattern: Hashable, Sendable, CustomStringConvertible {
    public let description: String
    /// nil for every namespace.
    let namespace: AccountName?
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

    func matches(_ path: RepositoryPath) -> Bool {
        if let namespace, namespace != path.namespace { return false }
        return isPrefix ? path.name.hasPrefix(name) : path.name == name
    }
}

extension AccessGraph {
    /// The repositories that a pattern names.
    func paths(matching pattern: RepositoryPattern) -> [RepositoryPath] {
        guard let name = pattern.namespace else {
            return repositories.indices.filter { repositories[$0].exists }.map(path)
        }
        guard let namespace = index(named: name) else { return [] }
        return accounts[namespace].repositories.map(path).filter(pattern.matches)
    }
}
