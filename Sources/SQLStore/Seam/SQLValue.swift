import AccessControl
import AccessModel

/// A value that every engine holds.
public enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    /// Without NUL characters, which engines cut or refuse.
    case text(String)
    case bytes([UInt8])

    init(_ flag: Bool) { self = .integer(flag ? 1 : 0) }
    init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }
    init(_ integer: Int64?) { self = integer.map(SQLValue.integer) ?? .null }
    init(_ bytes: [UInt8]?) { self = bytes.map(SQLValue.bytes) ?? .null }
}

/// A row of a query's result. Columns count from 0; a value of another type reads as nil.
public protocol SQLRow {
    func integer(_ column: Int) -> Int64?
    func text(_ column: Int) -> String?
    func bytes(_ column: Int) -> [UInt8]?
}

extension SQLRow {
    func requiredText(_ column: Int) throws(AccessError) -> String {
        guard let value = text(column) else { throw .damagedColumn(column) }
        return value
    }

    func requiredInteger(_ column: Int) throws(AccessError) -> Int64 {
        guard let value = integer(column) else { throw .damagedColumn(column) }
        return value
    }

    /// A number of a change: one that others can follow.
    func revision(_ column: Int) throws(AccessError) -> Revision {
        let value = try requiredInteger(column)
        guard (0..<Revision.max >> 8).contains(value) else { throw .damagedColumn(column) }
        return value
    }

    func flag(_ column: Int) throws(AccessError) -> Bool {
        switch integer(column) {
        case 0: false
        case 1: true
        default: throw .damagedColumn(column)
        }
    }

    /// One of the words of an enumeration.
    func word<Word: RawRepresentable<String>>(_ column: Int) throws(AccessError) -> Word {
        guard let word = Word(rawValue: try requiredText(column)) else { throw .damagedColumn(column) }
        return word
    }
}

extension AccessError {
    static func damagedColumn(_ column: Int) -> AccessError {
        .storage(.damaged("column \(column + 1) of a row holds no usable value; `portreeve verify` tells more"))
    }
}
