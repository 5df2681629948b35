/// What a decision needs of an account or a repository, in one cache line: its name, what it is, and up to eight
/// words.
struct NamedRow: BitwiseCopyable, Sendable {
    static let capacity = 8
    fileprivate static let spilled: UInt8 = 255

    var name: PackedName
    /// Of a repository its namespace.
    var link: Int32
    var flags: RowFlags
    /// `spilled` if the list is elsewhere.
    fileprivate var count: UInt8 = 0
    fileprivate var words = InlineArray<8, UInt32>(repeating: 0)

    init(name: PackedName, link: Int32 = -1, flags: RowFlags) {
        (self.name, self.link, self.flags) = (name, link, flags)
    }

    /// Puts a word into its place in the row.
    /// - Returns: false, with nothing changed, if there is no room or the key is there.
    fileprivate mutating func insert<Word: KeyedWord>(_ word: Word) -> Bool {
        guard count < Self.capacity else { return false }
        var place = Int(count)
        while place > 0, Word(word: words[place - 1]).key >= word.key { place -= 1 }
        guard place == count || Word(word: words[place]).key != word.key else { return false }
        for next in stride(from: Int(count), to: place, by: -1) { words[next] = words[next - 1] }
        words[place] = word.word
        count += 1
        return true
    }
}

struct RowFlags: OptionSet, BitwiseCopyable, Sendable {
    let rawValue: UInt8

    static let exists = RowFlags(rawValue: 1)
    /// Its index is not the rank of its name any more.
    static let isRenamed = RowFlags(rawValue: 2)
    // Of an account.
    static let isUser = RowFlags(rawValue: 4)
    static let isActive = RowFlags(rawValue: 8)
    static let isSystemAdmin = RowFlags(rawValue: 16)
    static let isDecisionReader = RowFlags(rawValue: 32)
    // Of a repository.
    static let isPublic = RowFlags(rawValue: 4)

    mutating func set(_ flag: RowFlags, _ isSet: Bool) {
        if isSet { insert(flag) } else { remove(flag) }
    }
}

/// Rows by index, each with a list of words in the order of their keys. Most lists are in their row; a longer one
/// is in an array of its own.
struct NamedRows<Word: KeyedWord>: Sendable {
    private var rows = ChunkedArray<256, NamedRow>()
    private var lists = ChunkedArray<256, SortedWords<Word>>()

    var count: Int { rows.count }
    var indices: Range<Int32> { rows.indices }

    mutating func append(_ row: NamedRow) -> Int32 {
        lists.append(SortedWords())
        return rows.append(row)
    }

    subscript(index: Int32) -> NamedRow {
        @inline(__always) _read { yield rows[index] }
        _modify { yield &rows[index] }
    }

    /// Visits the list of a row, in order.
    @inline(__always)
    func forEachWord(of index: Int32, _ visit: (Word) -> Void) {
        // A copy, as that needs no reference to be held.
        let row = rows[index]
        let isSpilled = row.count == NamedRow.spilled
        for place in 0..<(isSpilled ? lists[index].count : Int(row.count)) {
            visit(isSpilled ? lists[index][place] : Word(word: row.words[place]))
        }
    }

    /// Whether a row has few words.
    @inline(__always)
    func isShort(_ index: Int32) -> Bool { rows[index].count != NamedRow.spilled }

    /// The word of a row with the key of `other`, whatever else that says.
    @inline(__always)
    func word(of index: Int32, keyOf other: Word) -> Word? {
        let row = rows[index]
        guard row.count != NamedRow.spilled else { return lists[index][keyOf: other] }
        for place in 0..<Int(row.count) {
            let word = Word(word: row.words[place])
            if word.key == other.key { return word }
        }
        return nil
    }

    /// Takes the place of the word with the same key, if there is one.
    mutating func set(_ word: Word, at index: Int32) {
        // Most come to a row with room for them; that needs no list made.
        if !rows[index].insert(word) { edit(index) { $0.set(word) } }
    }

    mutating func remove(keyOf word: Word, at index: Int32) { edit(index) { $0.remove(keyOf: word) } }

    /// - Parameter list: in place of the one that the row has.
    mutating func setList(_ list: SortedWords<Word>, at index: Int32) {
        guard list.count <= NamedRow.capacity else {
            rows[index].count = NamedRow.spilled
            lists[index] = list
            return
        }
        for (place, word) in list.enumerated() { rows[index].words[place] = word.word }
        if rows[index].count == NamedRow.spilled { lists[index] = SortedWords() }
        rows[index].count = UInt8(list.count)
    }

    private mutating func edit(_ index: Int32, _ change: (inout SortedWords<Word>) -> Void) {
        if rows[index].count == NamedRow.spilled, lists[index].count > NamedRow.capacity + 1 {
            return change(&lists[index])
        }
        var words: [UInt32] = []
        forEachWord(of: index) { words.append($0.word) }
        var list = SortedWords<Word>(inOrder: words)
        change(&list)
        setList(list, at: index)
    }
}
