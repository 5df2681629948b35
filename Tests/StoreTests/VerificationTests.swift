import AccessControl
import AccessModel
import Testing

@Suite struct VerificationTests {
    /// What somebody with the file could do, and a part of what is said about it.
    static let tampering: [(script: String, fault: String)] = [
        ("UPDATE accounts SET system_admin = 1 WHERE name = 'anna'", "account id-anna is not what entry 3"),
        ("UPDATE accounts SET full_name = 'Eve' WHERE name = 'anna'", "the full name of account id-anna"),
        (
            "UPDATE accounts SET email = 'eve@example.com' WHERE name = 'elton'",
            "the e-mail address of account id-elton"
        ),
        ("UPDATE accounts SET full_name_digest = NULL, full_name = '' WHERE name = 'anna'", "account id-anna is not"),
        ("UPDATE grants SET level = 'admin'", "grant"),
        ("UPDATE repositories SET revision = 1", "repository api is not what entry 12"),
        ("UPDATE directories SET settings = replace(settings, '500', '501')", "directory corp is not what entry 1"),
        ("DELETE FROM grants WHERE level = 'read-only'", "but there is no such row"),
        ("INSERT INTO retired_names VALUES ('new', 1, 1)", "retired-name new has a row"),
        ("UPDATE changes SET actor = 'user:eve' WHERE revision = 5", "entry 5 of the log does not fit its hash"),
        ("UPDATE changes SET time = time + 1 WHERE revision = 5", "entry 5 of the log does not fit its hash"),
        ("UPDATE changes SET reason = '' WHERE revision = 5", "entry 5 of the log does not fit its hash"),
        ("UPDATE changes SET after = replace(after, 'owner', 'member') WHERE revision = 5", "entry 5 of the log"),
        ("UPDATE changes SET after = '{' WHERE revision = 5", "entry 5 of the log cannot be read"),
        ("UPDATE changes SET kind = 'what' WHERE revision = 5", "entry 5 of the log cannot be read"),
        ("UPDATE changes SET hash = 'x' WHERE revision = 5", "entry 5 of the log does not fit its hash"),
        ("DELETE FROM changes WHERE revision = 5", "the log goes from entry 4 to 6"),
        ("DELETE FROM changes WHERE revision = 18", "token token has a row, but no entry"),
        ("DELETE FROM changes", "account id-elton has a row, but no entry"),
        ("UPDATE passwords SET hash = x'00'", "the secret of password id-anna of anna is not the one of entry"),
        ("UPDATE tokens SET digest = x'00'", "the secret of token token of anna is not the one of entry 18"),
        ("UPDATE directories SET sealed_secret = x'00'", "the secret of directory corp is not the one of entry"),
        ("UPDATE changes SET secret_digest = NULL WHERE revision = 18", "entry 18 of the log does not fit its hash"),
        ("UPDATE changes SET secret_digest = 'x' WHERE revision = 18", "entry 18 of the log does not fit its hash"),
        ("UPDATE changes SET secret_digest = 'x' WHERE revision = 5", "entry 5 of the log does not fit its hash"),
        (
            "CREATE TRIGGER t AFTER INSERT ON changes BEGIN UPDATE accounts SET system_admin = 1; END",
            "the schema has the trigger t, which no script"
        ),
        ("CREATE TABLE more (x)", "the schema has the table more"),
        ("ALTER TABLE passwords ADD COLUMN x TEXT", "the table passwords is not as its script makes it"),
        ("DROP INDEX tokens_by_account", "the schema lacks the index tokens_by_account"),
        ("CREATE VIEW v AS SELECT * FROM tokens", "the schema has the view v"),
        ("UPDATE personal_values SET value = 'Eve' WHERE value = 'Anna'", "was edited"),
        ("UPDATE personal_values SET salt = x'00' WHERE value = 'Anna'", "was edited"),
        ("PRAGMA ignore_check_constraints = ON; UPDATE accounts SET active = 2", "a row of accounts cannot be read"),
    ]

    @Test func `an honest log verifies, and says how much it holds`() async throws {
        let store = try await TestStore.filled()
        let verification = try await store.verify()
        #expect(verification.faults == [])
        #expect(verification.changes == Samples.facts.count)
        #expect(verification.facts == Samples.facts.count)
        #expect(verification.head == (try await store.changes().last?.hash))
    }

    @Test func `settings of a directory that an older version wrote mean the same in its rows and its log`()
        async throws
    {
        let store = try await TestStore.filled()
        // Fewer members, as they were written before there were more. The log's own hashes tell of the edit.
        try await store.tamper(
            """
            UPDATE changes SET after = replace(after, '"login_memory":60,', '') WHERE kind = 'directory';
            UPDATE directories SET settings = replace(settings, '"login_memory":60,', '')
            """)
        let faults = try await store.verify().faults
        #expect(faults.allSatisfy { $0.contains("does not fit its hash") } && !faults.isEmpty, "\(faults)")
    }

    @Test(arguments: tampering)
    func `tampering is found`(_ script: String, _ fault: String) async throws {
        let store = try await TestStore.filled()
        try await store.tamper(script)
        let faults = try await store.verify().faults
        #expect(faults.contains { $0.contains(fault) }, "\(faults)")
        #expect(faults.count <= 21)
    }

    @Test func `every hash of the chain proves the log, and others do not`() async throws {
        let store = try await TestStore.filled()
        for entry in try await store.changes() {
            #expect(try await store.verify(head: entry.hash.uppercased()).faults == [])
        }
        for other in ["a", "0"] {
            let faults = try await store.verify(head: String(repeating: other, count: 64)).faults
            #expect(faults.count == 1)
        }
        let empty = try await TestStore()
        #expect(try await empty.verify(head: String(repeating: "0", count: 64)).faults == [])
    }

    @Test func `a log cut at its end is found by a hash noted before`() async throws {
        let store = try await TestStore.filled()
        let head = try await store.verify().head
        try await store.tamper("DELETE FROM tokens; DELETE FROM changes WHERE revision = 18")
        #expect(try await store.verify().faults == [])
        #expect(try await store.verify(head: head).faults.count == 1)
    }

    @Test func `many faults are told in part`() async throws {
        let store = try await TestStore()
        try await store.record((1...50).map { .insert(.account(Samples.user("user-\($0)"))) })
        try await store.tamper("UPDATE accounts SET decision_reader = 1")
        let faults = try await store.verify().faults
        #expect(faults.count == 21)
        #expect(faults.last == "and 30 more")
    }
}
