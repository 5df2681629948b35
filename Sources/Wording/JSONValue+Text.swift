package import StrictJSON

extension JSONValue {
    /// For a cell of a table or a sentence: text without quotes and without what a terminal would obey, nothing for null.
    package var text: String {
        switch self {
        case .null: ""
        case .bool(let value): value ? "yes" : "no"
        case .number(let text): text
        case .string(let text): text.withoutControls
        case .array(let items): items.map(\.text).joined(separator: ", ")
        case .object: compact
        }
    }

    /// On one line, without spaces.
    package var compact: String {
        var text = ""
        write(to: &text, indentation: nil)
        return text
    }

    /// Indented by two spaces.
    package var pretty: String {
        var text = ""
        write(to: &text, indentation: 0)
        return text
    }

    private func write(to text: inout String, indentation: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let digits): text += digits
        case .string(let value): Self.write(value, to: &text)
        case .array(let items):
            Self.write(items, between: "[", "]", to: &text, indentation) { item, text, deeper in
                item.write(to: &text, indentation: deeper)
            }
        case .object(let members):
            Self.write(members, between: "{", "}", to: &text, indentation) { member, text, deeper in
                Self.write(member.name, to: &text)
                text += deeper == nil ? ":" : ": "
                member.value.write(to: &text, indentation: deeper)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], between open: String, _ close: String, to text: inout String, _ indentation: Int?,
        _ write: (Element, inout String, Int?) -> Void
    ) {
        let deeper = indentation.map { $0 + 2 }
        func startLine(_ indentation: Int?) {
            if let indentation { text += "\n" + String(repeating: " ", count: indentation) }
        }
        text += open
        for (place, element) in elements.enumerated() {
            if place > 0 { text += "," }
            startLine(deeper)
            write(element, &text, deeper)
        }
        if !elements.isEmpty { startLine(indentation) }
        text += close
    }

    private static func write(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            // A terminal would obey the controls of the second range (C1), and marks of direction, as well.
            case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
