import Foundation
import Server

/// The service's settings, for the commands that need them.
enum SettingsLoading {
    /// Where the Debian package has them.
    static let installed = "/etc/portreeve/portreeve.yaml"

    /// Whether there is that file, or a folder for it that only others may look into.
    private static var isInstalled: Bool {
        let folder = (installed as NSString).deletingLastPathComponent
        let isHidden = access(folder, F_OK) == 0 && access(folder, X_OK) != 0
        return isHidden || access(installed, F_OK) == 0
    }

    /// Warnings go to standard error. Where nothing names a file of settings or of a database, they are those of the
    /// service that is installed on this machine, if there is one.
    static func load(config: String?, overrides: [String: String]) throws -> Server.Settings {
        var environment = ProcessInfo.processInfo.environment
        var file = config ?? environment[.config]
        if file == nil, !overrides.keys.contains("database"), environment.nonEmpty("PORTREEVE_DATABASE") == nil,
            isInstalled
        {
            guard FileManager.default.isReadableFile(atPath: installed) else {
                throw CommandFailure.input(
                    "the service of this machine is the user portreeve's: log in to it with portreeve login, or run "
                        + "this on its file with sudo -u portreeve; --database names another file")
            }
            file = installed
        }
        for variable in ClientVariable.allCases { environment[variable.rawValue] = nil }
        let loaded = try Server.Settings.load(file: file, overrides: overrides, environment: environment)
        for warning in loaded.warnings { Terminal.warn(warning) }
        return loaded.settings
    }
}
