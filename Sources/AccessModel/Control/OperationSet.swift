/// Operations in a form that answers at once. An engine's are a bit each. Kubernetes' are found under what they are
/// about, with a bit for each verb: of what is asked at most five forms cover it.
struct OperationSet: Sendable {
    /// Bits of `EngineOperation`.
    private var engine: (UInt64, UInt64) = (0, 0)
    /// By key, each key once.
    private var entries: [Entry] = []
    private var paths: Set<Path> = []
    /// Of those that cover what begins with them.
    private var prefixLengths: Set<Int> = []

    /// One operation.
    enum Key: Hashable, Sendable {
        case engine(UInt8)
        /// What it is about, and the place of the verb's bit.
        case resource(UInt64, verb: UInt8)
        case path(Path)

        init(_ operation: ControlOperation, _ words: inout OperationWords) {
            switch operation {
            case .engine(let operation): self = .engine(operation.index)
            case .other(let type, let verb):
                self = .resource(words.key(OperationWords.other(type, verb)), verb: OperationWords.anyVerb)
            case .kubernetes(let operation):
                switch operation.target {
                case .path(let path): self = .path(Path(path, verb: operation.verb))
                case .resource(let resource, let group, let subresource):
                    if let verb = OperationWords.bit(of: operation.verb) {
                        self = .resource(words.key(resource, group, subresource), verb: verb)
                    } else {
                        let word = OperationWords.joined(operation.verb, resource)
                        self = .resource(words.key(word, group, subresource), verb: OperationWords.anyVerb)
                    }
                }
            }
        }
    }

    private struct Entry: Sendable {
        let key: UInt64
        let verbs: UInt64
    }

    struct Path: Hashable, Sendable {
        let path: String
        /// Whether it covers what begins with it.
        let isPrefix: Bool
        /// `*` for all.
        let verb: String

        fileprivate init(_ path: String, verb: String) {
            let isPrefix = path.hasSuffix("*")
            self.init(path: isPrefix ? String(path.dropLast()) : path, isPrefix: isPrefix, verb: verb)
        }

        private init(path: String, isPrefix: Bool, verb: String) {
            (self.path, self.isPrefix, self.verb) = (path, isPrefix, verb)
        }

        /// All that covers a verb on a path.
        /// - Parameter lengths: how long prefixes are, in bytes: a path is ASCII.
        static func covering(
            _ verb: String, _ path: String, prefixes lengths: Set<Int>
        ) -> some Sequence<Path> {
            let verbs = verb == "*" ? ["*"] : [verb, "*"]
            let exact = verbs.lazy.map { Path(path: path, isPrefix: false, verb: $0) }
            let prefixes = lengths.lazy.filter { $0 <= path.utf8.count }.flatMap { length in
                let beginning = String(path.prefix(length))
                return verbs.map { Path(path: beginning, isPrefix: true, verb: $0) }
            }
            return [AnySequence(exact), AnySequence(prefixes)].lazy.joined()
        }
    }

    init() {}

    init(_ operations: some Sequence<ControlOperation>, _ words: inout OperationWords) {
        var verbs: [UInt64: UInt64] = [:]
        for operation in operations {
            switch Key(operation, &words) {
            case .engine(let index): insert(index)
            case .resource(let key, let verb): verbs[key, default: 0] |= 1 << UInt64(verb)
            case .path(let path):
                paths.insert(path)
                if path.isPrefix { prefixLengths.insert(path.path.utf8.count) }
            }
        }
        entries = verbs.sorted { $0.key < $1.key }.map { Entry(key: $0.key, verbs: $0.value) }
    }

    private mutating func insert(_ index: UInt8) {
        if index < 64 { engine.0 |= 1 << UInt64(index) } else { engine.1 |= 1 << UInt64(index - 64) }
    }

    /// Whether what is asked for is among them.
    func contains(_ question: OperationQuestion) -> Bool {
        switch question.form {
        case .engine(let index): hasEngineOperation(index)
        case .keys: question.contains { key, mask in verbs(under: key) & mask != 0 }
        case .path(let verb, let path):
            Path.covering(verb, path, prefixes: prefixLengths).contains(where: paths.contains)
        }
    }

