extension LDAPConnection {
    /// A value that must stay what it is while an attribute is read in pieces.
    public struct Stamp: Hashable, Sendable {
        public var attribute: String
        public var value: [UInt8]

        public init(attribute: String, value: [UInt8]) {
            self.attribute = attribute
            self.value = value
        }
    }

    /// Reads the values of an attribute from place `start` on, piece by piece (ranged retrieval), and
    /// appends them to `values`. After an error, `values` holds what had arrived.
    /// - Parameters:
    ///   - size: values a piece; nil leaves it to the server.
    ///   - stamp: values that move up while pieces are read are missed, so reading breaks off with
    ///     `.other` if this attribute no longer has this value. Active Directory: `uSNChanged`.
    public mutating func readValues(
        of attribute: String, at dn: String, from start: Int = 0, size: Int? = nil, unchanged stamp: Stamp? = nil,
        into values: inout LDAPValues
    ) throws(LDAPError) {
        var start = start
        while true {
            let end = size.map { String(start + max(1, $0) - 1) } ?? "*"
            let wanted = ["\(attribute);range=\(start)-\(end)"] + (stamp.map { [$0.attribute] } ?? [])
            let entries = try search(LDAPSearch(base: dn, scope: .base, attributes: wanted))
            guard let entry = entries.first else {
                throw LDAPError("read values", .noSuchObject, "\(dn) is gone or hidden")
            }
            if let stamp, !(entry[stamp.attribute].first ?? []).elementsEqual(stamp.value) {
                throw LDAPError("read values", .other, "\(dn) changed while \(attribute) was read")
            }
            guard let range = entry.range(of: attribute) else {
                guard start == 0 else {
                    throw LDAPError("read values", .other, "no values of \(attribute) came from place \(start) on")
                }
                values.append(contentsOf: entry[attribute])
                return
            }
            guard range.first == start else {
                let places = "from place \(range.first) and not \(start)"
                throw LDAPError("read values", .other, "values of \(attribute) came \(places)")
            }
            guard range.last == nil || !range.values.isEmpty else {
                throw LDAPError("read values", .other, "no values of \(attribute) came from place \(start) on")
            }
            values.append(contentsOf: range.values)
            guard let last = range.last else { return }
            start = last + 1
        }
    }
}
