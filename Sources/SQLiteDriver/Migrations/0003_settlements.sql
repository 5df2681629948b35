-- With rows again: a plan may take megabytes, and a table that is its own index reads all of them to
-- compare a key.
CREATE TABLE sync_runs_with_rows (
    id TEXT NOT NULL PRIMARY KEY,
    directory TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    is_good INTEGER NOT NULL,
    owner TEXT,
    alive_at INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL,
    -- What a run that left nothing to do had read, as JSON: a later one that reads the same need not
    -- be planned.
    settlement TEXT,
    plan TEXT
) STRICT;
INSERT INTO sync_runs_with_rows (id, directory, started_at, state, is_good, owner, alive_at, body, plan)
    SELECT id, directory, started_at, state, is_good, owner, alive_at, body, plan FROM sync_runs;
DROP TABLE sync_runs;
ALTER TABLE sync_runs_with_rows RENAME TO sync_runs;
CREATE INDEX sync_runs_by_directory ON sync_runs (directory, started_at, id);
CREATE INDEX sync_runs_by_state ON sync_runs (directory, state);
