import ArgumentParser

struct RegistryCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry", abstract: "What a registry needs to trust this service's tokens.",
        subcommands: [Certificate.self, Configuration.self])

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

    struct Configuration: APICommand {
        static let configuration = CommandConfiguration(
            commandName: "config", abstract: "Prints the auth block of the registry's configuration.",
            discussion: """
                Example:
                  portreeve registry config --realm https://portreeve.example.com/token
                """)

        @Option(
            help: ArgumentHelp("Where clients of the registry get tokens: this service's /token.", valueName: "url"))
        var realm: String

        @Option(help: ArgumentHelp("Where the registry will find the certificates.", valueName: "file"))
        var bundle = "/etc/docker/registry/portreeve.pem"

        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let answer = try await api.get(APIPath.make("v1", "registry"))
            Terminal.print(
                RegistryBlock.lines(
                    realm: realm, service: answer["service"].text, issuer: answer["issuer"].text, bundle: bundle))
        }
    }
}
