import Foundation
public import Logging
import StrictJSON

/// The service's log: on standard error, as text or as one JSON object a line.
public enum LogSetup {
    public static func logger(_ settings: Settings) throws(ServerError) -> Logger {
        guard let level = Logger.Level(rawValue: settings.logLevel) else {
            let all = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw .setting(key: "log.level", reason: "\"\(settings.logLevel)\" is none of \(all)")
        }
        let format = settings.logFormat
        LoggingSystem.bootstrap { label in
            switch format {
            case .text:
                return TextLogHandler(label: label, logLevel: level)
            case .json:
                return JSONLogHandler(label: label, logLevel: level)
            }
        }
        return Logger(label: "portreeve")
    }
}

/// Keeps what it was given until there is something to log: every request brings an identity of its own, and few are
/// logged.
private struct TextLogHandler: LogHandler {
    private let stream: StreamLogHandler
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(label: String, logLevel: Logger.Level) {
        stream = .standardError(label: label)
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var event = event
        event.metadata = metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 })
        stream.log(event: event)
    }
}

private struct JSONLogHandler: LogHandler {
    let label: String
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var members = [
            "time": Date().ISO8601Format(), "level": event.level.rawValue, "label": label,
            "message": "\(event.message)",
        ]
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
            members[key] = "\(value)"
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A dictionary of texts always encodes.
        guard var line = try? encoder.encode(members) else { return }
        line.append(UInt8(ascii: "\n"))
        // Nobody can be told that the log cannot be written, and the service goes on.
        try? FileHandle.standardError.write(contentsOf: line)
    }
}
