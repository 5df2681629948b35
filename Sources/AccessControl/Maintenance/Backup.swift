import Foundation

extension Transactions {
    /// Writes a consistent copy of the database into a new file on this machine. Whoever is not on the machine names
    /// one below the folder for backups.
    /// - Parameter withKeys: also copies the keys, each into a file beside it.
    /// - Returns: the path of the file.
    public func backup(to path: String, withKeys: Bool, as caller: Caller) async throws(AccessError) -> String {
        try require(.administer, of: caller, to: "make backups")
        let path = try backupPath(path, of: caller)
        do throws(AccessError) {
            try await store.backup(to: path)
        } catch {
            guard case .storage(.failed(let reason)) = error else { throw error }
            throw .invalid(field: "path", value: path, reason: reason)
        }
        guard withKeys else { return path }
        for (suffix, file) in keyFiles where FileManager.default.fileExists(atPath: file) {
            do {
                try FileManager.default.copyItem(atPath: file, toPath: path + suffix)
            } catch {
                throw .conflict(code: .fileExists, detail: "the key \(file) could not be copied to \(path)\(suffix)")
            }
        }
        return path
    }

    private func backupPath(_ path: String, of caller: Caller) throws(AccessError) -> String {
        guard !path.utf8.contains(0) else {
            throw .invalid(field: "path", value: nil, reason: "it contains a NUL character: leave that out")
        }
        if caller.proof == .file { return path }
        guard let folder = backupDirectory else {
            throw .conflict(
                code: .noBackupDirectory,
                detail: "set backup.directory to a folder of the service's machine, or run portreeve backup there")
        }
        guard let file = ConfinedFolder(folder).path(of: path) else {
            throw .invalid(field: "path", value: path, reason: "it is not below backup.directory")
        }
        return file
    }
}
