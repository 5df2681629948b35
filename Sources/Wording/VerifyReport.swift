package import StrictJSON

/// The outcome of a verification: `{"ok":…,"changes":…,"facts":…,"head":…,"faults":[…],"notes":[…]}`.
package enum VerifyReport {
    /// - Parameter head: the hash that was looked for in the chain; one that is not there is a fault.
    package static func lines(_ answer: JSONValue, head: String? = nil, style: TerminalStyle) -> [String] {
        let isSound = answer["ok"].bool == true
        let verdict = isSound ? style.green("Sound") : style.red("Not sound")
        let changes = String.counted(answer["changes"].int ?? 0, "change")
        let facts = String.counted(answer["facts"].int ?? 0, "fact")
        var lines = ["\(verdict): \(changes) in the log, \(facts) in the rows"]
        for text in answer["faults"].items + answer["notes"].items { lines.append("  \(text.text.withoutControls)") }
        if head != nil, isSound { lines.append("The hash that was given is in the chain.") }
        if let head = answer["head"].string { lines.append("Head hash: \(head)") }
        return lines
    }
}
