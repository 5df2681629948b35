import Foundation
import StrictJSON

/// A service that somebody logged in to, with `portreeve login`.
struct Profile: Hashable {
    var server: String
    var user: String
    var token: String
    /// To revoke it by.
    var tokenID: String
    var endsAt: String?
    var authorities: String?

    /// Of Basic, with the token as the password: so the service says who uses another's token.
    var credential: String { Data("\(user):\(token)".utf8).base64EncodedString() }
}

/// The services that somebody logged in to, in the configuration folder of theirs.
struct Profiles {
    /// The first is the one that commands ask.
    private(set) var all: [Profile]
    let file: String

    var current: Profile? { all.first }

    /// - Throws: for a file that others may read, or that is none of ours.
    init(_ environment: [String: String]) throws {
        let home = environment.nonEmpty("HOME") ?? NSHomeDirectory()
        // A relative one is to be passed over (XDG Base Directory Specification).
        let folder =
            environment.nonEmpty("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.config"
        file = folder + "/portreeve/logins.json"
        var status = stat()
        guard stat(file, &status) == 0 else {
            all = []
            return
        }
        var above = stat()
        let isFoldersOpen = stat(folder + "/portreeve", &above) == 0 && above.st_mode & 0o022 != 0
        guard !isFoldersOpen else {
            throw CommandFailure.input("others may change \(folder)/portreeve: chmod 700 \(folder)/portreeve")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw CommandFailure.input("\(file) has tokens, and others may read it: chmod 600 \(file)")
        }
        let json = try InputFile.json(file)
        do throws(JSONError) { all = try Stored(json: json).logins } catch {
            throw CommandFailure.input("\(file) is not of the known form (\(error)): remove it, and log in again")
        }
    }

    func profile(of server: ServerAddress) -> Profile? { all.first { $0.server == server.text } }

    mutating func put(_ profile: Profile) throws {
        all.removeAll { $0.server == profile.server }
        all.insert(profile, at: 0)
        try save()
    }

    mutating func remove(_ profile: Profile) throws {
        all.removeAll { $0.server == profile.server }
        try save()
    }

    private func save() throws {
        let folder = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let logins = all.map { profile in
            JSONValue(members: [
                ("server", .string(profile.server)), ("user", .string(profile.user)), ("token", .string(profile.token)),
                ("token_id", .string(profile.tokenID)), ("ends_at", profile.endsAt.map(JSONValue.string)),
                ("ca_file", profile.authorities.map(JSONValue.string)),
            ])
        }
        try OutputFile.write(Data(JSONValue(members: [("logins", .array(logins))]).pretty.utf8), to: file)
    }
}

extension Profiles {
    private struct Stored: JSONReadable {
        let logins: [Profile]

        init(json: JSONValue) throws(JSONError) {
            var members = try JSONMembers(json)
            logins = try members.required([Profile].self, "logins")
        }
    }
}

extension Profile: JSONReadable {
    init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        server = try members.required(String.self, "server")
        user = try members.required(String.self, "user")
        token = try members.required(String.self, "token")
        tokenID = try members.optional(String.self, "token_id") ?? ""
        endsAt = try members.optional(String.self, "ends_at")
        authorities = try members.optional(String.self, "ca_file")
    }
}
