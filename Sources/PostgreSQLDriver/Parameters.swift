import SQLStore

/// The parameters of a statement as libpq takes them, in memory that is used again and again.
///
/// Integers are sent as text, whose type the server finds out from where they stand; all else is binary.
struct Parameters {
    private var bytes: [UInt8] = []
    private var offsets: [Int] = []
    private var lengths: [CInt] = []
    private var formats: [CInt] = []

    mutating func with<Result>(
        _ arguments: [SQLValue],
        _ body: (
            CInt, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?
        ) -> Result
    ) -> Result {
        bytes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        for argument in arguments { append(argument) }
        return bytes.withUnsafeBytes { buffer in
            let values = offsets.map { offset -> UnsafePointer<CChar>? in
                guard offset >= 0, let start = buffer.baseAddress else { return nil }
                return (start + offset).assumingMemoryBound(to: CChar.self)
            }
            return body(CInt(arguments.count), values, lengths, formats)
        }
    }

    private mutating func append(_ argument: SQLValue) {
        let start = bytes.count
        var format: CInt = 1
        switch argument {
        case .null:
            offsets.append(-1)
            lengths.append(0)
            formats.append(1)
            return
        case .integer(let value):
            format = 0
            bytes.append(contentsOf: String(value).utf8)
        case .text(let text): bytes.append(contentsOf: text.utf8)
        case .bytes(let value): bytes.append(contentsOf: value)
        }
        offsets.append(start)
        lengths.append(CInt(bytes.count - start))
        formats.append(format)
        // Texts end with it, and an empty value has a place.
        bytes.append(0)
    }
}

/// The binary format of COPY (PostgreSQL, COPY, "Binary Format").
enum BinaryCopy {
    static let header: [UInt8] =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + [UInt8](repeating: 0, count: 8)
    static let trailer: [UInt8] = [0xFF, 0xFF]

    static func append(_ row: [SQLValue], to bytes: inout [UInt8]) {
        append(Int16(row.count), to: &bytes)
        for value in row {
            switch value {
            case .null: append(Int32(-1), to: &bytes)
            case .integer(let integer):
                append(Int32(8), to: &bytes)
                append(integer, to: &bytes)
            case .text(let text):
                append(Int32(text.utf8.count), to: &bytes)
                bytes.append(contentsOf: text.utf8)
            case .bytes(let value):
                append(Int32(value.count), to: &bytes)
                bytes.append(contentsOf: value)
            }
        }
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
