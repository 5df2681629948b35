/// An entry that a search returned.
public struct LDAPEntry: Hashable, Sendable {
    public struct Attribute: Hashable, Sendable {
        /// The description as the server wrote it, options included: `member;range=0-1499`.
        public var description: String
        public var values: LDAPValues

        public init(description: String, values: LDAPValues) {
            self.description = description
            self.values = values
        }
    }

    /// As the server wrote it (RFC 4514).
    public var dn: String
    public var attributes: [Attribute]

    public init(dn: String, attributes: [Attribute]) {
        self.dn = dn
        self.attributes = attributes
    }

    /// The values of an attribute, whose name is compared without regard to case (RFC 4512, 2.5);
    /// empty if the entry has none or the server does not show it.
    public subscript(name: String) -> LDAPValues {
        attributes.first { LDAPEntry.same($0.description, name) }?.values ?? LDAPValues()
    }

    /// The first value as text; nil if there is none or it is empty.
    public func text(_ name: String) -> String? {
        guard let value = self[name].first, !value.isEmpty else { return nil }
        return String(decoding: value, as: UTF8.self)
    }

    /// The part of an attribute's values that a server gave instead of all (`name;range=0-1499`).
    public func range(of name: String) -> LDAPValueRange? {
        for attribute in attributes {
            let parts = attribute.description.split(separator: ";")
            guard let first = parts.first, LDAPEntry.same(String(first), name) else { continue }
            for option in parts.dropFirst() {
                if let range = LDAPValueRange(option: option, values: attribute.values) { return range }
            }
        }
        return nil
    }

    // Servers mostly write a name as it is asked for.
    private static func same(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && (left == right || zip(left.utf8, right.utf8).allSatisfy { lowered($0) == lowered($1) })
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}

/// Some of an attribute's values, by place (Active Directory's ranged retrieval, MS-ADTS 3.1.1.3.1.3.3).
public struct LDAPValueRange: Hashable, Sendable {
    public var first: Int
    /// The place of the last value here; nil when these are the last ones.
    public var last: Int?
    public var values: LDAPValues

    /// Places that a value may have; no directory holds as many.
    private static let places = 0...(1 << 40)

    init?(option: Substring, values: LDAPValues) {
        guard option.lowercased().hasPrefix("range=") else { return nil }
        let bounds = option.dropFirst(6).split(separator: "-", maxSplits: 1)
        guard bounds.count == 2, let first = Int(bounds[0]), Self.places.contains(first) else { return nil }
        if bounds[1] == "*" {
            last = nil
        } else {
            guard let end = Int(bounds[1]), Self.places.contains(end), end >= first else { return nil }
            last = end
        }
        self.first = first
        self.values = values
    }
}
