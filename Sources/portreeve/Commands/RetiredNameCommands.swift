import ArgumentParser
import Wording

struct RetiredNameCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retired-name", abstract: "Names of deleted accounts, which nobody gets until they are freed.",
        subcommands: [List.self, Free.self])

    struct List: APICommand {
        static let configuration = CommandConfiguration(abstract: "Lists retired names.")

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let names = try await api.list(
                APIPath.make("v1", "retired-names", query: [("limit", "1000")]), limit: list.most)
            let columns = [Column("NAME", "name"), Column("RETIRED") { String($0["retired_at"].text.prefix(19)) }]
            list.show(names, columns, empty: "No name is retired.")
        }
    }

    struct Free: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives a name back for use, once the registry holds nothing under it.")

        @Argument var name: String

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let path = APIPath.make("v1", "retired-names", name, query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("DELETE", path))
            try rehearsal.report("The name \(name) is free", response, output)
        }
    }
}
