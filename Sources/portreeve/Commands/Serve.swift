import ArgumentParser
import Server

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the service.",
        discussion: """
            An empty database is made and migrated by itself. Settings come from the command line, then the \
            environment (PORTREEVE_LISTEN for listen, PORTREEVE_TLS_KEY for tls.key), then the file, then defaults.

            Examples:
              portreeve serve --database company.db --listen 127.0.0.1:8080
              portreeve serve --config /etc/portreeve.yaml --check-config
            """)

    @OptionGroup(title: "Settings") var settings: SettingOptions

    @Flag(help: "Only check the settings.")
    var checkConfig = false

    func run() async throws {
        let settings = try SettingsLoading.load(config: settings.config, overrides: settings.overrides)
        let logger = try LogSetup.logger(settings)
        let warnings = try PortreeveServer.check(settings)
        guard !checkConfig else {
            for warning in warnings { Terminal.warn(warning) }
            return Terminal.print("The settings are usable.")
        }
        try await PortreeveServer.serve(settings, logger: logger) { address in
            Terminal.print("Portreeve listens on \(address)")
        }
    }
}

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings the database to this version's schema.",
        discussion: """
            Example:
              portreeve migrate --database /var/lib/portreeve/portreeve.db --dry-run
            """)

    @Option(help: ArgumentHelp("YAML file of settings.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The database file; default ./portreeve.db.", valueName: "path"))
    var database: String?

    @Flag(help: "Only tell which scripts would run.")
    var dryRun = false

    func run() async throws {
        let settings = try SettingsLoading.load(config: config, overrides: database.map { ["database": $0] } ?? [:])
        let scripts = try await PortreeveServer.migrate(settings, dryRun: dryRun)
        guard !scripts.isEmpty else { return Terminal.print("The database is up to date.") }
        Terminal.print(dryRun ? "Would run:" : "Ran:")
        Terminal.print(scripts.map { "  " + $0 })
    }
}
