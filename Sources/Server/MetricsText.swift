import AccessControl
import AccessModel

/// Figures in the Prometheus text format, version 0.0.4.
struct MetricsText {
    typealias Sample = (labels: [(String, String)], value: Double)

    private(set) var text = ""

    mutating func gauge(_ name: String, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
        for (labels, value) in samples {
            let shown = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
            let number = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
            text += "\(name)\(shown.isEmpty ? "" : "{\(shown)}") \(number)\n"
        }
    }

    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            switch character {
            case "\\": text += #"\\"#
            case "\"": text += #"\""#
            case "\n": text += #"\n"#
            default: text.append(character)
            }
        }
    }
}

extension MetricsText {
    /// How old what is known of each directory is, and what stands against it becoming newer.
    mutating func add(_ statuses: [SyncStatus], at now: Timestamp) {
        func samples(_ value: (SyncStatus) -> Double?) -> [Sample] {
            statuses.compactMap { status in value(status).map { ([("directory", status.directory)], $0) } }
        }
        gauge(
            "portreeve_directory_sync_age_seconds",
            "Seconds since the last synchronisation that knew everything; absent before the first.",
            samples { $0.age(at: now) })
        gauge(
            "portreeve_directory_sync_failing",
            "1 if the last synchronisation failed, or read everything and did not get it, else 0.",
            samples { $0.last.map { $0.hasFailed ? 1 : 0 } })
        gauge(
            "portreeve_directory_sync_held_changes", "Changes that wait for a person's approval.",
            samples { Double($0.heldChanges) })
        gauge(
            "portreeve_directory_sync_frozen",
            "Rules, and teams and organisations of patterns, that may only add, as their group was not read.",
            samples { $0.last?.frozen.map { Double($0) } })
        gauge(
            "portreeve_directory_sync_running", "1 while a synchronisation runs, else 0.",
            samples { $0.running == nil ? 0 : 1 })
        gauge(
            "portreeve_directory_sync_duration_seconds", "How long the last synchronisation took.",
            samples { $0.last?.seconds })
        gauge(
            "portreeve_directory_sync_applied_changes", "Changes that the last synchronisation made.",
            samples { $0.last.map { Double($0.appliedCount) } })
    }
}