    private func hasEngineOperation(_ index: UInt8) -> Bool {
        (index < 64 ? engine.0 >> UInt64(index) : engine.1 >> UInt64(index - 64)) & 1 != 0
    }

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

/// What somebody asks for, in the same form.
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
            append(OperationWords.key(words.number(of: OperationWords.other(type, verb)), 0, 0), OperationWords.anyMask)
        case .kubernetes(let operation):
            switch operation.target {
            case .path(let path):
                form = .path(verb: operation.verb, path)
            case .resource(let resource, let group, let subresource):
                form = .keys
                let verb = OperationWords.bit(of: operation.verb)
                let (group, subresource) = (words.number(of: group), words.number(of: subresource))
                append(
                    words.number(of: resource), OperationWords.any, group, subresource,
                    (verb.map { 1 << UInt64($0) } ?? 0) | OperationWords.anyMask)
                guard verb == nil else { return }
                append(
                    words.number(of: OperationWords.joined(operation.verb, resource)),
                    words.number(of: OperationWords.joined(operation.verb, "*")), group, subresource,
                    OperationWords.anyMask)
            }
        }
    }

    /// The forms of RBAC that cover a resource: its own, and `*.GROUP/SUBRESOURCE`, `*.GROUP`, `*/SUBRESOURCE` and `*`.
    private mutating func append(
        _ resource: UInt64?, _ any: UInt64?, _ group: UInt64?, _ subresource: UInt64?, _ mask: UInt64
    ) {
        append(OperationWords.key(resource, group, subresource), mask)
        append(OperationWords.key(any, group, subresource), mask)
        append(OperationWords.key(any, group, 0), mask)
        append(OperationWords.key(any, 0, subresource), mask)
        append(OperationWords.key(any, 0, 0), mask)
    }

    private mutating func append(_ key: UInt64?, _ mask: UInt64) {
        guard let key else { return }
        keys[count] = (key, mask)
        count += 1
    }

    /// Visits what covers it.
    func forEachKey(_ visit: (OperationSet.Key) -> Void) {
        for place in 0..<count { keys[place].mask.forEachBit { visit(.resource(keys[place].key, verb: $0)) } }
    }

    func contains(where matches: (UInt64, UInt64) -> Bool) -> Bool {
        for place in 0..<count where matches(keys[place].key, keys[place].mask) { return true }
        return false
    }
}

/// Numbers for the words of operations, and keys made of them. A word keeps its number.
struct OperationWords: Sendable {
    /// The place of the bit for the verb `*`, and for what has no verb of its own.
    static let anyVerb: UInt8 = 63
    static let anyMask: UInt64 = 1 << 63
    /// The number of `*`.
    static let any: UInt64 = 1

    private static let verbs: [String: UInt8] = {
        let names = [
            "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "use", "bind",
            "escalate", "impersonate", "approve", "sign", "attest", "proxy",
        ]
        var bits = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, UInt8($0)) })
        bits["*"] = anyVerb
        return bits
    }()

    private var numbers: [String: UInt64] = ["": 0, "*": any]

    /// The place of its bit; nil for a verb that is too rare to have one: it goes with the resource then.
    static func bit(of verb: String) -> UInt8? { verbs[verb] }

    static func joined(_ verb: String, _ resource: String) -> String { "\(verb) \(resource)" }
    static func other(_ type: String, _ verb: String) -> String { "x-\(type).\(verb)" }

    /// Each word has 21 bits of it; nil where one has no number.
    static func key(_ resource: UInt64?, _ group: UInt64?, _ subresource: UInt64?) -> UInt64? {
        guard let resource, let group, let subresource else { return nil }
        return resource << 42 | group << 21 | subresource
    }

    /// The key of words that get a number with it.
    mutating func key(_ resource: String, _ group: String = "", _ subresource: String = "") -> UInt64 {
        addNumber(resource) << 42 | addNumber(group) << 21 | addNumber(subresource)
    }

    private mutating func addNumber(_ word: String) -> UInt64 {
        if let known = numbers[word] { return known }
        let number = UInt64(numbers.count)
        numbers[word] = number
        return number
    }

    /// nil for a word that no role has.
    func number(of word: String) -> UInt64? { word.isEmpty ? 0 : numbers[word] }
}

extension UInt64 {
    fileprivate func forEachBit(_ visit: (UInt8) -> Void) {
        var left = self
        while left != 0 {
            visit(UInt8(left.trailingZeroBitCount))
            left &= left - 1
        }
    }
}
