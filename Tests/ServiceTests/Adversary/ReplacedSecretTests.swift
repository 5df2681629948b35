import AccessControl
import AccessModel
import SQLStore
import SQLiteDriver
import TestSupport
import Testing

/// What somebody who may write the file could do with secrets, and what is said about it.
@Suite struct ReplacedSecretTests {
    @Test func `a password's hash that was replaced lets its maker in, and the log says so`() async throws {
        try await TestService.run([.user("root", admin: true), .user("eve")]) { service async throws in
            try await service.setPassword(of: "root", to: "the right one")
            try await service.setPassword(of: "eve", to: "known to eve")
            #expect(try await service.get("/v1/verify", as: "root").json["ok"] == true)

            let eve = Credential.basic(login: "root", secret: "known to eve")
            #expect(try await service.get("/v1/users/me", as: eve).status == 401)
            try await service.tamper(
                """
                UPDATE passwords SET hash = (SELECT hash FROM passwords JOIN accounts ON id = account_id
                    WHERE name = 'eve')
                """)
            #expect(try await service.get("/v1/users/me", as: eve).json["name"] == "root")

            let proof = try await service.get("/v1/verify", as: "root")
            #expect(proof.json["ok"] == false)
            let faults = proof.json["faults"]?.elements.compactMap(\.string) ?? []
            #expect(faults.count == 1 && faults[0].hasPrefix("the secret of password "), "\(faults)")
        }
    }

    @Test func `the digests of secrets leave by no interface`() async throws {
        try await TestService.run([.user("root", admin: true), .user("ann")]) { service async throws in
            try await service.setPassword(of: "ann", to: "a long password")
            _ = try await service.newToken(for: "ann")
            let digests = try await service.rows("SELECT secret_digest FROM changes WHERE secret_digest IS NOT NULL")
            #expect(digests.count >= 2)
            for path in ["/v1/changes?limit=1000", "/v1/changes?subject=ann", "/v1/export", "/v1/verify"] {
                let text = try await service.get(path, as: "root").text
                #expect(text.contains("ann") || text.contains("head"), "\(path)")
                for digest in digests { #expect(!text.contains(digest), "\(path)") }
                #expect(!text.contains("secret_digest"), "\(path)")
            }
        }
    }
}

extension TestService {
    /// Edits the file behind the service's back.
    fileprivate func tamper(_ script: String) async throws {
        try await file.writeAside(within: .seconds(5)) { (connection) throws(AccessError) in
            try connection.execute(script: script)
        }
    }

    fileprivate func rows(_ query: String) async throws -> [String] {
        try await file.read { (connection) throws(AccessError) in
            var rows: [String] = []
            try connection.query(query, []) { (row) throws(AccessError) in rows.append(row.text(0) ?? "") }
            return rows
        }
    }

    private var file: SQLiteDatabase {
        get throws { try SQLiteDatabase(path: folder.path("portreeve.db"), mode: .readWrite, log: { _ in }) }
    }
}
