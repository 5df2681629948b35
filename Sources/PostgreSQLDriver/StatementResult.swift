import CLibPQ
import SQLStore

/// What the server answered to one statement.
final class StatementResult {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQclear(pointer) }

    var rowCount: Int { Int(PQntuples(pointer)) }

    /// How many rows were inserted, updated or deleted.
    var changedRows: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    /// What was done, as in `COMMIT`.
    var command: String { String(cString: PQcmdStatus(pointer)) }

    func row(_ index: Int) -> PostgreSQLRow { PostgreSQLRow(owner: self, index: CInt(index)) }

    var failure: ServerFailure {
        func field(_ code: Unicode.Scalar) -> String? {
            PQresultErrorField(pointer, CInt(UInt8(ascii: code))).map { String(cString: $0) }
        }
        return ServerFailure(
            state: field("C") ?? "", message: String(cString: PQresultErrorMessage(pointer)), constraint: field("n"))
    }
}

/// A row of a result in the binary format. A column of another type reads as nil.
struct PostgreSQLRow: SQLRow {
    /// Keeps the memory of the row.
    let owner: StatementResult
    let index: CInt

    private var result: OpaquePointer { owner.pointer }

    /// Of the types that our statements give, by their numbers in `pg_type`.
    private enum ColumnType {
        static let bool: Oid = 16
        static let bytea: Oid = 17
        static let name: Oid = 19
        static let int8: Oid = 20
        static let int2: Oid = 21
        static let int4: Oid = 23
        static let text: Oid = 25
        static let varchar: Oid = 1_043
    }

    private func value(_ column: Int) -> UnsafeRawBufferPointer? {
        let column = CInt(column)
        guard PQgetisnull(result, index, column) == 0, let start = PQgetvalue(result, index, column) else { return nil }
        return UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, index, column)))
    }

    func integer(_ column: Int) -> Int64? {
        guard let value = value(column) else { return nil }
        return switch (PQftype(result, CInt(column)), value.count) {
        case (ColumnType.int8, 8): Int64(bigEndian: value.loadUnaligned(as: Int64.self))
        case (ColumnType.int4, 4): Int64(Int32(bigEndian: value.loadUnaligned(as: Int32.self)))
        case (ColumnType.int2, 2): Int64(Int16(bigEndian: value.loadUnaligned(as: Int16.self)))
        case (ColumnType.bool, 1): Int64(value[0])
        default: nil
        }
    }

    func text(_ column: Int) -> String? {
        switch PQftype(result, CInt(column)) {
        case ColumnType.text, ColumnType.varchar, ColumnType.name:
            value(column).map { String(decoding: $0, as: UTF8.self) }
        default: nil
        }
    }

    func bytes(_ column: Int) -> [UInt8]? {
        guard PQftype(result, CInt(column)) == ColumnType.bytea else { return nil }
        return value(column).map(Array.init)
    }
}
