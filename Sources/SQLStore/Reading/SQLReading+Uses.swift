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

extension SQLNoting {
    func upsert(_ use: RepositoryUse, of repository: RepositoryID) throws(AccessError) {
        // One statement, so that it is right beside others of its kind.
        let set = ["pushed", "pulled"].flatMap { mark in
            ["\(mark)_at", "\(mark)_by"].map { column in
                """
                \(column) = CASE WHEN excluded.\(mark)_at >= coalesce(repository_uses.\(mark)_at, excluded.\(mark)_at)
                    THEN excluded.\(column) ELSE repository_uses.\(column) END
                """
            }
        }
        try connection.execute(
            """
            INSERT INTO repository_uses (repository_id, pushed_at, pushed_by, pulled_at, pulled_by)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (repository_id) DO UPDATE SET \(set.joined(separator: ", "))
            """,
            [
                .text(repository.rawValue), SQLValue(use.push?.time.microseconds), SQLValue(use.push?.by),
                SQLValue(use.pull?.time.microseconds), SQLValue(use.pull?.by),
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
}

extension SQLWriter {
    func deleteUses(of repository: RepositoryID) throws(AccessError) {
        for table in ["repository_uses", "repository_tags"] {
            try connection.execute("DELETE FROM \(table) WHERE repository_id = ?", [.text(repository.rawValue)])
        }
    }
}
