package import StrictJSON

/// The answer to one question, for a person.
package enum DecisionReport {
    /// - Parameter question: `elton push nerd-dinner/web`.
    package static func lines(_ answer: JSONValue, question: String, explains: Bool, style: TerminalStyle) -> [String] {
        let context = answer["context"]
        let isAllowed = answer["decision"].bool == true
        // Levels are the registry's.
        var facts = context["cache_seconds"].isNull ? [context["level"].string.map { "level \($0)" } ?? "no level"] : []
        if let end = context["valid_until"].string { facts.append("until \(end)") }
        if let revision = context["revision"].int { facts.append("revision \(revision)") }
        let verdict = isAllowed ? style.green("allowed") : style.red("denied")
        var lines = ["\(verdict): \(question.withoutControls) (\(facts.joined(separator: ", ")))"]
        // Whoever manages access there is told how things stand, and everybody else what they may know.
        if !isAllowed, let denial = context["summary"].string ?? context["denial"].string {
            lines.append("  \(denial.withoutControls)")
        }
        guard explains else { return lines }
        let reasons = context["reasons"].items
        if reasons.isEmpty, isAllowed { lines.append("  The reasons are not for you to see.") }
        for reason in reasons {
            let mark = reason["decided"].bool == true ? style.green("*") : "-"
            lines.append(
                "  \(mark) \((reason["text"].string ?? reason["via"].text).withoutControls)"
                    + ((reason["level"].string ?? reason["operation"].string).map { style.faint(" [\($0)]") } ?? ""))
            lines += reason["path"].items.map { step(of: $0, style) }
        }
        let remedies = context["remedies"].items
        if !remedies.isEmpty { lines.append("  What would allow it:") }
        return lines + remedies.map { "  - \($0["text"].text.withoutControls)" }
    }

    /// `elton is a member of nerd-dinner/ops, since 2026-03-01 12:00 by root (change 17)`
    private static func step(of step: JSONValue, _ style: TerminalStyle) -> String {
        var facts = ""
        if let since = step["since"].string {
            facts = ", since \(since.prefix(16).replacing("T", with: " "))"
            if let by = step["by"].string { facts += " by \(by)" }
            if let revision = step["revision"].int { facts += " (change \(revision))" }
        }
        return "      \(step["text"].text.withoutControls)" + style.faint(facts.withoutControls)
    }
}
