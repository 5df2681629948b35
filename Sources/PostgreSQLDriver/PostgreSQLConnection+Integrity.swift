public import AccessControl
public import SQLStore

extension PostgreSQLConnection {
    // The transaction only reads, and what follows makes a schema or may fail: it is done over another connection.
    public func integrity(limit: Int) throws(AccessError) -> SQLIntegrity {
        var integrity = SQLIntegrity()
        let present = try schema()
        try attempt { () throws in
            let other = try openAnother()
            integrity.faults += Array(try other.indexFaults(&integrity.notes).prefix(limit))
            if let expected = try other.expectedSchema() {
                integrity.faults += SQLIntegrity.faults(expected: expected, present: present)
            } else {
                integrity.notes.append(
                    "the schema was not compared with its scripts: that takes the right to create a schema in the database"
                )
            }
        }
        return integrity
    }

    /// The definition of each object of the schema by its kind and name.
    private func schema() throws(AccessError) -> [String: String] {
        var objects: [String: String] = [:]
        try query(SchemaDescription.query, []) { (row) throws(AccessError) in
            if let name = row.text(0) { objects[name] = row.text(1) ?? "" }
        }
        return objects
    }
}

/// What a schema is made of, apart from its own name.
private enum SchemaDescription {
    static let query = """
        WITH tables AS (
            SELECT pg_class.oid, relname::text AS name, relkind::text AS kind, relrowsecurity AS hidden,
                relpersistence::text AS persistence
            FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace
            WHERE nspname = current_schema() AND relkind IN ('r', 'p', 'v', 'm', 'f'))
        SELECT (CASE kind WHEN 'r' THEN 'table ' ELSE 'relation ' END) || name,
            persistence || CASE WHEN hidden THEN ' with row security' ELSE '' END FROM tables
        UNION ALL
        SELECT 'column ' || name || '.' || attname, format_type(atttypid, atttypmod) || ' ' || coalesce(collname, '')
            || CASE WHEN attnotnull THEN ' NOT NULL ' ELSE ' ' END || coalesce(pg_get_expr(adbin, adrelid), '')
            || attidentity::text || attgenerated::text
        FROM tables JOIN pg_catalog.pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
            LEFT JOIN pg_catalog.pg_attrdef ON adrelid = tables.oid AND adnum = attnum
            LEFT JOIN pg_catalog.pg_collation ON pg_collation.oid = attcollation
        UNION ALL
        SELECT 'constraint ' || conname || ' of ' || name,
            pg_get_constraintdef(pg_constraint.oid) || CASE WHEN convalidated THEN '' ELSE ' NOT VALID' END
        FROM tables JOIN pg_catalog.pg_constraint ON conrelid = tables.oid
        UNION ALL
        SELECT 'index ' || indexes.relname, replace(pg_get_indexdef(indexrelid),
            ' ON ' || quote_ident(current_schema()) || '.', ' ON ') || indisvalid::text
        FROM tables JOIN pg_catalog.pg_index ON indrelid = tables.oid
            JOIN pg_catalog.pg_class AS indexes ON indexes.oid = indexrelid
        UNION ALL
        SELECT 'trigger ' || tgname || ' of ' || name, tgenabled::text FROM tables
            JOIN pg_catalog.pg_trigger ON tgrelid = tables.oid WHERE NOT tgisinternal
        UNION ALL
        SELECT DISTINCT 'switched off check of references of ' || name, '' FROM tables
            JOIN pg_catalog.pg_trigger ON tgrelid = tables.oid WHERE tgisinternal AND tgenabled <> 'O'
        UNION ALL
        SELECT 'rule ' || rulename || ' of ' || name, '' FROM tables
            JOIN pg_catalog.pg_rewrite ON ev_class = tables.oid WHERE kind = 'r'
        """
}

extension Session {
    /// What the scripts make, in a schema of its own that is never committed; nil where the role may not make one.
    fileprivate func expectedSchema() throws -> [String: String]? {
        let limit = Duration.seconds(60)
        let scratch = "portreeve_expected_\(UInt64.random(in: 0...UInt64.max))"
        do {
            try run(script: "BEGIN; CREATE SCHEMA \(scratch); SET LOCAL search_path = \(scratch)", within: limit)
        } catch let failure as ServerFailure where failure.state == "42501" {
            return nil
        }
        // The connection is not used for anything else, so that all of it goes with it.
        for migration in PostgreSQLDatabase.migrations { try run(script: migration.sql, within: limit) }
        try sendOnce(SchemaDescription.query)
        var objects: [String: String] = [:]
        if let result = try synchronize(within: limit) {
            for index in 0..<result.rowCount {
                if let name = result.row(index).text(0) { objects[name] = result.row(index).text(1) ?? "" }
            }
        }
        return objects
    }

    /// What the extension amcheck finds in the indexes, where it is installed and allowed.
    fileprivate func indexFaults(_ notes: inout [String]) throws -> [String] {
        let limit = Duration.seconds(600)
        try sendOnce(
            """
            SELECT (SELECT extnamespace::regnamespace::text FROM pg_catalog.pg_extension WHERE extname = 'amcheck'),
                current_setting('data_checksums')
            """)
        let row = try synchronize(within: limit)?.row(0)
        if row?.text(1) != "on" {
            notes.append(
                "the server keeps no checksums of its pages (data_checksums): it does not notice a disk's errors")
        }
        guard let amcheck = row?.text(0) else {
            notes.append("the indexes were not checked: that takes the extension amcheck")
            return []
        }
        try sendOnce(
            """
            SELECT pg_class.oid::text, relname::text FROM pg_catalog.pg_class
                JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace
                JOIN pg_catalog.pg_am ON pg_am.oid = relam
                WHERE nspname = current_schema() AND relkind = 'i' AND amname = 'btree' ORDER BY relname
            """)
        guard let indexes = try synchronize(within: limit) else { return [] }
        var faults: [String] = []
        for index in 0..<indexes.rowCount {
            guard let id = indexes.row(index).text(0), let name = indexes.row(index).text(1) else { continue }
            do {
                try sendOnce("SELECT \(amcheck).bt_index_check(index => \(id)::regclass, heapallindexed => true)")
                try synchronize(within: limit)
            } catch let failure as ServerFailure where failure.state == "42501" {
                notes.append("the indexes were not checked: the role may not call bt_index_check of amcheck")
                return []
            } catch let failure as ServerFailure where ["XX001", "XX002"].contains(failure.state) {
                faults.append("the index \(name) is damaged: \(failure.message)")
            } catch let failure as ServerFailure where !failure.isLoss {
                notes.append("the index \(name) was not checked: \(failure.message)")
            }
        }
        return faults
    }
}
