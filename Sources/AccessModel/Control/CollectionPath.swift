/// Where a collection is: `/` or `/prod/web`.
public struct CollectionPath: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// From the one below `/`; none for `/` itself.
    public let components: [CollectionName]

    public static let root = CollectionPath([])
    /// Below which everybody has a collection of their own.
    public static let privates = CollectionPath([.shared, .private])

    /// How deep a collection is at most.
    public static let depthLimit = 16
    public static let lengthLimit = 512

    init(_ components: [CollectionName]) { self.components = components }

    /// - Throws: for what is too deep or too long, and for `//`, a `/` at the end, `.` and `..`.
    public init(_ text: some StringProtocol) throws(NameError) {
        guard text != "/" else { self = .root; return }
        func error(_ reason: String) -> NameError { NameError("collection", text, reason) }
        guard text.first == "/" else { throw error("it begins with '/', as in /prod/web") }
        guard text.utf8.count <= Self.lengthLimit else {
            throw error("it is longer than \(Self.lengthLimit) characters")
        }
        let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= Self.depthLimit else { throw error("it is deeper than \(Self.depthLimit) levels") }
        components = try parts.map { (part) throws(NameError) in
            guard let name = CollectionName(validating: String(part)) else { throw error(CollectionName.grammar) }
            return name
        }
    }

    public var description: String { "/" + components.map(\.rawValue).joined(separator: "/") }

    /// nil for `/`.
    public var parent: CollectionPath? { components.isEmpty ? nil : CollectionPath(components.dropLast()) }

    /// Whether it is another collection or below it.
    public func isAtOrBelow(_ other: CollectionPath) -> Bool { components.starts(with: other.components) }

    public func appending(_ name: CollectionName) -> CollectionPath { CollectionPath(components + [name]) }

    /// By component: what is below something comes right behind it.
    public static func < (left: Self, right: Self) -> Bool {
        left.components.lexicographicallyPrecedes(right.components)
    }
}

/// The name of a collection in the one above it: `[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?`, 1 to 100 characters, whose case counts.
public struct CollectionName: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: String

    static let system = CollectionName(trusted: "System")
    static let shared = CollectionName(trusted: "Shared")
    static let `private` = CollectionName(trusted: "Private")
    static let grammar =
        "each name has 1 to 100 letters, digits, '.', '_' and '-', and begins and ends with a letter or a digit"

    public init(_ text: some StringProtocol) throws(NameError) {
        guard let name = CollectionName(validating: String(text)) else {
            throw NameError("name of a collection", text, Self.grammar)
        }
        self = name
    }

    init?(validating text: String) {
        func isLetterOrDigit(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
        let bytes = text.utf8
        guard (1...100).contains(bytes.count), let first = bytes.first, let last = bytes.last, isLetterOrDigit(first),
            isLetterOrDigit(last), bytes.allSatisfy({ isLetterOrDigit($0) || "._-".utf8.contains($0) })
        else { return nil }
        rawValue = text
    }

    package init(trusted text: String) { rawValue = text }

    public var description: String { rawValue }

    // Names are ASCII, for which Swift's order is that of the bytes.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
