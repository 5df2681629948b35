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

    func tokens(of holder: TokenHolder) throws(AccessError) -> [AccessToken] {
        try all(
            "WHERE account_id = ? AND holder_kind = ? ORDER BY created_at, id", .text(holder.id), .text(holder.kind)
        ).map(\.value)
    }

    func tokens(madeBy maker: TokenID) throws(AccessError) -> [AccessToken] {
        try all("WHERE made_by = ? ORDER BY id", .text(maker.rawValue)).map(\.value)
    }

    func tokenUses(of holder: TokenHolder) throws(AccessError) -> [TokenID: TokenUse] {
        var uses: [TokenID: TokenUse] = [:]
        try connection.query(
            """
            SELECT token_uses.token_id, used_at, address FROM token_uses JOIN tokens ON tokens.id = token_id
            WHERE account_id = ? AND holder_kind = ?
            """, [.text(holder.id), .text(holder.kind)]
        ) { (row) throws(AccessError) in
            uses[TokenID(rawValue: try row.requiredText(0))] = TokenUse(
                time: Timestamp(microseconds: try row.requiredInteger(1)), address: try row.requiredText(2))
        }
        return uses
    }
}

extension SQLNoting {
    func upsert(_ uses: [TokenID: TokenUse]) throws(AccessError) {
        // In one order everywhere, so that two never wait for each other.
        for (token, use) in uses.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            // One that was revoked meanwhile has no uses.
            try connection.execute(
                """
                INSERT INTO token_uses (token_id, used_at, address)
                    SELECT id, ?, ? FROM tokens WHERE id = ?
                    ON CONFLICT (token_id) DO UPDATE SET used_at = excluded.used_at, address = excluded.address
                    WHERE excluded.used_at >= token_uses.used_at
                """, [.integer(use.time.microseconds), .text(use.address), .text(token.rawValue)])
        }
    }
}

extension SQLWriter {
    /// How a token was used goes with it.
    func forgetUses(after change: Change) throws(AccessError) {
        guard case .accessToken(let token)? = change.before, change.after == nil else { return }
        try connection.enqueue("DELETE FROM token_uses WHERE token_id = ?", [.text(token.id.rawValue)], oneRowOf: nil)
    }
}
