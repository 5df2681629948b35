package import StrictJSON

/// What somebody gains and loses in a collection, in words: `elton on /prod: gains Deployer, loses container.exec`.
package enum ControlWords {
    /// So many operations are named one by one.
    private static let longest = 3

    package static func sentence(of difference: JSONValue) -> String {
        let gains = part("gains", difference["gained_roles"].items, difference["gained"].items)
        let losses = part("loses", difference["lost_roles"].items, difference["lost"].items)
        let who = difference["subject"]["id"].text
        return
            "\(who) on \(difference["collection"].text): \([gains, losses].compactMap(\.self).joined(separator: ", "))"
    }

    /// A role that came or went whole says more than its operations.
    private static func part(_ verb: String, _ roles: [JSONValue], _ operations: [JSONValue]) -> String? {
        guard !operations.isEmpty else { return nil }
        let words = roles.isEmpty ? operations : roles
        let more = words.count > longest ? " and \(words.count - longest) more" : ""
        return "\(verb) \(words.prefix(longest).map(\.text).joined(separator: ", "))\(more)"
    }
}
