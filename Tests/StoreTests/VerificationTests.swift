import AccessControl
import AccessModel
import Testing

@Suite struct VerificationTests {
    /// What somebody with the database could do, and a part of what is said about it.
    struct Tampering: Sendable {
        let script: String
        let fault: String

        init(_ script: String, _ fault: String) { (self.script, self.fault) = (script, fault) }
    }

    static let ofEveryEngine: [Tampering] = [
        .init("UPDATE accounts SET system_admin = 1 WHERE name = 'anna'", "account id-anna is not what entry 3"),
        .init("UPDATE accounts SET full_name = 'Eve' WHERE name = 'anna'", "the full name of account id-anna"),
        .init(
            "UPDATE accounts SET email = 'eve@example.com' WHERE name = 'elton'",
            "the e-mail address of account id-elton"),
        .init(
            "UPDATE accounts SET full_name_digest = NULL, full_name = '' WHERE name = 'anna'", "account id-anna is not"),
        .init("UPDATE grants SET level = 'admin'", "grant"),
        .init("UPDATE repositories SET revision = 1", "repository api is not what entry 12"),
        .init(
            "UPDATE directories SET settings = replace(settings, '500', '501')", "directory corp is not what entry 1"),
        .init("DELETE FROM grants WHERE level = 'read-only'", "but there is no such row"),
        .init("INSERT INTO retired_names VALUES ('new', 1, 1)", "retired-name new has a row"),
        .init("UPDATE changes SET actor = 'user:eve' WHERE revision = 5", "entry 5 of the log does not fit its hash"),
        .init("UPDATE changes SET time = time + 1 WHERE revision = 5", "entry 5 of the log does not fit its hash"),
        .init("UPDATE changes SET reason = '' WHERE revision = 5", "entry 5 of the log does not fit its hash"),
        .init(
            "UPDATE changes SET after = replace(after, 'owner', 'member') WHERE revision = 5", "entry 5 of the log"),
        .init("UPDATE changes SET after = '{' WHERE revision = 5", "entry 5 of the log cannot be read"),
        .init("UPDATE changes SET kind = 'what' WHERE revision = 5", "entry 5 of the log cannot be read"),
        .init("UPDATE changes SET hash = 'x' WHERE revision = 5", "entry 5 of the log does not fit its hash"),
        .init("DELETE FROM changes WHERE revision = 5", "the log goes from entry 4 to 6"),
        .init("DELETE FROM changes WHERE revision = 18", "token token has a row, but no entry"),
        .init("DELETE FROM changes", "account id-elton has a row, but no entry"),
        .init(
            "UPDATE passwords SET hash = (SELECT salt FROM personal_values LIMIT 1)",
            secret + "password id-anna of anna is not"),
        .init(
            "UPDATE tokens SET digest = (SELECT salt FROM personal_values LIMIT 1)",
            secret + "token token of anna is not"),
        .init("UPDATE directories SET sealed_secret = NULL", secret + "directory corp is not the one of entry"),
        .init(
            "UPDATE changes SET secret_digest = NULL WHERE revision = 18", "entry 18 of the log does not fit its hash"),
        .init(
            "UPDATE changes SET secret_digest = 'x' WHERE revision = 18", "entry 18 of the log does not fit its hash"),
        .init("UPDATE changes SET secret_digest = 'x' WHERE revision = 5", "entry 5 of the log does not fit its hash"),
        .init("CREATE TABLE more (x TEXT)", "the schema has the table more"),
        .init("DROP INDEX tokens_by_account", "the schema lacks the index tokens_by_account"),
        .init("UPDATE personal_values SET value = 'Eve' WHERE value = 'Anna'", "was edited"),
        .init("UPDATE personal_values SET salt = (SELECT hash FROM passwords) WHERE value = 'Anna'", "was edited"),
    ]

    private static let secret = "the secret of "

