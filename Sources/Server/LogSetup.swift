import AccessControl
import Foundation
public import Logging

/// The service's log: on standard error, as text or as one JSON object a line.
public enum LogSetup {
    public static func logger(_ settings: Settings) throws(ServerError) -> Logger {
        guard let level = Logger.Level(rawValue: settings.logLevel) else {
            let all = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw .setting(key: "log.level", reason: "\"\(settings.logLevel)\" is none of \(all)")
        }
        let format = settings.logFormat
        LoggingSystem.bootstrap { _ in LineLogHandler(format: format, logLevel: level) }
        return Logger(label: "portreeve")
    }
}

/// Keeps what it was given until there is something to log: every request brings an identity of its own, and few are
/// logged.
struct LineLogHandler: LogHandler {
    let format: Settings.LogFormat
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(format: Settings.LogFormat, logLevel: Logger.Level) {
        self.format = format
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
        let line = LogLine(time: WallClock.system.now, level: event.level.rawValue, message: "\(event.message)", values)
        // Nobody can be told that the log cannot be written, and the service goes on.
        try? FileHandle.standardError.write(contentsOf: Data((line.written(as: format) + "\n").utf8))
    }
}
