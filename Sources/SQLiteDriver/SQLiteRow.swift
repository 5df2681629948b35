import GRDBSQLite
import SQLStore

/// The row on which a statement stands. A column of another type reads as nil, so that a damaged
/// file cannot end the process.
struct SQLiteRow: SQLRow {
    let statement: OpaquePointer

    func integer(_ column: Int) -> Int64? {
        guard sqlite3_column_type(statement, CInt(column)) == SQLITE_INTEGER else { return nil }
        return sqlite3_column_int64(statement, CInt(column))
    }

    func text(_ column: Int) -> String? {
        guard sqlite3_column_type(statement, CInt(column)) == SQLITE_TEXT,
            let start = sqlite3_column_text(statement, CInt(column))
        else { return nil }
        let count = Int(sqlite3_column_bytes(statement, CInt(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func bytes(_ column: Int) -> [UInt8]? {
        guard sqlite3_column_type(statement, CInt(column)) == SQLITE_BLOB else { return nil }
        let start = sqlite3_column_blob(statement, CInt(column))
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, CInt(column)))))
    }
}

extension SQLValue {
    /// Binds a copy of the value.
    /// - Parameter index: from 1.
    /// - Returns: a result code of SQLite.
    func bind(to statement: OpaquePointer, at index: CInt) -> CInt {
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch self {
        case .null:
            return sqlite3_bind_null(statement, index)
        case .integer(let value):
            return sqlite3_bind_int64(statement, index, value)
        case .text(let text):
            var text = text
            return text.withUTF8 { utf8 in
                // A null pointer would bind NULL.
                guard let start = utf8.baseAddress else { return sqlite3_bind_text(statement, index, "", 0, copied) }
                return start.withMemoryRebound(to: CChar.self, capacity: utf8.count) {
                    sqlite3_bind_text(statement, index, $0, CInt(clamping: utf8.count), copied)
                }
            }
        case .bytes(let bytes):
            // A null pointer would bind NULL, and an empty array may have one.
            if bytes.isEmpty { return sqlite3_bind_zeroblob(statement, index, 0) }
            return sqlite3_bind_blob(statement, index, bytes, CInt(clamping: bytes.count), copied)
        }
    }
}
