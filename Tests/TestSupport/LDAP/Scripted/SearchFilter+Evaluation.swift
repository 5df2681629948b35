extension SearchFilter {
    /// Whether an entry matches.
    /// - Parameter values: the entry's values of an attribute, whose name comes in lower case.
    func accepts(_ values: (String) -> [[UInt8]]) -> Bool {
        switch self {
        case .and(let parts): parts.allSatisfy { $0.accepts(values) }
        case .or(let parts): parts.contains { $0.accepts(values) }
        case .not(let part): !part.accepts(values)
        case .equal(let attribute, let value):
            values(attribute.lowercased()).contains { Self.areEqual($0, value, attribute.lowercased()) }
        case .substrings(let attribute, let initial, let any, let final):
            values(attribute.lowercased()).contains { Self.contains($0, initial, any, final) }
        case .greaterOrEqual(let attribute, let value):
            values(attribute.lowercased()).contains { !Self.isLess($0, than: value) }
        case .lessOrEqual(let attribute, let value):
            values(attribute.lowercased()).contains { !Self.isLess(value, than: $0) }
        case .present(let attribute): !values(attribute.lowercased()).isEmpty
        case .matches(let attribute, let rule, let value):
            values(attribute.lowercased()).contains { Self.agree($0, value, rule) }
        }
    }

    /// Text is the same in either case and with spaces around it (RFC 4518, 2.6.1), and in either width; what is
    /// not text is compared byte by byte.
    private static func areEqual(_ value: [UInt8], _ wanted: [UInt8], _ attribute: String) -> Bool {
        if value == wanted { return true }
        guard let value = folded(value), let wanted = folded(wanted) else { return false }
        if compared(value) == compared(wanted) { return true }
        // A class may be named in place of the DN of its definition.
        return attribute == "objectcategory" && value.hasPrefix("cn=\(wanted),")
    }

    private static func contains(_ value: [UInt8], _ initial: [UInt8], _ any: [[UInt8]], _ final: [UInt8]) -> Bool {
        guard var rest = folded(value)?[...], let initial = folded(initial), let final = folded(final),
            rest.hasPrefix(initial)
        else { return false }
        rest = rest.dropFirst(initial.count)
        for part in any {
            guard let part = folded(part), let place = rest.firstRange(of: part) else { return false }
            rest = rest[place.upperBound...]
        }
        return rest.hasSuffix(final)
    }

    private static func isLess(_ value: [UInt8], than other: [UInt8]) -> Bool {
        guard let text = folded(value), let otherText = folded(other) else {
            return value.lexicographicallyPrecedes(other)
        }
        if let number = Int(text), let otherNumber = Int(otherText) { return number < otherNumber }
        return text < otherText
    }

    private static func agree(_ value: [UInt8], _ wanted: [UInt8], _ rule: String) -> Bool {
        guard let value = folded(value).flatMap({ Int($0) }), let bits = folded(wanted).flatMap({ Int($0) }) else {
            return false
        }
        switch rule {
        case WindowsOID.bitAnd: return value & bits == bits
        case WindowsOID.bitOr: return value & bits != 0
        default: return false
        }
    }

    private static func compared(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            // The full-width forms of what ASCII can print.
            (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
        }
        let spaced = String(String.UnicodeScalarView(scalars)).split(separator: " ").joined(separator: " ")
        return spaced.lowercased()
    }

    private static func folded(_ value: [UInt8]) -> String? { String(validating: value, as: UTF8.self)?.lowercased() }
}
