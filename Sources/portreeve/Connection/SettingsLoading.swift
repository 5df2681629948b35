import Foundation
import Server

/// The service's settings, for the commands that need them.
enum SettingsLoading {
    /// What the commands read themselves; to the service it would be unknown.
    private static let ownVariables = [
        "PORTREEVE_SERVER", "PORTREEVE_TOKEN", "PORTREEVE_TOKEN_FILE", "PORTREEVE_CA_FILE",
        "PORTREEVE_CONFIG",
    ]

    /// Warnings go to standard error.
    static func load(config: String?, overrides: [String: String]) throws -> Server.Settings {
        var environment = ProcessInfo.processInfo.environment
        let file = config ?? environment.nonEmpty("PORTREEVE_CONFIG")
        for name in ownVariables { environment[name] = nil }
        let loaded = try Server.Settings.load(file: file, overrides: overrides, environment: environment)
        for warning in loaded.warnings { Terminal.warn(warning) }
        return loaded.settings
    }
}
