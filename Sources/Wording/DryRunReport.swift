package import StrictJSON

/// What a rehearsal answers: what would change, and whose effective access.
package enum DryRunReport {
    private static let longest = 40

    /// `changes` counted by kind, `access` a line for each, long lists folded; other members as
    /// they are.
    package static func lines(_ answer: JSONValue) -> [String] {
        if case .array(let changes) = answer["changes"], changes.isEmpty {
            return ["Nothing would change: it is so already."]
        }
        var lines = ["Nothing was changed. This would be:"]
        for member in answer.members where member.name != "revision" {
            switch (member.name, member.value) {
            case ("changes", .array(let changes)): lines += counts(changes)
            case ("access", .array(let access)): lines += self.access(access)
            default: lines.append("  \(member.name.replacing("_", with: " ")): \(member.value.text)".withoutControls)
            }
        }
        return lines
    }

    private static func counts(_ changes: [JSONValue]) -> [String] {
        var order: [String] = []
        var counts: [String: Int] = [:]
        for change in changes {
            let title = "\(change["effect"].text) \(change["kind"].text.replacing("-", with: " "))"
            if counts[title] == nil { order.append(title) }
            counts[title, default: 0] += 1
        }
        return order.map { "  \($0): \(counts[$0, default: 0].grouped)" }
    }

    private static func access(_ differences: [JSONValue]) -> [String] {
        guard !differences.isEmpty else { return ["  Nobody's access changes."] }
        let title = "  \(String.counted(differences.count, "access", "accesses")) would change:"
        let lines = differences.prefix(longest).map { difference in
            let (before, after) = (difference["before"].string ?? "none", difference["after"].string ?? "none")
            return "    \(difference["subject"]["id"].text) on \(difference["repository"].text): \(before) → \(after)"
                .withoutControls
        }
        let hidden = differences.count - lines.count
        return [title] + lines + (hidden > 0 ? ["    … and \(hidden.grouped) more (--json shows all)"] : [])
    }
}
