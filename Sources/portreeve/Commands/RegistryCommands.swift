import ArgumentParser
import Wording

struct RegistryCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry", abstract: "What a registry needs to trust this service's tokens.",
        subcommands: [Certificate.self, Configuration.self, SigningKeyCommands.self, Reconcile.self])

    struct Certificate: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the certificates for the registry's rootcertbundle.",
            discussion: """
                Example:
                  portreeve registry certificate > /etc/docker/registry/portreeve.pem
                """)

        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            Terminal.write(try await api.send(APIRequest("GET", APIPath.make("v1", "registry", "certificate"))).body)
        }
    }

    struct Reconcile: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Compares the registry's catalogue with what is known here, and takes in what was missed.",
            discussion: """
                Needs the setting registry.url; a service does it by itself every hour.

                Example:
                  portreeve registry reconcile --dry-run
                """)

        @Flag(help: "Compare, and change nothing.") var dryRun = false

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let query = [("dry_run", dryRun ? "true" : nil)]
            let path = APIPath.make("v1", "registry", "reconciliation", query: query)
            let found = try await api.json(APIRequest("POST", path))
            guard !output.json else { return output.show(found, []) }
            Terminal.print("\(found["listed"].text) repositories in the registry")
            for (member, words) in [
                ("unknown", "in the registry, and not known here"), ("failed", "could not be compared"),
                ("empty", "known here, and without a tag there"),
            ] {
                for path in found[member].items { Terminal.print("  \(path.text): \(words)") }
            }
            let verb = dryRun ? "would be " : ""
            Terminal.print(
                "tags: \(found["tags_added"].text) \(verb)added, \(found["tags_removed"].text) \(verb)removed")
        }
    }

    struct Configuration: APICommand {
        static let configuration = CommandConfiguration(
            commandName: "config", abstract: "Prints the auth block of the registry's configuration.",
            discussion: """
                Examples:
                  portreeve registry config
                  portreeve registry config --realm https://portreeve.example.com/token
                """)

        @Option(
            help: ArgumentHelp(
                "Where clients of the registry get tokens; without it /token of the setting public-url.",
                valueName: "url"))
        var realm: String?

        @Option(help: ArgumentHelp("Where the registry will find the certificates.", valueName: "file"))
        var bundle = "/etc/docker/registry/portreeve.pem"

        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let answer = try await api.get(APIPath.make("v1", "registry"))
            Terminal.print(
                RegistryBlock.lines(
                    realm: realm ?? answer["realm"].text, service: answer["service"].text,
                    issuer: answer["issuer"].text, bundle: bundle))
        }
    }
}
