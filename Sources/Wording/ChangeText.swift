package import StrictJSON

/// An entry of the change log in words.
package enum ChangeText {
    /// `created account elton`, `deleted grant …`, `changed account elton: active yes → no`.
    package static func sentence(_ change: JSONValue) -> String {
        let (before, after) = (change["before"], change["after"])
        let what = "\(words(change["kind"].text)) \(name(after.isNull ? before : after))"
        if before.isNull { return "created \(what)" }
        if after.isNull { return "deleted \(what)" }
        let differences = differences(before, after)
        return differences.isEmpty ? "changed \(what)" : "changed \(what): " + differences.joined(separator: ", ")
    }

    private static func words(_ name: String) -> String { name.replacing("_", with: " ").replacing("-", with: " ") }

    /// What names a fact best: its name, else what it joins.
    private static func name(_ fact: JSONValue) -> String {
        if fact["subject"].isNull == false, fact["target"].isNull == false {
            return
                "\(fact["level"].text) for \(GrantWords.subject(fact["subject"])) on \(GrantWords.target(fact["target"]))"
        }
        if let name = fact["name"].string {
            return fact["namespace"].string.map { "\($0)/\(name)" } ?? name
        }
        return fact.members.filter { $0.name != "role" && $0.name != "managed_by" }.map(\.value.text)
            .filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// - Parameter path: of the object, with its point: `settings.`
    private static func differences(_ before: JSONValue, _ after: JSONValue, under path: String = "") -> [String] {
        let names = (after.members + before.members).map(\.name)
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted && before[$0] != after[$0] }.flatMap { name -> [String] in
            let (old, new) = (before[name], after[name])
            let place = path + (path.isEmpty ? words(name) : name)
            guard old.members.isEmpty || new.members.isEmpty else { return differences(old, new, under: place + ".") }
            return ["\(place) \(shown(old)) → \(shown(new))"]
        }
    }

    private static func shown(_ value: JSONValue) -> String { value.text.isEmpty ? "none" : value.text }
}
