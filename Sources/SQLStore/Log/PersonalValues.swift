import AccessControl
import AccessModel
import Crypto

/// Values about a person, beside the log: the log has a salted digest of each, so deleting a
/// value here erases it, and the log verifies as before.
struct PersonalValues {
    let connection: any SQLConnection

    private static let digestPrefix: StaticString = "sha256:"
    private static let insert = "INSERT INTO personal_values (digest, salt, value) VALUES (?, ?, ?)"

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
        try connection.execute(Self.insert, [.text(digest), .bytes(salt), .text(value)])
        return digest
    }

    /// The value of a digest, if it is kept. Other texts are returned as they are.
    func value(of text: String) throws(AccessError) -> String {
        guard text.hasPrefix("sha256:") else { return text }
        return try kept(text) ?? ""
    }

    func kept(_ digest: String) throws(AccessError) -> String? {
        try connection.first("SELECT value FROM personal_values WHERE digest = ?", [.text(digest)]) {
            (row) throws(AccessError) in try row.requiredText(0)
        }
    }

    /// A change read from the log, with the values in place of the digests.
    func filled(_ change: Change) throws(AccessError) -> Change {
        guard let fact = change.fact, fact.kind == .account else { return change }
        let before = try change.before.map { (fact) throws(AccessError) in try filled(fact) }
        let after = try change.after.map { (fact) throws(AccessError) in try filled(fact) }
        switch (before, after) {
        case (nil, let after?): return .insert(after)
        case (let before?, nil): return .delete(before)
        case (let before?, let after?): return .update(before, to: after) ?? change
        case (nil, nil): return change
        }
    }

    private func filled(_ fact: Fact) throws(AccessError) -> Fact {
        guard case .account(var account) = fact else { return fact }
        account.fullName = try value(of: account.fullName)
        account.email = try account.email.map { (text) throws(AccessError) in try value(of: text) }
        if let dn = account.directory?.dn { account.directory?.dn = try value(of: dn) }
        if let name = account.directory?.principalName { account.directory?.principalName = try value(of: name) }
        return .account(account)
    }
}
