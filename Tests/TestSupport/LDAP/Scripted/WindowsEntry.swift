/// An entry of the directory. The counter in each attribute tells when that one changed last.
struct WindowsEntry: Sendable {
    enum Value: Hashable, Sendable {
        case bytes([UInt8])
        /// A link to another entry, which follows that one's name.
        case entry(Int)
    }

    struct Attribute: Sendable {
        var name: String
        /// None if the attribute has been emptied.
        var values: [Value]
        var usn: Int
        /// When each value of a link came, and when each one went that is not there any more. A link that
        /// went with its target is not among these.
        var came: [Value: Int] = [:]
        var went: [Value: Int] = [:]
    }

    let id: Int
    let guid: [UInt8]
    var name: WindowsName
    /// By the name in lower case.
    var attributes: [String: Attribute] = [:]

    /// Attributes that hold names of entries.
    static let links = ["member", "manager", "managedby"]

    var isDeleted: Bool { attributes["isdeleted"]?.values == [.bytes(Array("TRUE".utf8))] }

    /// The counter of the last change that was made to the entry itself.
    var usn: Int { attributes["usnchanged"]?.usn ?? 0 }

    mutating func set(_ name: String, _ values: [Value], usn: Int) {
        let key = name.lowercased()
        var attribute = Attribute(name: name, values: values, usn: usn)
        if Self.links.contains(key) {
            let (before, now) = (attributes[key], Set(values))
            attribute.came = (before?.came ?? [:]).filter { now.contains($0.key) }
            for value in values where attribute.came[value] == nil { attribute.came[value] = usn }
            attribute.went = (before?.went ?? [:]).filter { !now.contains($0.key) }
            for value in before?.values ?? [] where !now.contains(value) { attribute.went[value] = usn }
        }
        attributes[key] = attribute
    }

    mutating func set(_ name: String, _ text: String, usn: Int) { set(name, [.bytes(Array(text.utf8))], usn: usn) }
}
