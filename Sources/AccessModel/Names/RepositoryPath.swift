/// A repository's whole name, `namespace/name`, where the name may have several components:
/// `nerd-dinner/web/api`. At most 255 bytes (OCI distribution specification).
public struct RepositoryPath: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let namespace: AccountName
    /// Everything behind the first slash.
    public let name: String

    public init(namespace: AccountName, name: some StringProtocol) throws(NameError) {
        try self.init(namespace: namespace, String(name))
    }

    private init(namespace: AccountName, _ name: String) throws(NameError) {
        guard !name.isEmpty else { throw NameError("repository name", name, "it is empty") }
        guard
            name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
                .allSatisfy(PathComponent.isValid)
        else { throw NameError("repository name", name, NameError.grammar) }
        guard namespace.rawValue.utf8.count + 1 + name.utf8.count <= 255 else {
            throw NameError("repository name", name, "with its namespace it is longer than 255 characters")
        }
        self.namespace = namespace
        self.name = name
    }

    /// Parses `namespace/name`.
    public init(_ text: some StringProtocol) throws(NameError) {
        let text = String(text)
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else {
            throw NameError("repository", text, "write it as namespace/name")
        }
        let namespace = try AccountName(text[..<slash])
        try self.init(namespace: namespace, String(text[text.index(after: slash)...]))
    }

    package init(trustedNamespace namespace: AccountName, name: String) {
        self.namespace = namespace
        self.name = name
    }

    public var description: String { "\(namespace.rawValue)/\(name)" }

    /// The order of the bytes of `description`.
    public static func < (left: Self, right: Self) -> Bool {
        left.namespace == right.namespace ? left.name < right.name : precedes(left.namespace, right.namespace)
    }

    /// The order of two namespaces, each with the slash behind it: that of their repositories, and not that of their names.
    public static func precedes(_ left: AccountName, _ right: AccountName) -> Bool {
        let (first, second) = (left.rawValue, right.rawValue)
        if second.hasPrefix(first) {
            return second.utf8.dropFirst(first.utf8.count).first.map { UInt8(ascii: "/") < $0 } ?? false
        }
        if first.hasPrefix(second) {
            return first.utf8.dropFirst(second.utf8.count).first.map { $0 < UInt8(ascii: "/") } ?? false
        }
        return first < second
    }
}
