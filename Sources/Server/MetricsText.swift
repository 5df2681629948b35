import AccessControl
import AccessModel

/// Figures in the Prometheus text format, version 0.0.4.
struct MetricsText {
    typealias Sample = (labels: [(String, String)], value: Double)

    private(set) var text = ""

    mutating func gauge(_ name: String, _ help: String, _ samples: [Sample]) { add(name, "gauge", help, samples) }

    mutating func gauge(_ name: String, _ help: String, _ value: Double) {
        gauge(name, help, [(labels: [], value: value)])
    }

    mutating func counter(_ name: String, _ help: String, _ samples: [Sample]) { add(name, "counter", help, samples) }

    private mutating func add(_ name: String, _ type: String, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        begin(name, type, help)
        for (labels, value) in samples { line(name, labels, value) }
    }

    private mutating func begin(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: Double) {
        let shown = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        let number = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
        text += "\(name)\(shown.isEmpty ? "" : "{\(shown)}") \(number)\n"
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
    /// What was counted since the start.
    mutating func add(_ snapshot: Figures.Snapshot) {
        for counter in Figures.Counter.allCases {
            let samples = (snapshot.counters[counter] ?? []).map { values, count in
                (labels: Array(zip(counter.labels, values)), value: Double(count))
            }
            self.counter(counter.rawValue, counter.help, samples)
        }
        for histogram in Figures.Histogram.allCases {
            guard let entries = snapshot.histograms[histogram] else { continue }
            begin(histogram.rawValue, "histogram", histogram.help)
            for (values, distribution) in entries {
                let labels = Array(zip(histogram.labels, values))
                var total = 0
                for (bound, count) in zip(Figures.Distribution.bounds.map { "\($0)" } + ["+Inf"], distribution.counts) {
                    total += count
                    line("\(histogram.rawValue)_bucket", labels + [("le", bound)], Double(total))
                }
                line("\(histogram.rawValue)_sum", labels, distribution.sum)
                line("\(histogram.rawValue)_count", labels, Double(total))
            }
        }
    }

    mutating func add(_ process: ProcessFigures) {
        counter(
            "process_cpu_seconds_total", "User and system time.", [(labels: [], value: process.cpuSeconds)])
        gauge("process_resident_memory_bytes", "Memory that is in RAM.", process.residentBytes)
        gauge("process_start_time_seconds", "When the service started, since 1970.", process.startSeconds)
        gauge("process_open_fds", "Open files and connections.", process.openFiles)
        gauge("process_max_fds", "How many may be open.", process.openFilesLimit)
    }

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
