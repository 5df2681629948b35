import AccessControl
import AccessModel
import Crypto

/// An entry of the change log as it lies in its table: facts as JSON, personal fields as digests.
struct LogEntry {
    var revision: Revision
    var time: Timestamp
    var actor: String
    var reason: String?
    var kind: Fact.Kind
    var before: String?
    var after: String?
    /// Of what is kept beside the fact from now on; nil if the entry changes nothing about that. It proves the
    /// secret, and is for nothing else: it leaves by no interface.
    var secretDigest: String?

    static let insert = SQLInsert(
        into: "changes",
        ["revision", "time", "actor", "reason", "kind", "before", "after", "hash", "secret_digest"])
    static let columns = insert.columns.map { "changes.\($0)" }.joined(separator: ", ")

    /// The hash before the first entry.
    static let origin = String(repeating: "0", count: 64)

    /// The hash of this entry: SHA-256, in lower-case hexadecimal, over
    /// - the hash before it, as its 64 digits;
    /// - the number and the time, each as eight bytes, the most significant first;
    /// - actor, reason, kind, before and after: each a byte 0 if absent, or else a byte 1, the
    ///   length in bytes as eight bytes, and the text in UTF-8;
    /// - the digest of the secret in the same form, and nothing if it is absent: entries from before
    ///   there were any keep their hash.
    func hash(after previous: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1_024)
        bytes.append(contentsOf: previous.utf8)
        Self.append(UInt64(bitPattern: revision), to: &bytes)
        Self.append(UInt64(bitPattern: time.microseconds), to: &bytes)
        Self.append(actor, to: &bytes)
        Self.append(reason, to: &bytes)
        Self.append(kind.rawValue, to: &bytes)
        Self.append(before, to: &bytes)
        Self.append(after, to: &bytes)
        if let secretDigest { Self.append(secretDigest, to: &bytes) }
        return Hexadecimal.text(SHA256.hash(data: bytes))
    }

    func row(hash: String) -> [SQLValue] {
        [
            .integer(revision), .integer(time.microseconds), .text(actor), SQLValue(reason), .text(kind.rawValue),
            SQLValue(before), SQLValue(after), .text(hash), SQLValue(secretDigest),
        ]
    }

    /// - Parameter secret: nil for none.
    static func digest(ofSecret secret: [UInt8]?) -> String { Hexadecimal.text(SHA256.hash(data: secret ?? [])) }

    /// The change, its personal fields still digests.
    func change() throws(AccessError) -> Change {
        let before = try before.map { (json) throws(AccessError) in try Fact(kind: kind, json: json) }
        let after = try after.map { (json) throws(AccessError) in try Fact(kind: kind, json: json) }
        switch (before, after) {
        case (nil, let after?): return .insert(after)
        case (let before?, nil): return .delete(before)
        case (let before?, let after?):
            if let change = Change.update(before, to: after) { return change }
            throw .storage(.damaged("entry \(revision) of the change log turns one thing into another"))
        case (nil, nil):
            throw .storage(.damaged("entry \(revision) of the change log is empty"))
        }
    }

    private static func append(_ text: String?, to bytes: inout [UInt8]) {
        guard let text else { return bytes.append(0) }
        bytes.append(1)
        append(UInt64(text.utf8.count), to: &bytes)
        bytes.append(contentsOf: text.utf8)
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}

extension LogEntry {
    /// Reads a row of `columns`.
    init(row: any SQLRow) throws(AccessError) {
        revision = try row.revision(0)
        time = Timestamp(microseconds: try row.requiredInteger(1))
        actor = try row.requiredText(2)
        reason = row.text(3)
        kind = try row.word(4)
        before = row.text(5)
        after = row.text(6)
        secretDigest = row.text(8)
    }
}
