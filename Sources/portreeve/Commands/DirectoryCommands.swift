import ArgumentParser
import StrictJSON
import Wording

struct DirectoryCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "directory", abstract: "Directories (LDAP, Active Directory) that people come from.",
        subcommands: [List.self, Show.self, Put.self, Test.self, Delete.self])

    static func path(_ name: String, query: [(String, String?)] = []) -> String {
        APIPath.make("v1", "directories", name, query: query)
    }

    struct List: APICommand {
        static let configuration = CommandConfiguration(abstract: "Lists all directories.")

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let columns = [
                Column("NAME", "name"), Column("PRESET") { DirectoryCommands.setting($0, "preset") },
                Column("URLS") { DirectoryCommands.setting($0, "urls") },
                Column("SCHEDULE") { DirectoryCommands.setting($0, "schedule") },
            ]
            list.show(
                try await api.list(APIPath.make("v1", "directories")), columns,
                empty: "There is no directory: portreeve directory put makes one.")
        }
    }

    /// Beside the name, or one level below in `settings`.
    static func setting(_ directory: JSONValue, _ name: String) -> String {
        let value = directory[name]
        return (value.isNull ? directory["settings"][name] : value).text
    }

    struct Show: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a directory's settings as JSON, ready for put; without its password.")

        @Argument(completion: .directories) var name: String

        @Flag(help: "Print all of the service's answer.")
        var json = false

        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let answer = try await api.get(path(name))
            Terminal.print((json || answer["settings"].isNull ? answer : answer["settings"]).pretty)
        }
    }

    struct Put: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a directory or replaces its settings.",
            discussion: """
                Without a password in the file the kept one stays. Nothing is read from the directory yet: \
                portreeve sync plan NAME shows what would be.

                Example:
                  portreeve directory put corp corp.json
                """)

        @Argument(completion: .directories) var name: String

        @Argument(help: "The settings in JSON; - for standard input.")
        var file: String

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let response = try await api.send(APIRequest("PUT", path(name), try InputFile.json(file)))
            let verb = response.status == 201 ? "Created" : "Changed"
            try output.report("\(verb) directory \(name)", response)
        }
    }

    struct Delete: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Forgets a directory that no account comes from.")

        @Argument(completion: .directories) var name: String

        @OptionGroup var confirmation: ConfirmationOption
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try confirmation.ask("Delete directory \(name)", unless: rehearsal)
            let response = try await api.send(APIRequest("DELETE", path(name, query: [rehearsal.parameter])))
            try rehearsal.report("Deleted directory \(name)", response, output)
        }
    }
}
