import StrictJSON

/// One thing that can be done in the control plane: `container.create`, `get pods`, `x-nomad-job.run`. A role has a set of them,
/// some with wildcards.
public enum ControlOperation: Hashable, Sendable {
    case engine(EngineOperation)
    case kubernetes(KubernetesOperation)
    /// Of a type that is none of ours: `x-TYPE.VERB`.
    case other(type: String, verb: String)

    /// Parses what is asked for.
    /// - Throws: for a word that there is not, with the nearest one, and for wildcards.
    public init(_ text: some StringProtocol) throws(NameError) {
        try self.init(pattern: text)
        guard !isPattern else {
            throw NameError("operation", text, "a question has no wildcards: ask for one operation")
        }
    }

    /// Parses one of a role, which may have wildcards.
    public init(pattern text: some StringProtocol) throws(NameError) {
        if text.contains(" ") {
            self = .kubernetes(try KubernetesOperation(pattern: text))
        } else if text.hasPrefix("x-") {
            let parts = text.dropFirst(2).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw NameError("operation", text, "write x-TYPE.VERB") }
            try self.init(type: String(parts[0]), verb: String(parts[1]))
        } else if let operation = EngineOperation(String(text)) {
            self = .engine(operation)
        } else {
            let near = EngineOperation.all.map(\.name).nearest(to: String(text))
            throw NameError("operation", text, near.map { "there is none: is \($0) meant?" } ?? Self.forms)
        }
    }

    /// One of a type that is none of ours.
    public init(type: String, verb: String) throws(NameError) {
        guard Self.isWord(type, dots: false), Self.isWord(verb, dots: true) else {
            throw NameError(
                "operation", "x-\(type).\(verb)", "a type has letters, digits, '_', '-' and ':', and a verb '.', too")
        }
        self = .other(type: type, verb: verb)
    }

    private static let forms =
        "write TYPE.VERB as in container.create, VERB RESOURCE as in \"get pods\", or x-TYPE.VERB"

    private static func isWord(_ text: String, dots: Bool) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"):
                    true
                default: dots && byte == UInt8(ascii: ".")
                }
            }
    }

    /// All of an engine, of Kubernetes, and none of those of others.
    static let everything =
        EngineOperation.all.map(ControlOperation.engine)
        + [try? ControlOperation(pattern: "* *"), try? ControlOperation(pattern: "* url:*")].compactMap(\.self)

    /// Whether it stands for more than one.
    public var isPattern: Bool { if case .kubernetes(let operation) = self { operation.isPattern } else { false } }
}

extension ControlOperation: CustomStringConvertible, Comparable, Encodable {
    /// What `init` parses.
    public var description: String {
        switch self {
        case .engine(let operation): operation.name
        case .kubernetes(let operation): operation.description
        case .other(let type, let verb): "x-\(type).\(verb)"
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// Bytewise by what is written.
    public static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}
