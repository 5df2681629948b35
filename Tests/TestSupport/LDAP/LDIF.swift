import Foundation

/// Records of RFC 2849, every value in base 64, so that no name needs quoting.
package enum LDIF {
    /// An entry to add.
    package static func entry(_ dn: String, _ attributes: [(String, String)]) -> String {
        record(dn, attributes.map(line))
    }

    /// Replaces all values of an attribute; none removes it.
    package static func replace(_ dn: String, _ attribute: String, with values: [String]) -> String {
        record(dn, ["changetype: modify", "replace: \(attribute)"] + values.map { line((attribute, $0)) } + ["-"])
    }

    package static func add(_ dn: String, _ attribute: String, _ values: [String]) -> String {
        record(dn, ["changetype: modify", "add: \(attribute)"] + values.map { line((attribute, $0)) } + ["-"])
    }

    package static func remove(_ dn: String, _ attribute: String, _ values: [String]) -> String {
        record(dn, ["changetype: modify", "delete: \(attribute)"] + values.map { line((attribute, $0)) } + ["-"])
    }

    /// Gives an entry another first part of its name, and another place if one is given.
    package static func rename(_ dn: String, to rdn: String, under parent: String? = nil) -> String {
        let place = parent.map { [line(("newsuperior", $0))] } ?? []
        return record(dn, ["changetype: modrdn", line(("newrdn", rdn)), "deleteoldrdn: 1"] + place)
    }

    package static func delete(_ dn: String) -> String { record(dn, ["changetype: delete"]) }

    private static func record(_ dn: String, _ lines: [String]) -> String {
        ([line(("dn", dn))] + lines).joined(separator: "\n") + "\n\n"
    }

    private static func line(_ attribute: (name: String, value: String)) -> String {
        attribute.value.isEmpty
            ? "\(attribute.name):" : "\(attribute.name):: \(Data(attribute.value.utf8).base64EncodedString())"
    }
}
