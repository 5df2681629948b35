/// One of a list, in a word: a key above some bits that say something about it.
protocol KeyedWord: BitwiseCopyable, Sendable {
    /// How many of the lowest bits are no part of the key.
    static var valueBits: UInt32 { get }
    var word: UInt32 { get }
    init(word: UInt32)
}

extension KeyedWord {
    @inline(__always)
    var key: UInt32 { word >> Self.valueBits }
}

/// A list of words in the order of their keys, each key once.
struct SortedWords<Word: KeyedWord>: Sendable, RandomAccessCollection {
    private var words: [UInt32] = []

    init() {}

    /// - Parameter words: in order, and each key once.
    init(inOrder words: [UInt32]) { self.words = words }

    var startIndex: Int { 0 }
    var endIndex: Int { words.count }

    @inline(__always)
    subscript(place: Int) -> Word { Word(word: words[place]) }

    /// The word with the key of `other`, whatever else that says.
    subscript(keyOf other: Word) -> Word? {
        let place = place(of: other.key)
        guard place < words.count, self[place].key == other.key else { return nil }
        return self[place]
    }

    func contains(_ other: Word) -> Bool { self[keyOf: other] != nil }

    /// Takes the place of the word with the same key, if there is one.
    mutating func set(_ word: Word) {
        let place = place(of: word.key)
        if place < words.count, self[place].key == word.key {
            words[place] = word.word
        } else {
            words.insert(word.word, at: place)
        }
    }

    mutating func remove(keyOf word: Word) {
        let place = place(of: word.key)
        if place < words.count, self[place].key == word.key { words.remove(at: place) }
    }

    /// The first place whose key is not less.
    private func place(of key: UInt32) -> Int {
        if let last = words.last, Word(word: last).key < key { return words.count }
        var (low, high) = (0, words.count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension SortedWords {
    /// Visits the words without counting references.
    @inline(__always)
    func forEachWord(_ visit: (Word) -> Void) {
        words.withUnsafeBufferPointer { for word in $0 { visit(Word(word: word)) } }
    }
}
