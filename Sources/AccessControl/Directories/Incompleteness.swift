import AccessModel

extension DirectorySnapshot {
    var isComplete: Bool {
        usersReading.isComplete && groupsReading.isComplete && groups.allSatisfy(\.membersReading.isComplete)
    }

    /// What was not read to the end, a line for each reason; nil when all was.
    /// - Parameter last: the last run that knew everything.
    func incompleteness(since last: SyncRun?) -> String? {
        func words(_ what: String, _ reason: String, _ count: Int, _ before: Int?) -> String {
            "\(what): \(reason) (\(count) \(what) read" + (before.map { ", \($0) last time)" } ?? ")")
        }
        var reasons: [String] = []
        if let reason = usersReading.reason { reasons.append(words("people", reason, users.count, last?.usersRead)) }
        if let reason = groupsReading.reason, reason != usersReading.reason {
            reasons.append(words("groups", reason, groups.count, last?.groupsRead))
        }
        if !reasons.isEmpty { return "incomplete, so nothing was removed: " + reasons.joined(separator: "\n") }
        let partial = groups.lazy.filter { !$0.membersReading.isComplete }
        guard let first = partial.first, let reason = first.membersReading.reason else { return nil }
        let others = partial.count > 1 ? " (and \(partial.count - 1) groups more)" : ""
        return
            "incomplete, so nobody leaves what it feeds: not all members of \(first.dn) were read: \(reason)\(others)"
    }
}
