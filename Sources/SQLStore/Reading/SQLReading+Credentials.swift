import AccessControl
import AccessModel

extension SQLReading {
    func password(of account: AccountID) throws(AccessError) -> (password: Password, hash: String)? {
        try connection.first(
            "SELECT \(Password.table.columns), hash FROM passwords WHERE account_id = ?", [.text(account.rawValue)]
        ) { (row) throws(AccessError) in
            let hash = row.bytes(Password.table.revisionColumn + 1) ?? []
            return (try Password(row: row), String(decoding: hash, as: UTF8.self))
        }
    }

    func token(withDigest digest: [UInt8]) throws(AccessError) -> AccessToken? {
        try one("WHERE digest = ?", .bytes(digest))?.value
    }

    func token(_ id: TokenID) throws(AccessError) -> AccessToken? {
        try one("WHERE id = ?", .text(id.rawValue))?.value
    }

    func tokens(of account: AccountID) throws(AccessError) -> [AccessToken] {
        try all("WHERE account_id = ? ORDER BY created_at, id", .text(account.rawValue)).map(\.value)
    }
}
