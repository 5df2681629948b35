package import StrictJSON

/// What somebody gains and loses in a collection, in words: `elton on /prod: gains Deployer, loses container.exec`.
package enum ControlWords {
    /// So many operations are named one by one.
    private static let longest = 3

    package static func sentence(of difference: JSONValue) -> String {
        "\(difference["subject"]["id"].text) on \(place(of: difference)): \(changes(in: difference))"
    }

    /// `/prod`, or `namespace eu/shop, now in /prod` of what is elsewhere now.
    package static func place(of difference: JSONValue) -> String {
        let (resource, collection) = (difference["resource"], difference["collection"].text)
        guard let type = resource["type"].string else { return collection }
        return "\(type) \(resource["id"].text), now in \(collection)"
    }

    /// `gains Deployer, loses container.exec`
    package static func changes(in difference: JSONValue) -> String {
        let gains = part("gains", difference["gained_roles"].items, difference["gained"].items)
        let losses = part("loses", difference["lost_roles"].items, difference["lost"].items)
        return [gains, losses].compactMap(\.self).joined(separator: ", ")
    }

    /// A role that came or went whole says more than its operations.
    private static func part(_ verb: String, _ roles: [JSONValue], _ operations: [JSONValue]) -> String? {
        guard !operations.isEmpty || !roles.isEmpty else { return nil }
        let words = roles.isEmpty ? operations : roles
        let more = words.count > longest ? " and \(words.count - longest) more" : ""
        return "\(verb) \(words.prefix(longest).map(\.text).joined(separator: ", "))\(more)"
    }
}
