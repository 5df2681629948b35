import Foundation

/// How many files and connections this process may have open at once (RLIMIT_NOFILE).
enum OpenFileLimit {
    /// Kept for the database, directories, registries and the runtime itself, which takes a trap where there is none.
    static let reserve = 128
    /// More connections than these would take memory, and nobody would be answered sooner.
    static let mostConnections = 10_000

    /// Raises the soft limit to the hard one, and returns it. Systems start services with a soft limit of 1,024
    /// for the sake of programs that use select(2), which this one does not.
    static func raise() -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 1_024 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = rlimit(rlim_cur: limit.rlim_max, rlim_max: limit.rlim_max)
            if setrlimit(resource, &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many connections may be open under a limit.
    static func connections(under limit: Int) -> Int { min(max(16, limit - reserve), mostConnections) }
}
