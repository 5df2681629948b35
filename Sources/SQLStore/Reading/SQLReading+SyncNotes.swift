import AccessControl
import AccessModel
import Crypto

extension SQLReading {
    /// The notes that a list names, in order.
    func notes(_ list: String) throws(AccessError) -> [SyncNote] {
        guard let list = SyncNoteList(list) else { throw .storage(.damaged("a run's list of notes cannot be read")) }
        var notes: [SyncNote] = []
        for range in list.ranges {
            notes += try connection.rows(
                "SELECT note FROM sync_notes WHERE id BETWEEN ? AND ?",
                [.integer(range.lowerBound), .integer(range.upperBound)]
            ) { (row) throws(AccessError) in try StoredJSON.decode(SyncNote.self, from: try row.requiredText(0)) }
        }
        return notes.sorted()
    }

    /// A run with its plan, of a row that has `body`, `plan` and `notes`.
    func run(_ row: (run: SyncRun, notes: String?)) throws(AccessError) -> SyncRun {
        var run = row.run
        if let list = row.notes { run.plan?.notes = try notes(list) }
        return run
    }
}

extension SQLWriter {
    /// Keeps notes that are not kept yet.
    /// - Returns: the list of all of them; nil if there are none.
    func keep(_ notes: [SyncNote]) throws(AccessError) -> String? {
        guard !notes.isEmpty else { return nil }
        let texts = try notes.map { (note) throws(AccessError) in try StoredJSON.encode(note) }
        let digests = texts.map { Hexadecimal.text(SHA256.hash(data: Array($0.utf8))) }
        var ids = try self.ids(ofNotes: digests)
        var added: Set<String> = []
        for (digest, text) in zip(digests, texts) where ids[digest] == nil && added.insert(digest).inserted {
            try connection.enqueue(Self.insertNote, [.text(digest), .text(text)])
        }
        if !added.isEmpty { ids = try self.ids(ofNotes: digests) }
        return SyncNoteList(digests.compactMap { ids[$0] }).text
    }

    private static let insertNote = SQLInsert(into: "sync_notes", ["digest", "note"])

    private func ids(ofNotes digests: [String]) throws(AccessError) -> [String: Int64] {
        var ids: [String: Int64] = [:]
        try connection.query("SELECT digest, id FROM sync_notes", where: "digest", in: digests) {
            (row) throws(AccessError) in ids[try row.requiredText(0)] = try row.requiredInteger(1)
        }
        return ids
    }

    /// Lets go of notes that no run has any more.
    func pruneNotes() throws(AccessError) {
        let lists = try connection.rows("SELECT DISTINCT notes FROM sync_runs WHERE notes IS NOT NULL", []) {
            (row) throws(AccessError) in SyncNoteList(try row.requiredText(0))
        }
        var next: Int64 = 0
        for range in SyncNoteList(uniting: lists.compactMap(\.self)).ranges + [.max ... .max] {
            try connection.execute(
                "DELETE FROM sync_notes WHERE id >= ? AND id < ?", [.integer(next), .integer(range.lowerBound)])
            next = range.upperBound &+ 1
        }
    }
}
