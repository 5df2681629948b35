import AccessControl
import AccessModel

// What registries told, which is in no log.

extension SQLReading {
    func use(of repository: RepositoryID) throws(AccessError) -> RepositoryUse {
        let found = try connection.first(
            "SELECT pushed_at, pushed_by, pulled_at, pulled_by FROM repository_uses WHERE repository_id = ?",
            [.text(repository.rawValue)]
        ) { row in
            RepositoryUse(push: Self.mark(row.integer(0), row.text(1)), pull: Self.mark(row.integer(2), row.text(3)))
        }
        return found ?? RepositoryUse()
    }

    func tags(of repository: RepositoryID, _ page: Page) throws(AccessError) -> [KnownTag] {
        try connection.rows(
            """
            SELECT tag, digest, pushed_at, pushed_by FROM repository_tags
            WHERE repository_id = ? AND tag > ? ORDER BY tag LIMIT ?
            """, [.text(repository.rawValue), .text(page.after ?? ""), .integer(Int64(page.limit))]
        ) { (row) throws(AccessError) in
            let time = Timestamp(microseconds: try row.requiredInteger(2))
            return KnownTag(
                name: try row.requiredText(0), digest: try row.requiredText(1),
                push: RepositoryUse.Mark(time: time, by: try row.requiredText(3)))
        }
    }

    private static func mark(_ time: Int64?, _ by: String?) -> RepositoryUse.Mark? {
        time.map { RepositoryUse.Mark(time: Timestamp(microseconds: $0), by: by ?? "") }
    }
}

extension SQLWriter {
    func upsert(_ use: RepositoryUse, of repository: RepositoryID) throws(AccessError) {
        let known = try self.use(of: repository)
        func newer(_ new: RepositoryUse.Mark?, _ old: RepositoryUse.Mark?) -> RepositoryUse.Mark? {
            guard let new, let old else { return new ?? old }
            return new.time < old.time ? old : new
        }
        let (push, pull) = (newer(use.push, known.push), newer(use.pull, known.pull))
        guard RepositoryUse(push: push, pull: pull) != known else { return }
        try connection.execute(
            """
            INSERT OR REPLACE INTO repository_uses (repository_id, pushed_at, pushed_by, pulled_at, pulled_by)
                VALUES (?, ?, ?, ?, ?)
            """,
            [
                .text(repository.rawValue), SQLValue(push?.time.microseconds), SQLValue(push?.by),
                SQLValue(pull?.time.microseconds), SQLValue(pull?.by),
            ])
    }

    func upsert(_ tag: KnownTag, of repository: RepositoryID) throws(AccessError) {
        try connection.execute(
            """
            INSERT INTO repository_tags (repository_id, tag, digest, pushed_at, pushed_by) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (repository_id, tag) DO UPDATE
                SET digest = excluded.digest, pushed_at = excluded.pushed_at, pushed_by = excluded.pushed_by
                WHERE excluded.pushed_at >= repository_tags.pushed_at
            """,
            [
                .text(repository.rawValue), .text(tag.name), .text(tag.digest),
                .integer(tag.push.time.microseconds), .text(tag.push.by),
            ])
    }

    func delete(
        _ tags: TagSelection, of repository: RepositoryID, pushedBefore time: Timestamp
    ) throws(AccessError) {
        let (column, value) =
            switch tags {
            case .tag(let name): ("tag", name)
            case .digest(let digest): ("digest", digest)
            }
        try connection.execute(
            "DELETE FROM repository_tags WHERE repository_id = ? AND \(column) = ? AND pushed_at < ?",
            [.text(repository.rawValue), .text(value), .integer(time.microseconds)])
    }

    func deleteUses(of repository: RepositoryID) throws(AccessError) {
        for table in ["repository_uses", "repository_tags"] {
            try connection.execute("DELETE FROM \(table) WHERE repository_id = ?", [.text(repository.rawValue)])
        }
    }
}