    static let ofEngine: [Engine: [Tampering]] = [
        .sqlite: [
            .init(
                "CREATE TRIGGER t AFTER INSERT ON changes BEGIN UPDATE accounts SET system_admin = 1; END",
                "the schema has the trigger t, which no script"),
            .init("ALTER TABLE passwords ADD COLUMN x TEXT", "the table passwords is not as its script makes it"),
            .init("CREATE VIEW v AS SELECT * FROM tokens", "the schema has the view v"),
            .init(
                "PRAGMA ignore_check_constraints = ON; UPDATE accounts SET active = 2",
                "a row of accounts cannot be read"),
        ],
        .postgresql: [
            .init(
                """
                CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
                CREATE TRIGGER t BEFORE INSERT ON changes FOR EACH ROW EXECUTE FUNCTION f()
                """, "the schema has the trigger t of changes, which no script"),
            .init("ALTER TABLE passwords ADD COLUMN x TEXT", "the schema has the column passwords.x"),
            .init("CREATE VIEW v AS SELECT * FROM tokens", "the schema has the relation v"),
            .init(
                "ALTER TABLE accounts DROP CONSTRAINT accounts_active_check; UPDATE accounts SET active = 2",
                "a row of accounts cannot be read"),
            .init("CREATE RULE r AS ON DELETE TO grants DO INSTEAD NOTHING", "the schema has the rule r of grants"),
            .init("ALTER TABLE grants ENABLE ROW LEVEL SECURITY", "the table grants is not as its script makes it"),
            .init("ALTER TABLE teams DISABLE TRIGGER ALL", "the switched off check of references of teams"),
            .init(
                "ALTER TABLE accounts ALTER COLUMN name TYPE TEXT COLLATE \"default\"",
                "the column accounts.name is not as its script makes it"),
        ],
    ]

    static let tampering = Engine.allCases.flatMap { engine in
        (ofEveryEngine + (ofEngine[engine] ?? [])).map { (engine, $0) }
    }

    @Test(arguments: Engine.allCases) func `an honest log verifies, and says how much it holds`(_ engine: Engine)
        async throws
    {
        let store = try await TestStore.filled(engine)
        let verification = try await store.verify()
        #expect(verification.faults == [])
        #expect(verification.changes == Samples.facts.count)
        #expect(verification.facts == Samples.facts.count)
        #expect(verification.head == (try await store.changes().last?.hash))
    }

    @Test(arguments: Engine.allCases)
    func `settings of a directory that an older version wrote mean the same in its rows and its log`(_ engine: Engine)
        async throws
    {
        let store = try await TestStore.filled(engine)
        // Fewer members, as they were written before there were more. The log's own hashes tell of the edit.
        try await store.tamper(
            """
            UPDATE changes SET after = replace(after, '"login_memory":60,', '') WHERE kind = 'directory';
            UPDATE directories SET settings = replace(settings, '"login_memory":60,', '')
            """)
        let faults = try await store.verify().faults
        #expect(faults.allSatisfy { $0.contains("does not fit its hash") } && !faults.isEmpty, "\(faults)")
    }

    @Test(arguments: tampering) func `tampering is found`(_ engine: Engine, _ tampering: Tampering) async throws {
        let store = try await TestStore.filled(engine)
        try await store.tamper(tampering.script)
        let faults = try await store.verify().faults
        #expect(faults.contains { $0.contains(tampering.fault) }, "\(faults)")
        #expect(faults.count <= 21)
    }

    @Test(arguments: Engine.allCases) func `every hash of the chain proves the log, and others do not`(_ engine: Engine)
        async throws
    {
        let store = try await TestStore.filled(engine)
        for entry in try await store.changes() {
            #expect(try await store.verify(head: entry.hash.uppercased()).faults == [])
        }
        for other in ["a", "0"] {
            let faults = try await store.verify(head: String(repeating: other, count: 64)).faults
            #expect(faults.count == 1)
        }
        let empty = try await TestStore(engine)
        #expect(try await empty.verify(head: String(repeating: "0", count: 64)).faults == [])
    }

    @Test(arguments: Engine.allCases) func `a log cut at its end is found by a hash noted before`(_ engine: Engine)
        async throws
    {
        let store = try await TestStore.filled(engine)
        let head = try await store.verify().head
        try await store.tamper(
            "DELETE FROM control_settings; DELETE FROM changes WHERE revision = \(Samples.facts.count)")
        #expect(try await store.verify().faults == [])
        #expect(try await store.verify(head: head).faults.count == 1)
    }

    @Test(arguments: Engine.allCases) func `many faults are told in part`(_ engine: Engine) async throws {
        let store = try await TestStore(engine)
        try await store.record((1...50).map { .insert(.account(Samples.user("user-\($0)"))) })
        try await store.tamper("UPDATE accounts SET decision_reader = 1")
        let faults = try await store.verify().faults
        #expect(faults.count == 21)
        #expect(faults.last == "and 30 more")
    }
}
