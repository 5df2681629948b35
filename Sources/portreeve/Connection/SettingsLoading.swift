import Foundation
import Server

/// The service's settings, for the commands that need them.
enum SettingsLoading {
    /// Warnings go to standard error.
    static func load(config: String?, overrides: [String: String]) throws -> Server.Settings {
        var environment = ProcessInfo.processInfo.environment
        let file = config ?? environment[.config]
        for variable in ClientVariable.allCases { environment[variable.rawValue] = nil }
        let loaded = try Server.Settings.load(file: file, overrides: overrides, environment: environment)
        for warning in loaded.warnings { Terminal.warn(warning) }
        return loaded.settings
    }
}
