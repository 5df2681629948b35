/// The operations of a role in a form that answers at once. An engine's are a bit each. Kubernetes' are found under what they are
/// about, with a bit for each verb: of what is asked at most five forms cover it.
struct OperationSet: Sendable {
    /// Bits of `EngineOperation`.
    private var engine: (UInt64, UInt64) = (0, 0)
    /// By key, each key once.
    private var entries: [Entry] = []
    private var paths: [Path] = []

    private struct Entry: Sendable {
        let key: UInt64
        let verbs: UInt64
    }

    private struct Path: Sendable {
        let path: String
        /// Whether it covers what begins with it.
        let isPrefix: Bool
        /// `*` for all.
        let verb: String
    }

    init() {}

    init(_ operations: [ControlOperation], _ words: inout OperationWords) {
        var verbs: [UInt64: UInt64] = [:]
        for operation in operations {
            switch operation {
            case .engine(let operation): insert(operation)
            case .other(let type, let verb):
                verbs[words.key(OperationWords.other(type, verb)), default: 0] |= OperationWords.anyVerb
            case .kubernetes(let operation):
                switch operation.target {
                case .path(let path):
                    let isPrefix = path.hasSuffix("*")
                    paths.append(
                        Path(path: isPrefix ? String(path.dropLast()) : path, isPrefix: isPrefix, verb: operation.verb))
                case .resource(let resource, let group, let subresource):
                    let verb = OperationWords.bit(of: operation.verb)
                    let resource = verb == nil ? OperationWords.joined(operation.verb, resource) : resource
                    verbs[words.key(resource, group, subresource), default: 0] |= verb ?? OperationWords.anyVerb
                }
            }
        }
        entries = verbs.sorted { $0.key < $1.key }.map { Entry(key: $0.key, verbs: $0.value) }
    }

    private mutating func insert(_ operation: EngineOperation) {
        if operation.index < 64 {
            engine.0 |= 1 << UInt64(operation.index)
        } else {
            engine.1 |= 1 << UInt64(operation.index - 64)
        }
    }

    /// Whether what is asked for is among them.
    @inline(__always)
    func contains(_ question: OperationQuestion) -> Bool {
        switch question.form {
        case .engine(let index): (index < 64 ? engine.0 >> UInt64(index) : engine.1 >> UInt64(index - 64)) & 1 != 0
        case .keys: question.contains { key, mask in verbs(under: key) & mask != 0 }
        case .path(let verb, let path):
            paths.contains { known in
                (known.verb == "*" || known.verb == verb)
                    && (known.isPrefix ? path.hasPrefix(known.path) : path == known.path)
            }
        }
    }

    @inline(__always)
    private func verbs(under key: UInt64) -> UInt64 {
        entries.withUnsafeBufferPointer { entries in
            var (low, high) = (0, entries.count)
            while low < high {
                let middle = (low + high) / 2
                if entries[middle].key < key { low = middle + 1 } else { high = middle }
            }
            return low < entries.count && entries[low].key == key ? entries[low].verbs : 0
        }
    }
}

extension Role {
    /// Whether one of its operations covers what is asked for.
    func has(_ operation: ControlOperation) -> Bool {
        var words = OperationWords()
        let set = OperationSet(operations, &words)
        return set.contains(OperationQuestion(operation, words))
    }
}

/// What somebody asks for, looked up once for all roles that it is compared with.
struct OperationQuestion: Sendable {
    enum Form: Sendable {
        case engine(UInt8)
        case keys
        case path(verb: String, String)
    }

    let form: Form
    /// Keys that cover it, each with the verbs that do: five, or twice as many for a verb that has no bit.
    private var keys = InlineArray<10, (key: UInt64, mask: UInt64)>(repeating: (0, 0))
    private var count = 0

    /// - Parameter operation: no pattern.
    init(_ operation: ControlOperation, _ words: OperationWords) {
        switch operation {
        case .engine(let operation):
            form = .engine(operation.index)
        case .other(let type, let verb):
            form = .keys
            append(words.find(OperationWords.other(type, verb)), OperationWords.anyVerb)
        case .kubernetes(let operation):
            switch operation.target {
            case .path(let path):
                form = .path(verb: operation.verb, path)
            case .resource(let resource, let group, let subresource):
                form = .keys
                let verb = OperationWords.bit(of: operation.verb)
                append(words, resource, "*", group, subresource, (verb ?? 0) | OperationWords.anyVerb)
                guard verb == nil else { return }
                append(
                    words, OperationWords.joined(operation.verb, resource), OperationWords.joined(operation.verb, "*"),
                    group, subresource, OperationWords.anyVerb)
            }
        }
    }

    /// The forms of RBAC that cover a resource: its own, and `*.GROUP/SUBRESOURCE`, `*.GROUP`, `*/SUBRESOURCE` and `*`.
    private mutating func append(
        _ words: OperationWords, _ resource: String, _ any: String, _ group: String, _ subresource: String,
        _ mask: UInt64
    ) {
        append(words.find(resource, group, subresource), mask)
        append(words.find(any, group, subresource), mask)
        append(words.find(any, group), mask)
        append(words.find(any, "", subresource), mask)
        append(words.find(any), mask)
    }

    private mutating func append(_ key: UInt64?, _ mask: UInt64) {
        guard let key else { return }
        keys[count] = (key, mask)
        count += 1
    }

    @inline(__always)
    func contains(where matches: (UInt64, UInt64) -> Bool) -> Bool {
        for place in 0..<count where matches(keys[place].key, keys[place].mask) { return true }
        return false
    }
}

/// Numbers for the words of operations, and keys made of them. A word keeps its number.
struct OperationWords: Sendable {
    /// The bit for the verb `*`, and for what has no verb of its own.
    static let anyVerb: UInt64 = 1 << 63

    private static let verbs: [String: UInt64] = {
        let names = [
            "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "use", "bind",
            "escalate", "impersonate", "approve", "sign", "attest", "proxy",
        ]
        var bits = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, UInt64(1) << UInt64($0)) })
        bits["*"] = anyVerb
        return bits
    }()

    private var numbers: [String: UInt64] = ["": 0]

    /// nil for a verb that is too rare to have one: it goes with the resource then.
    static func bit(of verb: String) -> UInt64? { verbs[verb] }

    static func joined(_ verb: String, _ resource: String) -> String { "\(verb) \(resource)" }
    static func other(_ type: String, _ verb: String) -> String { "x-\(type).\(verb)" }

    /// Each word has 21 bits of it.
    mutating func key(_ resource: String, _ group: String = "", _ subresource: String = "") -> UInt64 {
        number(resource) << 42 | number(group) << 21 | number(subresource)
    }

    private mutating func number(_ word: String) -> UInt64 {
        if let known = numbers[word] { return known }
        let number = UInt64(numbers.count)
        numbers[word] = number
        return number
    }

    /// nil where no role has a word of it.
    func find(_ resource: String, _ group: String = "", _ subresource: String = "") -> UInt64? {
        guard let resource = numbers[resource], let group = numbers[group], let subresource = numbers[subresource]
        else {
            return nil
        }
        return resource << 42 | group << 21 | subresource
    }
}
