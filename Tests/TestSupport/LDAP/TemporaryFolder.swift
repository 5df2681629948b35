import Foundation

/// A folder of a test's own under the system's folder for temporary files.
package struct TemporaryFolder: Sendable {
    package let root: String

    package init(_ name: String = "test") throws {
        root = NSTemporaryDirectory() + "portreeve-\(name)-\(UUID().uuidString.prefix(13).lowercased())"
        try FileManager.default.createDirectory(
            atPath: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    package func path(_ name: String) -> String { root + "/" + name }

    @discardableResult
    package func makeFolder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
        return path(name)
    }

    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: path(name), atomically: false, encoding: .utf8)
        return path(name)
    }

    /// Removes everything in it; it is no error if it is gone already.
    package func remove() {
        try? FileManager.default.removeItem(atPath: root)
    }
}
