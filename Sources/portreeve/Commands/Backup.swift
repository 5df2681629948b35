import ArgumentParser
import Foundation
import StrictJSON

struct Backup: APICommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a consistent copy of the database, while it is served.",
        discussion: """
            The copy holds no keys, so that whoever finds it cannot sign tokens with it; --with-keys adds them. With \
            --server the file is written on the service's machine, below the setting backup.directory.

            Examples:
              portreeve backup /var/backups/portreeve.db
              portreeve backup /var/backups/portreeve.db --with-keys
            """)

    @Argument(help: "Where the copy goes; it must not be there yet.")
    var file: String

    @Flag(help: "Also copy the signing key and the key of stored secrets.")
    var withKeys = false

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func run(with api: APIClient) async throws {
        // The service's own folder is no place that a person at another machine could mean.
        let path = api.transport is LocalTransport ? URL(fileURLWithPath: file).path : file
        let body = JSONValue(members: [("path", .string(path)), ("with_keys", withKeys ? true : nil)])
        let response = try await api.send(APIRequest("POST", APIPath.make("v1", "backup"), body).long)
        let written = try APIClient.json(response)["path"].string ?? path
        try output.report("Wrote \(written)", response)
    }
}
