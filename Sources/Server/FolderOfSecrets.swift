import AccessControl
import Foundation

/// Files with secrets, only under the folder set for them: whoever manages directories over
/// HTTP must not make the service read any file of its machine.
struct FolderOfSecrets: SecretFiles {
    /// nil when none is set: then no file is read.
    let folder: String?

    func text(at path: String, field: String) throws(AccessError) -> String {
        let resolved = try resolve(path, field: field)
        let text: String
        do throws(TextFile.Unusable) {
            text = try TextFile.read(resolved).trimmingCharacters(in: .newlines)
        } catch {
            throw .invalid(field: field, value: path, reason: error.description)
        }
        guard !text.isEmpty else { throw .invalid(field: field, value: path, reason: "the file is empty") }
        return text
    }

    /// The real path of a file under the folder, links followed.
    func resolve(_ path: String, field: String) throws(AccessError) -> String {
        guard let folder else {
            throw .invalid(
                field: field, value: path, reason: "set secrets.directory to the folder of such files, and restart")
        }
        guard let file = ConfinedFolder(folder).path(of: path) else {
            throw .invalid(field: field, value: path, reason: "it is not under \(folder), the folder for secrets")
        }
        return file
    }
}
