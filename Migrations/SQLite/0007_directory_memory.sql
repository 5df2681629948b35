-- Whether what a person who is gone from a directory has here rests until a later reading confirms it.
ALTER TABLE accounts ADD COLUMN resting INTEGER NOT NULL DEFAULT 0 CHECK (resting IN (0, 1));
CREATE INDEX accounts_resting ON accounts (directory, gone_since) WHERE resting = 1;

-- JSON: how much a run did that nobody approved, which counts for a day. NULL if nothing does.
ALTER TABLE sync_runs ADD COLUMN tally TEXT;

-- What the last good run saw of a directory, to compare with what the next one sees. No fact, and not in the log.
CREATE TABLE directory_readings (
    directory TEXT NOT NULL PRIMARY KEY,
    -- Of the directory's settings that it was read with.
    settings_revision INTEGER NOT NULL,
    -- JSON: how far the directory's servers had come.
    clock TEXT NOT NULL,
    -- Why removals are held until a person approves them. NULL if they are not.
    doubt TEXT,
    -- JSON: the groups that fed something.
    groups TEXT NOT NULL
) STRICT, WITHOUT ROWID;
