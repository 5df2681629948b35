import Foundation

/// A folder whose files, and no others, may be named by whoever is not on this machine.
public struct ConfinedFolder: Sendable {
    /// Without links.
    private let root: String

    public init(_ path: String) { root = URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    /// The real path of something in the folder or below it, that is there or not: relative names count from the
    /// folder, and links are followed. nil for anything else.
    public func path(of name: String) -> String? {
        guard !name.isEmpty, !name.utf8.contains(0) else { return nil }
        let path = URL(fileURLWithPath: name.hasPrefix("/") ? name : "\(root)/\(name)").standardizedFileURL
        // What is not there yet has no links of its own, but the folder that it is to be in may be one.
        let folder = path.deletingLastPathComponent().resolvingSymlinksInPath()
        let file = folder.appendingPathComponent(path.lastPathComponent).resolvingSymlinksInPath().path
        return file.hasPrefix(root + "/") ? file : nil
    }
}
