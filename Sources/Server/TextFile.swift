package import Foundation

/// Texts from files that people write: UTF-8, with or without the mark that some editors put in front.
package enum TextFile {
    package struct Unusable: Error, Hashable, CustomStringConvertible {
        package var description: String
    }

    /// A file's bytes without that mark.
    /// - Throws: for UTF-16 and UTF-32, which editors save as "Unicode".
    package static func utf8(_ data: Data) throws(Unusable) -> Data {
        let start = [UInt8](data.prefix(4))
        if start.starts(with: [0xEF, 0xBB, 0xBF]) { return data.dropFirst(3) }
        let isWide =
            start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF])
            || start.count >= 2 && (start[0] == 0) != (start[1] == 0)
        guard !isWide else { throw Unusable(description: "it is UTF-16 or UTF-32; save it as UTF-8") }
        return data
    }

    package static func text(of data: Data) throws(Unusable) -> String {
        guard let text = String(data: try utf8(data), encoding: .utf8) else {
            throw Unusable(description: "it is not UTF-8 text")
        }
        return text
    }

    /// For settings and secrets: longer ones are a mistake.
    private static let limit = 1 << 20

    static func read(_ path: String) throws(Unusable) -> String {
        let data: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            data = try file.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw Unusable(description: "it cannot be read: \(words(error))")
        }
        guard data.count <= limit else { throw Unusable(description: "it is larger than 1 MiB") }
        return try text(of: data)
    }

    /// Why a file cannot be read or written.
    package static func words(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile?, .fileNoSuchFile?: return "there is no such file or folder"
        case .fileReadNoPermission?, .fileWriteNoPermission?: return "permission denied"
        default: break
        }
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        let code = underlying ?? error as NSError
        return code.domain == NSPOSIXErrorDomain
            ? String(cString: strerror(Int32(code.code))) : error.localizedDescription
    }
}
