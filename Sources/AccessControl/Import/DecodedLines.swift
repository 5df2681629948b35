import AccessModel
import Dispatch
import Foundation
import StrictJSON
import Synchronization

/// The lines of an import, decoded in blocks: one on another thread while the one before is put into the
/// store, as the two take about as long.
struct DecodedLines {
    /// A line that is not empty, by its number; the first is 1.
    struct Line: Sendable {
        let number: Int
        let content: Result<any ImportLine, AccessError>
        /// Where the next line starts.
        let end: Data.Index
    }

    private let text: Data
    private var block: Block
    private var place = 0
    private var ahead: Ahead?

    init(_ text: Data) {
        // Some editors put a byte order mark in front.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = text.starts(with: mark) ? text.dropFirst(mark.count) : text
        self.text = text
        block = Block(of: text, from: text.startIndex, after: 0)
        startAhead()
    }

    /// nil after the last line.
    mutating func next() -> Line? {
        while place == block.lines.count {
            guard let ahead else { return nil }
            block = ahead.wait()
            place = 0
            startAhead()
        }
        defer { place += 1 }
        return block.lines[place]
    }

    private mutating func startAhead() {
        ahead = block.end < text.endIndex ? Ahead(of: text, from: block.end, after: block.lastNumber) : nil
    }
}

private struct Block: Sendable {
    private(set) var lines: [DecodedLines.Line] = []
    private(set) var lastNumber: Int
    private(set) var end: Data.Index

    private static let size = 1 << 18
    private static let blanks = Data(" \r\t".utf8)

    /// Ends at a line's end, and behind the first line that cannot be decoded.
    init(of text: Data, from start: Data.Index, after number: Int) {
        (lastNumber, end) = (number, start)
        while end < text.endIndex, end - start < Self.size {
            let stop = text.lineEnd(from: end)
            let bytes = text[end..<stop]
            lastNumber += 1
            end = stop < text.endIndex ? text.index(after: stop) : stop
            guard bytes.contains(where: { !Self.blanks.contains($0) }) else { continue }
            let content = Self.decode(bytes, lastNumber)
            lines.append(DecodedLines.Line(number: lastNumber, content: content, end: end))
            if case .failure = content { return }
        }
    }

    private static func decode(_ bytes: Data, _ number: Int) -> Result<any ImportLine, AccessError> {
        guard bytes.count <= 65_536 else {
            return .failure(.importLine(line: number, reason: "it is longer than 65,536 bytes"))
        }
        guard StreamSafeText.isSafe(bytes, .json) else {
            return .failure(.importLine(line: number, reason: StreamSafeText.refusal))
        }
        do throws(JSONError) {
            return .success(try ImportLineKind.line(parsing: bytes))
        } catch {
            // A line is one line of JSON.
            let reason = error.place.map { "\(error.reason) (column \($0.column))" } ?? error.description
            return .failure(.importLine(line: number, reason: reason))
        }
    }
}

extension Data {
    /// The next line feed, or the end. Looked for in one piece of memory: by the bytes it takes as long as reading the JSON.
    fileprivate func lineEnd(from start: Index) -> Index {
        withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[(start - startIndex)...])
            guard let base = rest.baseAddress, let found = memchr(base, CInt(UInt8(ascii: "\n")), rest.count) else {
                return endIndex
            }
            return start + (found - UnsafeMutableRawPointer(mutating: base))
        }
    }
}

/// A block that another thread is decoding.
private final class Ahead: Sendable {
    private let block = Mutex<Block?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    init(of text: Data, from start: Data.Index, after number: Int) {
        DispatchQueue.global().async { [self] in
            let decoded = Block(of: text, from: start, after: number)
            block.withLock { $0 = decoded }
            isDone.signal()
        }
    }

    /// Waits for the block. To be called once.
    func wait() -> Block {
        isDone.wait()
        return block.withLock { block in
            guard let block else { preconditionFailure("a block is done before it is there") }
            return block
        }
    }
}
