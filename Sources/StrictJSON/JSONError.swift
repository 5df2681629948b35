/// What is wrong with a JSON text or a member of it, in words for the one who wrote it.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The member at fault, as `tls.mode` or `rules[2].team`; empty for the value as a whole.
    public private(set) var path: String
    /// The refused text, cut to 120 characters; nil where it says nothing.
    public let value: String?
    /// What is wrong, and what to write instead.
    public let reason: String

    /// Where the text stops being JSON; nil for what is wrong with a value.
    public let place: Place?

    /// Both from 1; columns count characters.
    public struct Place: Hashable, Sendable {
        public let line: Int
        public let column: Int
    }

    public init(_ reason: String, at path: String = "", value: String? = nil) {
        self.path = path
        self.value = value.map { $0.cut(to: 120) }
        self.reason = reason
        place = nil
    }

    init(_ reason: String, at place: Place) {
        (path, value) = ("", nil)
        self.reason = reason
        self.place = place
    }

    public var description: String {
        if let place { return "\(reason) (line \(place.line), column \(place.column))" }
        guard !path.isEmpty else { return reason }
        return value.map { "\"\(path)\" is \"\($0)\": \(reason)" } ?? "\"\(path)\": \(reason)"
    }

    /// The same error as seen from the object that has the value as a member.
    public func inside(member name: String) -> JSONError {
        var error = self
        let name = name.isEmpty ? "\"\"" : name.cut(to: 120)
        error.path = path.isEmpty ? name : path.hasPrefix("[") ? "\(name)\(path)" : "\(name).\(path)"
        return error
    }

    /// The same error as seen from the array that has the value as an element.
    func inside(element index: Int) -> JSONError {
        var error = self
        error.path = path.isEmpty || path.hasPrefix("[") ? "[\(index)]\(path)" : "[\(index)].\(path)"
        return error
    }
}

extension StringProtocol {
    /// At most so many scalars, for messages: a single character may be as long as its text.
    package func cut(to count: Int) -> String { String(String.UnicodeScalarView(unicodeScalars.prefix(count))) }
}
