/// A distinguished name (RFC 4514), compared by rule: without regard to the case of types and
/// values, to the way of escaping, to spaces around separators and at the ends of values, to
/// the number of spaces in a row, and to the order inside a multi-valued RDN.
public struct DistinguishedName: Hashable, Sendable, CustomStringConvertible {
    /// One spelling for all names that are equal: lower case, `,` `+` `\` and control
    /// characters inside values as `\xx`, so that a bare comma always separates two RDNs.
    public let normalized: String

    /// nil if the text is not a distinguished name. The empty text is one: the root.
    /// Spaces around `,` `+` `=` are accepted, as RFC 2253 section 4 asks for.
    public init?(_ text: String) {
        var parser = DistinguishedNameParser(text.utf8)
        guard let normalized = DistinguishedNameParser.plain(text) ?? parser.normalize() else { return nil }
        self.normalized = normalized
    }

    public var isEmpty: Bool { normalized.isEmpty }
    public var description: String { normalized }

    /// Whether this is `base` or an entry below it.
    public func isWithin(_ base: DistinguishedName) -> Bool {
        if base.isEmpty { return true }
        let (mine, other) = (normalized.utf8, base.normalized.utf8)
        guard mine.count >= other.count, mine.suffix(other.count).elementsEqual(other) else { return false }
        return mine.count == other.count || mine.dropLast(other.count).last == UInt8(ascii: ",")
    }

    /// Whether this is directly below `base`.
    public func isChild(of base: DistinguishedName) -> Bool {
        guard isWithin(base), normalized.utf8.count > base.normalized.utf8.count else { return false }
        let own = normalized.utf8.dropLast(base.isEmpty ? 0 : base.normalized.utf8.count + 1)
        return !own.contains(UInt8(ascii: ","))
    }

    /// The value of the first RDN in lower case, if that is a plain `cn`; nil if it has escapes, or
    /// another or a second type.
    public var commonName: String? {
        let end = normalized.firstIndex(of: ",") ?? normalized.endIndex
        let first = normalized[..<end]
        guard first.hasPrefix("cn="), !first.contains(where: { "\\+".contains($0) }) else { return nil }
        return String(first.dropFirst(3))
    }

    /// The SID that Active Directory keeps for a member from another forest, or for a built-in identity
    /// (`CN=S-1-5-21-…,CN=ForeignSecurityPrincipals,…`); nil for any other name.
    public var foreignSID: String? {
        guard normalized.hasPrefix("cn=s-1-"), normalized.contains(",cn=foreignsecurityprincipals,") else { return nil }
        return commonName?.uppercased()
    }

    /// Whether the first RDN has this value of an attribute, by its short name.
    public func isNamed(_ attribute: String, _ value: String) -> Bool {
        let hex = value.utf8.map { ($0 < 16 ? "\\0" : "\\") + String($0, radix: 16) }.joined()
        guard let part = DistinguishedName("\(attribute)=\(hex)") else { return false }
        let first = normalized.utf8.prefix { $0 != UInt8(ascii: ",") }
        return first.split(separator: UInt8(ascii: "+")).contains { $0.elementsEqual(part.normalized.utf8) }
    }

    public static func == (left: Self, right: Self) -> Bool {
        ExactText(left.normalized) == ExactText(right.normalized)
    }

    public func hash(into hasher: inout Hasher) { ExactText(normalized).hash(into: &hasher) }
}

