import AccessControl
import AccessModel

extension SQLReading {
    func directoryLogins(of person: String) throws(AccessError) -> KnownDirectoryLogins? {
        let query = "SELECT sealed_hash, networks FROM directory_logins WHERE person = ?"
        var found = try connection.first(query, [.text(person)]) { (row) throws(AccessError) in
            KnownDirectoryLogins(
                sealedHash: row.bytes(0), networks: try row.requiredText(1).split(separator: " ").map(String.init))
        }
        try connection.query(
            "SELECT network, attempted_at FROM directory_attempts WHERE person = ? ORDER BY number", [.text(person)]
        ) { (row) throws(AccessError) in
            let time = Timestamp(microseconds: try row.requiredInteger(1))
            found?.attempts.append(.init(network: try row.requiredText(0), time: time))
        }
        return found
    }
}

extension SQLNoting {
    func upsert(_ logins: [String: KnownDirectoryLogins]) throws(AccessError) {
        for (person, known) in logins.sorted(by: { $0.key < $1.key }) {
            try connection.execute(
                """
                INSERT INTO directory_logins (person, sealed_hash, networks) VALUES (?, ?, ?)
                    ON CONFLICT (person) DO UPDATE SET sealed_hash = excluded.sealed_hash, networks = excluded.networks
                """,
                [
                    .text(person), known.sealedHash.map(SQLValue.bytes) ?? .null,
                    .text(known.networks.joined(separator: " ")),
                ])
            try connection.execute("DELETE FROM directory_attempts WHERE person = ?", [.text(person)])
            for (number, attempt) in known.attempts.enumerated() {
                try connection.execute(
                    "INSERT INTO directory_attempts (person, number, network, attempted_at) VALUES (?, ?, ?, ?)",
                    [
                        .text(person), .integer(Int64(number)), .text(attempt.network),
                        .integer(attempt.time.microseconds),
                    ])
            }
        }
    }

}

extension SQLWriter {
    /// What is known of logins goes with the account, or with its link to the directory.
    func forgetLogins(after change: Change) throws(AccessError) {
        guard case .account(let before)? = change.before, let link = before.directory else { return }
        if case .account(let after)? = change.after, after.directory?.person == link.person { return }
        for table in ["directory_logins", "directory_attempts"] {
            try connection.execute("DELETE FROM \(table) WHERE person = ?", [.text(link.person)])
        }
    }
}
