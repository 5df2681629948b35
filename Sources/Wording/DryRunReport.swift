import AccessModel
package import StrictJSON

/// What a rehearsal answers: what would change, and whose effective access.
package enum DryRunReport {
    /// So many are told one by one.
    private static let longest = 10

    /// `changes` counted by kind, `access` a line for each, long lists folded; other members as
    /// they are.
    package static func lines(_ answer: JSONValue) -> [String] {
        if case .array(let changes) = answer["changes"], changes.isEmpty {
            return ["Nothing would change: it is so already."]
        }
        var lines = ["Nothing was changed. This would be:"]
        let concernsControl = !answer["control"].items.isEmpty
        for member in answer.members where member.name != "revision" {
            switch (member.name, member.value) {
            case ("changes", .array(let changes)): lines += counts(changes)
            case ("access", .array(let access)):
                if !access.isEmpty || !concernsControl { lines += self.access(access) }
            case ("control", .array(let control)): lines += self.control(control)
            default: lines.append("  \(member.name.replacing("_", with: " ")): \(member.value.text)".withoutControls)
            }
        }
        return lines
    }

    private static func counts(_ changes: [JSONValue]) -> [String] {
        var order: [String] = []
        var names: [String: [String]] = [:]
        for change in changes {
            let title = "\(change["effect"].text) \(change["kind"].text.replacing("-", with: " "))"
            if names[title] == nil { order.append(title) }
            names[title, default: []].append(change["names"].text)
        }
        return order.flatMap { title in
            let names = names[title] ?? []
            // A service of before this program does not name them.
            guard !names.contains("") else { return ["  \(title): \(names.count.grouped)"] }
            guard names.count > 1 else { return ["  \(title): \(names.joined())".withoutControls] }
            let some = names.prefix(longest).map { "    \($0)".withoutControls }
            let more = names.count > longest ? ["    … (--json shows each)"] : []
            return ["  \(title): \(names.count.grouped)"] + some + more
        }
    }

    private static func access(_ differences: [JSONValue]) -> [String] {
        guard !differences.isEmpty else { return ["  Nobody's access changes."] }
        guard differences.count > longest else {
            let title = "  \(String.counted(differences.count, "access", "accesses")) would change:"
            return [title]
                + differences.map { difference in
                    let (before, after) = (difference["before"].string ?? "none", difference["after"].string ?? "none")
                    return
                        "    \(difference["subject"]["id"].text) on \(difference["repository"].text): \(before) → \(after)"
                        .withoutControls
                }
        }
        return groups(differences).map { "  " + $0.sentence.withoutControls } + ["  (--json shows each)"]
    }

    /// What somebody would have in a collection, and have no longer.
    private static func control(_ differences: [JSONValue]) -> [String] {
        guard !differences.isEmpty else { return [] }
        let shown = differences.count > longest ? differences.prefix(longest) : differences[...]
        let more = differences.count > longest ? ["    … (--json shows each)"] : []
        let title = "  \(String.counted(differences.count, "difference", "differences")) in the control plane:"
        return [title] + shown.map { "    \(ControlWords.sentence(of: $0))".withoutControls } + more
    }

    /// What happens alike to many.
    private struct Group {
        let before: String?
        let after: String?
        var subjects: [String: Int] = [:]
        var repositories: Set<String> = []
        var others: Set<String> = []
        /// What everybody has is told of the anonymous.
        var hasEverybody = false

        var isLoss: Bool { DryRunReport.rank(after) < DryRunReport.rank(before) }

        mutating func add(_ difference: JSONValue) {
            let id = difference["subject"]["id"].text
            switch difference["subject"]["type"].string {
            case "user": subjects[id, default: 0] += 1
            case "anonymous": hasEverybody = true
            default: others.insert(id)
            }
            repositories.insert(difference["repository"].text)
        }

        var sentence: String {
            let isOne = subjects.count + others.count + (hasEverybody ? 1 : 0) == 1
            let kinds = [("person", "people", Set(subjects.keys)), ("robot", "robots", others)]
            let counted = kinds.filter { !$0.2.isEmpty }.map { String.counted($0.2.count, $0.0, $0.1) }
            let who = (counted + (hasEverybody ? ["everybody"] : [])).joined(separator: " and ")
            let change =
                switch (before, after) {
                case (let before?, nil): "\(isOne ? "loses" : "lose") \(before)"
                case (nil, let after?): "\(isOne ? "gains" : "gain") \(after)"
                case (let before, let after): "\(isOne ? "goes" : "go") from \(before ?? "none") to \(after ?? "none")"
                }
            let most = subjects.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3).map(\.key)
            let names =
                most.isEmpty ? "" : ": \(most.joined(separator: ", "))\(subjects.count > most.count ? ", …" : "")"
            return "\(who) \(change) on \(String.counted(repositories.count, "repository", "repositories"))\(names)"
        }
    }

    private static func groups(_ differences: [JSONValue]) -> [Group] {
        var groups: [[String?]: Group] = [:]
        for difference in differences {
            let (before, after) = (difference["before"].string, difference["after"].string)
            // In place, as a copy of a group is as large as what it has gathered.
            groups[[before, after], default: Group(before: before, after: after)].add(difference)
        }
        // Losses first, and of those the greatest.
        return groups.values.sorted { left, right in
            (left.isLoss ? 0 : 1, -left.subjects.count, left.sentence)
                < (right.isLoss ? 0 : 1, -right.subjects.count, right.sentence)
        }
    }

    private static func rank(_ level: String?) -> Int {
        AccessLevel.allCases.firstIndex { $0.rawValue == level } ?? -1
    }
}