private struct DistinguishedNameParser {
    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String.UTF8View) { bytes = Array(text) }

    /// What `normalize` makes of a name that is written plainly, as most are: short types, and values in
    /// ASCII without escapes and without a space too many. nil for every other one.
    static func plain(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { bytes in
            guard isPlain(bytes) else { return nil }
            return String(unsafeUninitializedCapacity: bytes.count) { lower in
                for (place, byte) in bytes.enumerated() { lower.initializeElement(at: place, to: byte.lowercasedASCII) }
                return bytes.count
            }
        }
    }

    private static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // Of the type or the value that is looked at.
        var (isType, start) = (true, 0)
        var previous = UInt8(ascii: ",")
        for (place, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "=") where isType:
                // All types that have a shorter name are longer than that.
                guard place > start, place - start < 6 else { return false }
                (isType, start) = (false, place + 1)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                break
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                if isType, place == start { return false }
            case _ where isType:
                return false
            case UInt8(ascii: ","):
                guard previous != UInt8(ascii: " ") else { return false }
                (isType, start) = (true, place + 1)
            case UInt8(ascii: " "):
                guard place > start, previous != UInt8(ascii: " ") else { return false }
            case UInt8(ascii: "#") where place == start:
                return false
            case 0..<0x20, 0x7F..., UInt8(ascii: "\""), UInt8(ascii: "+"), UInt8(ascii: ";"), UInt8(ascii: "<"),
                UInt8(ascii: ">"), UInt8(ascii: "\\"):
                return false
            default:
                break
            }
            previous = byte
        }
        return !isType && previous != UInt8(ascii: " ")
    }

    mutating func normalize() -> String? {
        skipSpaces()
        var rdns: [[UInt8]] = []
        while place < bytes.count || !rdns.isEmpty {
            guard let rdn = relativeName() else { return nil }
            rdns.append(rdn)
            if place == bytes.count { break }
            place += 1
        }
        return String(decoding: Array(rdns.joined(separator: CollectionOfOne(UInt8(ascii: ",")))), as: UTF8.self)
    }

    /// One RDN; stops at the comma behind it or at the end.
    private mutating func relativeName() -> [UInt8]? {
        var parts: [[UInt8]] = []
        while true {
            guard let type = attributeType(), let value = attributeValue() else { return nil }
            parts.append(type + CollectionOfOne(UInt8(ascii: "=")) + value)
            guard place < bytes.count, bytes[place] == UInt8(ascii: "+") else { break }
            place += 1
        }
        if parts.count > 1 { parts.sort { $0.lexicographicallyPrecedes($1) } }
        return Array(parts.joined(separator: CollectionOfOne(UInt8(ascii: "+"))))
    }

    /// The type before `=`, which is consumed.
    private mutating func attributeType() -> [UInt8]? {
        skipSpaces()
        let start = place
        while place < bytes.count, Self.isTypeCharacter(bytes[place]) { place += 1 }
        let type = bytes[start..<place].map(\.lowercasedASCII)
        skipSpaces()
        guard place < bytes.count, bytes[place] == UInt8(ascii: "="), Self.isType(type) else { return nil }
        place += 1
        return Self.shortTypes[String(decoding: type, as: UTF8.self)].map { Array($0.utf8) } ?? type
    }

    private mutating func attributeValue() -> [UInt8]? {
        skipSpaces()
        guard place < bytes.count else { return [] }
        return bytes[place] == UInt8(ascii: "#") ? encodedValue() : textValue()
    }

    private mutating func textValue() -> [UInt8]? {
        var value: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "+"):
                return Self.folded(value)
            case UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "<"), UInt8(ascii: ">"), 0:
                return nil
            case UInt8(ascii: "\\"):
                guard let escaped = escapedByte() else { return nil }
                value.append(escaped)
            default:
                value.append(byte)
                place += 1
            }
        }
        return Self.folded(value)
    }

    /// The byte that `\xx`, or `\` with a special character, stands for.
    private mutating func escapedByte() -> UInt8? {
        guard place + 1 < bytes.count else { return nil }
        let next = bytes[place + 1]
        if let high = next.hexValue {
            guard place + 2 < bytes.count, let low = bytes[place + 2].hexValue else { return nil }
            place += 3
            return high << 4 | low
        }
        guard ##" "#+,;<=>\"##.utf8.contains(next) else { return nil }
        place += 2
        return next
    }

    /// A value in its BER encoding, `#` and hexadecimal digits. A string type equals its text.
    private mutating func encodedValue() -> [UInt8]? {
        place += 1
        var value: [UInt8] = []
        while place < bytes.count, let high = bytes[place].hexValue {
            guard place + 1 < bytes.count, let low = bytes[place + 1].hexValue else { return nil }
            value.append(high << 4 | low)
            place += 2
        }
        skipSpaces()
        let isAtEnd = place == bytes.count || bytes[place] == UInt8(ascii: ",") || bytes[place] == UInt8(ascii: "+")
        guard isAtEnd, !value.isEmpty else { return nil }
        // OCTET STRING, UTF8String, PrintableString, IA5String of fewer than 128 bytes.
        if value.count >= 2, [0x04, 0x0C, 0x13, 0x16].contains(value[0]), value[1] < 0x80,
            value.count == Int(value[1]) + 2
        {
            return Self.folded(Array(value.dropFirst(2)))
        }
        return [UInt8(ascii: "#")] + value.flatMap(Self.hexDigits)
    }

    private mutating func skipSpaces() {
        while place < bytes.count, bytes[place] == UInt8(ascii: " ") { place += 1 }
    }

    /// caseIgnoreMatch (RFC 4517) as far as it is safe: lower case, and spaces at the ends
    /// dropped and inside made one. No Unicode normalisation, as Active Directory does none.
    private static func folded(_ value: [UInt8]) -> [UInt8] {
        let lower: [UInt8]
        if value.allSatisfy({ $0 < 0x80 }) {
            lower = value.map(\.lowercasedASCII)
        } else if let text = String(validating: value, as: UTF8.self) {
            lower = Array(text.lowercased().utf8)
        } else {
            return value.flatMap { $0 < 0x80 ? escaped($0, isFirst: false) : [UInt8(ascii: "\\")] + hexDigits($0) }
        }
        var result: [UInt8] = []
        result.reserveCapacity(lower.count)
        var hasSpace = false
        for byte in lower {
            if byte == UInt8(ascii: " ") {
                hasSpace = true
                continue
            }
            if hasSpace, !result.isEmpty { result.append(UInt8(ascii: " ")) }
            hasSpace = false
            result += escaped(byte, isFirst: result.isEmpty)
        }
        return result.isEmpty && hasSpace ? Array(#"\20"#.utf8) : result
    }

    private static func escaped(_ byte: UInt8, isFirst: Bool) -> [UInt8] {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "+"), UInt8(ascii: "\\"), 0..<0x20, 0x7F:
            [UInt8(ascii: "\\")] + hexDigits(byte)
        case UInt8(ascii: "#") where isFirst:
            [UInt8(ascii: "\\")] + hexDigits(byte)
        default: [byte]
        }
    }

    private static func hexDigits(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    private static func isTypeCharacter(_ byte: UInt8) -> Bool {
        switch byte | 0x20 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
    }

    /// A descriptor (a letter, then letters, digits and dashes) or a numeric OID.
    private static func isType(_ type: [UInt8]) -> Bool {
        guard let first = type.first else { return false }
        if UInt8(ascii: "a")...UInt8(ascii: "z") ~= first { return !type.contains(UInt8(ascii: ".")) }
        let arcs = type.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return arcs.count > 1 && arcs.allSatisfy { !$0.isEmpty && $0.allSatisfy(digits.contains) }
    }

    /// The types of RFC 4514 section 3, by their long names and object identifiers.
    private static let shortTypes = [
        "commonname": "cn", "2.5.4.3": "cn", "localityname": "l", "2.5.4.7": "l", "stateorprovincename": "st",
        "2.5.4.8": "st", "organizationname": "o", "2.5.4.10": "o", "organizationalunitname": "ou", "2.5.4.11": "ou",
        "countryname": "c", "2.5.4.6": "c", "streetaddress": "street", "2.5.4.9": "street", "domaincomponent": "dc",
        "0.9.2342.19200300.100.1.25": "dc", "userid": "uid", "0.9.2342.19200300.100.1.1": "uid",
    ]
}
