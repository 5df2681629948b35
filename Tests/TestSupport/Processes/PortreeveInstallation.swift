import Foundation

/// A database of a test's own, with the settings for it, and the commands on it.
package struct PortreeveInstallation: Sendable {
    /// The first system administrator, whom the service makes.
    package static let administrator = "admin"
    package static let registryService = "registry.test"

    package let folder: TemporaryFolder
    package let port: Int
    package let executable: String
    /// Of the administrator; made up for each installation.
    package let password: String
    /// Environment variables beside those that every installation has.
    private let settings: [String: String]

    package init(settings: [String: String] = [:]) throws {
        self.settings = settings
        folder = try TemporaryFolder("portreeve")
        RemovalAtExit.add(folder)
        port = try Loopback.freePort()
        executable = try Checkout.executable()
        password = "a-Secret-\(UUID().uuidString.lowercased())"
        try folder.makeFolder("secrets")
    }

    package var database: String { folder.path("portreeve.db") }
    /// The folder for files that directories name.
    package var secrets: String { folder.path("secrets") }
    package var url: String { "http://127.0.0.1:\(port)" }
    package var admin: HTTPCredential { .basic(Self.administrator, password) }

    /// The words that run `portreeve` with these settings and without those of the caller's shell.
    package func words(_ arguments: [String], _ more: [String: String] = [:]) -> [String] {
        let settings = [
            "PORTREEVE_DATABASE": database, "PORTREEVE_LISTEN": "127.0.0.1:\(port)",
            "PORTREEVE_BOOTSTRAP_ADMIN_NAME": Self.administrator, "PORTREEVE_BOOTSTRAP_ADMIN_PASSWORD": password,
            "PORTREEVE_REGISTRY_SERVICE": Self.registryService, "PORTREEVE_REGISTRY_ISSUER": url,
            "PORTREEVE_SECRETS_DIRECTORY": secrets,
            // Not where whoever runs the tests is logged in.
            "XDG_CONFIG_HOME": folder.path("config"),
        ].merging(self.settings) { $1 }.merging(more) { $1 }
        let foreign = ProcessInfo.processInfo.environment.keys.filter { $0.hasPrefix("PORTREEVE_") }
        return ["env"] + foreign.flatMap { ["-u", $0] } + settings.map { "\($0)=\($1)" } + [executable] + arguments
    }

    /// Runs a command on the database file, in the installation's folder.
    /// - Parameter more: environment variables beside the settings, or instead of them.
    package func run(
        _ arguments: [String], input: String = "", environment more: [String: String] = [:]
    ) async throws -> Outcome {
        var outcome = try await Program.run(words(arguments, more), input: input, in: folder.root)
        outcome.arguments = ["portreeve"] + arguments
        return outcome
    }

    /// Runs a command at the service, logged in.
    package func ask(
        _ arguments: [String], as login: String = administrator, password: String? = nil
    ) async throws -> Outcome {
        try await run(
            arguments + ["--server", url, "--login", login, "--login-password-file", "-"],
            input: (password ?? self.password) + "\n")
    }

    /// Makes users who can log in with `password(of:)`.
    package func makeUsers(_ names: String...) async throws {
        for name in names {
            try await run(["user", "create", name, "--password-file", "-"], input: Self.password(of: name)).required()
        }
    }

    package static func password(of name: String) -> String { "Dinner-\(name)-1" }

    /// A request to the service.
    package func send(
        _ method: String, _ path: String, as credential: HTTPCredential? = nil, json: String? = nil
    ) async throws -> HTTPAnswer {
        try await HTTPCall.send(method, url + path, as: credential, json: json)
    }

    package func remove() { folder.remove() }
}
