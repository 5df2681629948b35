-- Whether what a person who is gone from a directory has here rests until a later reading confirms it.
ALTER TABLE accounts ADD COLUMN resting INTEGER NOT NULL DEFAULT 0 CHECK (resting IN (0, 1));
CREATE INDEX accounts_resting ON accounts (directory, gone_since) WHERE resting = 1;

-- JSON: how much a run did that nobody approved, which counts for a day. NULL if nothing does.
ALTER TABLE sync_runs ADD COLUMN tally TEXT;

-- What was seen of a directory, to compare with what is seen the next time. No facts, and not in the log.
CREATE TABLE directory_clocks (
    directory TEXT NOT NULL PRIMARY KEY,
    -- JSON: the furthest it was.
    clock TEXT NOT NULL,
    -- Why all waits until a person approves it, and JSON of how far it was then. NULL if nothing does.
    doubt TEXT,
    doubted TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE directory_groups (
    directory TEXT NOT NULL PRIMARY KEY,
    -- Of the directory's settings that they were read with.
    settings_revision INTEGER NOT NULL,
    -- JSON: the groups that fed something.
    groups TEXT NOT NULL
) STRICT, WITHOUT ROWID;
