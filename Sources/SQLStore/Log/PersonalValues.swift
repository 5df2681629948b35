import AccessControl
import AccessModel
import Crypto

/// Values about a person, beside the log: the log has a salted digest of each, so deleting a
/// value here erases it, and the log verifies as before.
struct PersonalValues {
    let connection: any SQLConnection

    private static let digestPrefix: StaticString = "sha256:"
    private static let insert = SQLInsert(into: "personal_values", ["digest", "salt", "value"])

    /// `sha256:` and the hexadecimal SHA-256 of the salt and the value.
    static func digest(of value: String, salt: [UInt8]) -> String {
        var hasher = SHA256()
        hasher.update(data: salt)
        hasher.update(data: Array(value.utf8))
        return Hexadecimal.text(hasher.finalize(), prefix: digestPrefix)
    }

    /// Keeps a value under a new digest; nil for one that is empty or absent.
    func keep(_ value: String?, salts: inout SaltSource) throws(AccessError) -> String? {
        guard let value, !value.isEmpty else { return nil }
        let salt = salts.next()
        let digest = Self.digest(of: value, salt: salt)
        try connection.enqueue(Self.insert, [.text(digest), .bytes(salt), .text(value)])
        return digest
    }

    /// Changes read from the log, with the values in place of the digests; what was erased is empty.
    func filled(_ changes: [Change]) throws(AccessError) -> [Change] {
        var digests: Set<String> = []
        for case .account(let account)? in changes.lazy.flatMap({ [$0.before, $0.after] }) {
            for text in account.personalTexts where Self.isDigest(text) { digests.insert(text) }
        }
        guard !digests.isEmpty else { return changes }
        let values = try kept(digests.sorted())
        return try changes.map { (change) throws(AccessError) in
            switch (Self.filled(change.before, values), Self.filled(change.after, values)) {
            case (nil, let after?): .insert(after)
            case (let before?, nil): .delete(before)
            case (let before?, let after?): Change.update(before, to: after) ?? change
            case (nil, nil): change
            }
        }
    }

    private static func isDigest(_ text: String) -> Bool { text.hasPrefix("sha256:") }

    private static func filled(_ fact: Fact?, _ values: [String: String]) -> Fact? {
        guard case .account(var account)? = fact else { return fact }
        account.mapPersonalTexts { isDigest($0) ? values[$0] ?? "" : $0 }
        return .account(account)
    }

    /// The values of digests, as far as they are kept.
    private func kept(_ digests: [String]) throws(AccessError) -> [String: String] {
        var values: [String: String] = [:]
        try connection.query("SELECT digest, value FROM personal_values", where: "digest", in: digests) {
            (row) throws(AccessError) in values[try row.requiredText(0)] = try row.requiredText(1)
        }
        return values
    }
}

extension Account {
    /// What is said of the person.
    fileprivate var personalTexts: [String] {
        [fullName, email, directory?.dn, directory?.principalName].compactMap(\.self)
    }

    fileprivate mutating func mapPersonalTexts(_ transform: (String) -> String) {
        fullName = transform(fullName)
        email = email.map(transform)
        if let dn = directory?.dn { directory?.dn = transform(dn) }
        if let name = directory?.principalName { directory?.principalName = transform(name) }
    }
}
