import Foundation

/// What the kernel knows of this process (proc(5)), under the names of Prometheus' client libraries.
struct ProcessFigures {
    var cpuSeconds: Double
    var residentBytes: Double
    /// Since 1970.
    var startSeconds: Double
    var openFiles: Double
    var openFilesLimit: Double

    /// Looked up once: clocks are adjusted, and a start that moves looks like another one.
    private static let bootSeconds: Double = {
        var sinceBoot = timespec()
        clock_gettime(CLOCK_BOOTTIME, &sinceBoot)
        return Date().timeIntervalSince1970 - Double(sinceBoot.tv_sec) - Double(sinceBoot.tv_nsec) / 1e9
    }()

    /// nil where /proc does not show this process. Nothing else of it is needed, as units hide the rest (ProcSubset=pid).
    static func read() -> ProcessFigures? {
        guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count,
            // The program's name, in brackets, may hold spaces. The first field behind it is the third.
            let end = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[end...].split(separator: " ").dropFirst().map { Double($0) ?? 0 }
        guard fields.count > 21 else { return nil }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return ProcessFigures(
            cpuSeconds: (fields[11] + fields[12]) / ticks,
            residentBytes: fields[21] * Double(sysconf(Int32(_SC_PAGESIZE))),
            startSeconds: bootSeconds + fields[19] / ticks, openFiles: Double(files),
            openFilesLimit: Double(limit.rlim_cur))
    }
}
