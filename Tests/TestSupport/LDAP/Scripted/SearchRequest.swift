/// A search as a client asked for it (RFC 4511, 4.5.1).
package struct SearchRequest: Sendable, CustomStringConvertible {
    package enum Scope: Int, Sendable { case base, one, subtree }

    package let base: String
    package let scope: Scope
    package let sizeLimit: Int
    package let typesOnly: Bool
    package let attributes: [String]
    /// Which of the searches that are counted this is, from 1.
    package internal(set) var number = 0
    let condition: SearchFilter
    let wireControls: [WireControl]

    /// In the words of RFC 4515.
    package var filter: String { condition.description }

    /// The OIDs of the controls.
    package var controls: [String] { wireControls.map(\.oid) }

    /// The cookie of a paged search or of DirSync; empty for a search that begins, nil without such a control.
    package var cookie: [UInt8]? { page?.cookie ?? dirSync?.cookie }

    package var description: String {
        "\(scope) \"\(base)\" \(filter) \(attributes.joined(separator: ","))"
            + controls.map { " [\($0)]" }.joined()
    }

    init(_ element: BER, _ controls: [WireControl]) throws {
        var reader = BERReader(element.content)
        base = try reader.next(BER.octetString).text
        guard let scope = Scope(rawValue: try reader.next(BER.enumerated).number) else {
            throw ServerError("LDAP: a search without a scope")
        }
        self.scope = scope
        _ = try reader.next(BER.enumerated)
        sizeLimit = try reader.next(BER.integer).number
        _ = try reader.next(BER.integer)
        typesOnly = try reader.next(BER.boolean).content.first ?? 0 != 0
        guard let filter = try reader.next() else { throw ServerError("LDAP: a search without a filter") }
        condition = try SearchFilter(filter)
        attributes = try reader.next(BER.sequence).elements.map(\.text)
        wireControls = controls
    }

    func control(_ oid: String) -> WireControl? { wireControls.first { $0.oid == oid } }

    /// The paging control (RFC 2696).
    var page: (size: Int, cookie: [UInt8])? {
        guard let parts = numbersAndCookie(WindowsOID.pagedResults), parts.numbers.count == 1 else { return nil }
        return (parts.numbers[0], parts.cookie)
    }

    /// The DirSync control (MS-ADTS 3.1.1.3.4.1.3).
    var dirSync: (flags: Int, cookie: [UInt8])? {
        guard let parts = numbersAndCookie(WindowsOID.dirSync), parts.numbers.count == 2 else { return nil }
        return (parts.numbers[0], parts.cookie)
    }

    private func numbersAndCookie(_ oid: String) -> (numbers: [Int], cookie: [UInt8])? {
        guard let value = control(oid)?.value else { return nil }
        var reader = BERReader(value[...])
        guard let parts = try? reader.next(BER.sequence).elements, let cookie = parts.last,
            let numbers = try? parts.dropLast().map({ try $0.number })
        else { return nil }
        return (numbers, Array(cookie.content))
    }
}

/// Numbers by which Windows knows controls and matching rules.
enum WindowsOID {
    static let pagedResults = "1.2.840.113556.1.4.319"
    static let showDeleted = "1.2.840.113556.1.4.417"
    static let dirSync = "1.2.840.113556.1.4.841"
    static let bitAnd = "1.2.840.113556.1.4.803"
    static let bitOr = "1.2.840.113556.1.4.804"
    static let activeDirectory = "1.2.840.113556.1.4.800"
    static let whoAmI = "1.3.6.1.4.1.4203.1.11.3"
}
