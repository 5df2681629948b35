/// A distinguished name (RFC 4514) and the form in which two spellings of it are the same.
struct WindowsName: Sendable {
    let text: String
    /// The first part as it was written.
    let first: String
    /// The type and the plain value of the first part.
    let type: String
    let value: String
    /// What is left without the first part.
    let parentText: String
    let key: String
    let parentKey: String

    private static let separator = "\u{1F}"

    init(_ text: String) {
        let parts = Self.split(text)
        let plain = parts.map(Self.plain)
        self.text = text
        first = parts.first ?? ""
        (type, value) = plain.first ?? ("", "")
        parentText = parts.dropFirst().joined(separator: ",")
        let keys = plain.map { "\($0)=\($1)".lowercased() }
        key = keys.joined(separator: Self.separator)
        parentKey = keys.dropFirst().joined(separator: Self.separator)
    }

    /// Whether this is `other` or lies below it.
    func isWithin(_ other: WindowsName) -> Bool {
        other.key.isEmpty || key == other.key || key.hasSuffix(Self.separator + other.key)
    }

    /// A value as a part of a name writes it.
    static func escaped(_ value: String) -> String {
        var text = ""
        for character in value {
            if character == "\n" {
                text += "\\0A"
            } else {
                text += ",+\"\\<>;=".contains(character) ? "\\\(character)" : String(character)
            }
        }
        return text
    }

    private static func split(_ text: String) -> [String] {
        var parts: [String] = []
        var (part, isEscaped) = ("", false)
        for character in text {
            if character == ",", !isEscaped {
                parts.append(trimmed(part))
                part = ""
            } else {
                part.append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return text.isEmpty ? [] : parts + [trimmed(part)]
    }

    private static func trimmed(_ part: String) -> String {
        let tail = part.drop { $0 == " " }
        let spaces = tail.reversed().prefix { $0 == " " }.count
        let isEscaped = tail.dropLast(spaces).hasSuffix("\\")
        return String(tail.dropLast(isEscaped ? spaces - 1 : spaces))
    }

    private static func plain(_ part: String) -> (type: String, value: String) {
        guard let equals = part.firstIndex(of: "=") else { return (part, "") }
        let type = trimmed(String(part[..<equals]))
        var rest = Array(trimmed(String(part[part.index(after: equals)...])).utf8)[...]
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                value.append(byte)
                continue
            }
            if let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 {
                value.append(code)
                rest = rest.dropFirst(2)
            } else if let escaped = rest.popFirst() {
                value.append(escaped)
            }
        }
        return (type, String(decoding: value, as: UTF8.self))
    }
}
