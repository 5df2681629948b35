/// A numbered script that brings a database from one schema to the next. Every driver has the same ones by number and
/// name, in its engine's words: INTEGER, TEXT and BLOB of SQLite are BIGINT, TEXT COLLATE "C" and BYTEA of PostgreSQL, and
/// there are no other types. Scripts that were released never change: a database remembers their checksums.
public struct Migration: Hashable, Sendable {
    /// From 1, without gaps.
    public let number: Int64
    /// As in `0001_initial`.
    public let name: String
    /// Statements, each ended by a semicolon.
    public let sql: String

    public init(number: Int64, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// A list of scripts.
    /// - Parameter scripts: from the first, each with its name and its text in UTF-8.
    public static func list(_ scripts: KeyValuePairs<String, [UInt8]>) -> [Migration] {
        zip(1..., scripts).map { number, script in
            Migration(number: Int64(number), name: script.key, sql: String(decoding: script.value, as: UTF8.self))
        }
    }
}
