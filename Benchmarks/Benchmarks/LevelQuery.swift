import AccessModel
import Foundation
import GRDBSQLite

/// The level of a user on a repository by one query over the tables and their indices: what a decision
/// costs without a graph.
final class LevelQuery {
    private var database: OpaquePointer?
    private var statement: OpaquePointer?

    private static let sql = """
        WITH RECURSIVE
        u AS (SELECT id, system_admin FROM accounts WHERE name = ?1 AND kind = 'user' AND active = 1),
        n AS (SELECT id FROM accounts WHERE name = ?2),
        r AS (SELECT id, visibility FROM repositories WHERE namespace_id = (SELECT id FROM n) AND name = ?3),
        t (id, parent_id) AS (
            SELECT teams.id, teams.parent_id FROM team_members JOIN teams ON teams.id = team_members.team_id
            WHERE team_members.user_id = (SELECT id FROM u) AND teams.organization_id = (SELECT id FROM n)
            UNION SELECT teams.id, teams.parent_id FROM t JOIN teams ON teams.id = t.parent_id),
        g (subject_id, level) AS (
            SELECT subject_id, CASE level WHEN 'admin' THEN 3 WHEN 'read-write' THEN 2 ELSE 1 END
            FROM grants WHERE target_id IN (SELECT id FROM n UNION ALL SELECT id FROM r)
            AND subject_id IN (SELECT id FROM t UNION ALL SELECT id FROM u)
            AND (expires_at IS NULL OR expires_at > ?4))
        SELECT max(level) FROM (
            SELECT 3 AS level FROM u, r WHERE u.system_admin = 1 OR u.id = (SELECT id FROM n)
            UNION ALL SELECT 3 FROM organization_members, r WHERE organization_id = (SELECT id FROM n)
                AND user_id = (SELECT id FROM u) AND role = 'owner'
            UNION ALL SELECT level FROM g, r
            UNION ALL SELECT 1 FROM u, r WHERE r.visibility = 'public')
        """

    init(path: String) throws {
        guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK,
            sqlite3_exec(database, "PRAGMA cache_size = -1000000; BEGIN", nil, nil, nil) == SQLITE_OK,
            sqlite3_prepare_v2(database, Self.sql, -1, &statement, nil) == SQLITE_OK
        else { throw BenchmarkError("SQLite: " + String(cString: sqlite3_errmsg(database))) }
    }

    deinit {
        sqlite3_finalize(statement)
        sqlite3_close(database)
    }

    /// 1 to 3 for the levels; 0 for none.
    func level(_ user: String, _ path: RepositoryPath, at now: Timestamp) throws -> Int {
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        sqlite3_bind_text(statement, 1, user, -1, copied)
        sqlite3_bind_text(statement, 2, path.namespace.rawValue, -1, copied)
        sqlite3_bind_text(statement, 3, path.name, -1, copied)
        sqlite3_bind_int64(statement, 4, now.microseconds)
        defer { sqlite3_reset(statement) }
        guard sqlite3_step(statement) == SQLITE_ROW else {
            throw BenchmarkError("SQLite: " + String(cString: sqlite3_errmsg(database)))
        }
        return Int(sqlite3_column_int(statement, 0))
    }

    /// Fails unless both say the same: a comparison with something else would be worth nothing.
    func agree(
        with graph: AccessGraph, _ questions: some Sequence<(Principal, RepositoryPath)>, at now: Timestamp
    ) throws {
        for (principal, path) in questions {
            let level = graph.check(principal, .view, path, at: now).level
            let expected = level.map { (AccessLevel.allCases.firstIndex(of: $0) ?? 0) + 1 } ?? 0
            guard try self.level(principal.description, path, at: now) == expected else {
                throw BenchmarkError("SQLite and the graph differ on \(principal) and \(path)")
            }
        }
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
