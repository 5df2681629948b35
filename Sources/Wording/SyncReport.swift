import AccessModel
package import StrictJSON

/// A synchronisation for a person to read: counts first, then the diff in groups, each change
/// with its reason, then what is held and what should be known.
package struct SyncReport {
    /// As the API gives it, with its plan.
    package var run: JSONValue
    package var style = TerminalStyle.plain
    /// Longer lists are folded; nil to show all.
    package var longest: Int? = 20
    /// In characters; nil for lines as long as they come.
    package var width: Int?

    /// Whether to show what happened when.
    package var showsLog = false

    package init(
        run: JSONValue, style: TerminalStyle = .plain, longest: Int? = 20, width: Int? = nil, showsLog: Bool = false
    ) {
        (self.run, self.style, self.longest) = (run, style, longest)
        (self.width, self.showsLog) = (width, showsLog)
    }

    package var lines: [String] {
        head + counts + groups + held + notes + log
    }

    /// Whether a run read a directory whole and did not get all of it. An incremental reading may miss what is gone by
    /// its nature.
    package static func isIncomplete(_ run: JSONValue) -> Bool {
        ["planned", "applied"].contains(run["state"].text) && run["read"].text == "full"
            && run["complete"].bool == false
    }

    /// `1.2 s` between the start and the end of a run; nil while it runs.
    package static func duration(_ run: JSONValue) -> String? {
        guard let start = Timestamp(run["started_at"].text), let end = Timestamp(run["finished_at"].text) else {
            return nil
        }
        let tenths = (end.microseconds - start.microseconds + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10) s"
    }

    private var head: [String] {
        let run = self.run
        let title = run["mode"].string == "plan" ? "Plan" : "Synchronisation"
        var lines = message
        lines.append(
            style.bold("\(title) \(run["id"].text) of \(run["directory"].text.withoutControls): \(stateText)"))
        let (users, groups) = (run["users_read"].int ?? 0, run["groups_read"].int ?? 0)
        if !run["read"].isNull {
            let isUnread = run["state"].string == "failed" && users == 0 && groups == 0
            lines.append(isUnread ? "Nothing was read, and nothing was changed." : reading(users, groups))
        }
        if let frozen = run["frozen"].int, frozen > 0, run["complete"].bool != false {
            lines.append(
                style.yellow(
                    "\(String.counted(frozen, "rule is", "rules are")) frozen: nobody leaves the teams and organisations that they feed (see Notes)"
                ))
        }
        return lines
    }

    /// What went wrong, in front of everything, a line for each reason. Why it failed is for standard error.
    private var message: [String] {
        guard let message = run["message"].string, run["state"].string != "failed" || showsLog else { return [] }
        return message.split(separator: "\n").enumerated().map { place, line in
            let text = String(line).withoutControls
            return style.yellow(place == 0 ? text.capitalizedFirst : "  " + text)
        }
    }

    private func reading(_ users: Int, _ groups: Int) -> String {
        let all = "\(String.counted(users, "person", "people")) and \(String.counted(groups, "group"))"
        let time = Self.duration(run).map { " in \($0)" } ?? ""
        guard run["read"].text == "incremental" else { return "Read \(all)\(time)." }
        let changed = run["entries_changed"].int ?? 0
        return "Read what has changed of \(all)\(time): \(String.counted(changed, "entry", "entries"))."
    }

    private var stateText: String {
        let state = run["state"].text
        let revision = run["revision"].int.map { " (revision \($0))" } ?? ""
        return switch state {
        case "planned": "nothing was changed"
        case "applied": "\(String.counted(run["applied"].int ?? 0, "change")) applied\(revision)"
        case "held":
            "\((run["applied"].int ?? 0).grouped) applied, \(heldChanges.count.grouped) held\(revision)"
        default: state
        }
    }

    private var heldChanges: [JSONValue] { run["held"].items.flatMap { $0["changes"].items } }

    /// What the brake does not hold, in the order of the plan.
    private var freeChanges: [SyncLine] {
        let held = Set(heldChanges)
        return run["plan"]["changes"].items.filter { !held.contains($0) }.map(SyncLine.init)
    }

    private var counts: [String] {
        let seen = Dictionary(
            run["counts"].members.compactMap { member in member.value.int.map { (member.name, $0) } },
            uniquingKeysWith: { $1 })
        guard !seen.isEmpty else {
            guard !run["plan"].isNull else { return [] }
            let isPartial = Self.isIncomplete(run)
            return [
                "",
                isPartial
                    ? "There is nothing to add. What is to be removed is not known." : "There is nothing to change.",
            ]
        }
        // A newer service may plan what this program has no words for.
        let unknown = Set(seen.keys).subtracting(SyncLine.actions.map(\.name)).sorted().map(
            SyncLine.Action.init(unknown:))
        let lines = (SyncLine.actions + unknown).filter { seen[$0.name] != nil }.map { action in
            let count = seen[action.name] ?? 0
            let digits = count.grouped
            let number = String(repeating: " ", count: max(0, 6 - digits.count)) + digits
            return "  \(signed(action.sign, number)) \(action.title(count))"
        }
        let rest = run["plan"].isNull ? ["Each of them: portreeve sync show \(run["id"].text) --all"] : []
        return [""] + lines + rest
    }

    private var groups: [String] { grouped(freeChanges, indentation: 0).flatMap { [""] + $0 } }

    /// Teams, organisations and people, each with its balance and its changes.
    private func grouped(_ changes: [SyncLine], indentation: Int) -> [[String]] {
        var order: [String] = []
        var members: [String: [SyncLine]] = [:]
        for change in changes {
            if members[change.group] == nil { order.append(change.group) }
            members[change.group, default: []].append(change)
        }
        let margin = String(repeating: " ", count: indentation)
        return order.map { group in
            let changes = members[group] ?? []
            let balance = ["+", "~", "-"].compactMap { sign -> String? in
                let count = changes.count { $0.sign == sign }
                return count == 0 ? nil : signed(sign, sign + count.grouped)
            }
            return ["\(margin)\(style.bold(group))  \(balance.joined(separator: " "))"]
                + folded(changes, indentation: indentation + 2)
        }
    }

    private var held: [String] {
        let parts = run["held"].items
        guard !parts.isEmpty else { return [] }
        let title =
            switch (run["mode"].text, run["state"].text) {
            case ("plan", _): "Would be held by the brake"
            case (_, "applied"): "Was held by the brake, and approved"
            default: "Held by the brake"
            }
        var lines = ["", style.bold("\(title): \(String.counted(heldChanges.count, "change"))")]
        for part in parts {
            lines.append("  " + style.yellow(part["reason"].text.withoutControls))
            lines += grouped(part["changes"].items.map(SyncLine.init), indentation: 4).flatMap { $0 }
        }
        if run["state"].string == "held" {
            let id = run["waits_in"].string ?? run["id"].text
            lines.append("Apply exactly this with: portreeve sync approve \(id)")
            lines.append("Give it up with:         portreeve sync cancel \(id)")
        }
        return lines
    }

    private var notes: [String] {
        let notes = run["plan"]["notes"].items
        guard !notes.isEmpty else { return [] }
        let shown = notes.prefix(longest ?? notes.count).map { note in
            let subject = note["subject"].text
            return cut("  \(subject.isEmpty ? "" : subject + ": ")\(note["text"].text)".withoutControls)
        }
        return ["", style.bold("Notes: \(notes.count.grouped)")] + shown + fold(notes.count - shown.count, 2)
    }

    private var log: [String] {
        guard showsLog, !run["log"].items.isEmpty else { return [] }
        return ["", style.bold("Log")]
            + run["log"].items.map { cut("  \($0["time"].text.prefix(19))  \($0["text"].text)".withoutControls) }
    }

    private func folded(_ changes: [SyncLine], indentation: Int) -> [String] {
        let shown = changes.prefix(longest ?? changes.count)
        let column = min(30, shown.map(\.what.count).max() ?? 0)
        let margin = String(repeating: " ", count: indentation)
        return shown.map { change in
            let text = cut("\(margin)\(change.sign) \(change.what.padded(to: column))  \(change.reason)")
            let place = text.index(text.startIndex, offsetBy: indentation)
            return margin + signed(change.sign, change.sign) + text[text.index(after: place)...]
        } + fold(changes.count - shown.count, indentation)
    }

    private func fold(_ hidden: Int, _ indentation: Int) -> [String] {
        guard hidden > 0 else { return [] }
        return [
            String(repeating: " ", count: indentation) + style.faint("… and \(hidden.grouped) more (--all shows them)")
        ]
    }

    private func cut(_ text: String) -> String { width.map { text.cut(to: max(40, $0)) } ?? text }

    private func signed(_ sign: String, _ text: String) -> String {
        switch sign {
        case "+": style.green(text)
        case "-": style.red(text)
        default: style.yellow(text)
        }
    }
}
