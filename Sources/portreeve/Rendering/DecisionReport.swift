/// The answer to one question, for a person.
enum DecisionReport {
    /// - Parameter question: `elton push nerd-dinner/web`.
    static func lines(_ answer: JSONValue, question: String, explains: Bool, style: TerminalStyle) -> [String] {
        let context = answer["context"]
        let isAllowed = answer["decision"].bool == true
        var facts = [context["level"].string.map { "level \($0)" } ?? "no level"]
        if let revision = context["revision"].int { facts.append("revision \(revision)") }
        let verdict = isAllowed ? style.green("allowed") : style.red("denied")
        var lines = ["\(verdict): \(question.withoutControls) (\(facts.joined(separator: ", ")))"]
        if !isAllowed, let denial = context["denial"].string { lines.append("  \(denial.withoutControls)") }
        guard explains else { return lines }
        let reasons = context["reasons"].items
        if reasons.isEmpty, isAllowed { lines.append("  The reasons are not for you to see.") }
        return lines
            + reasons.map { reason in
                "  - \((reason["text"].string ?? reason["via"].text).withoutControls)"
                    + (reason["level"].string.map { style.faint(" [\($0)]") } ?? "")
            }
    }
}
