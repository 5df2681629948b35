-- Whether what a person who is gone from a directory has here rests until a later reading confirms it.
ALTER TABLE accounts ADD COLUMN resting BIGINT NOT NULL DEFAULT 0 CHECK (resting IN (0, 1));
CREATE INDEX accounts_resting ON accounts (directory, gone_since) WHERE resting = 1;

-- JSON: how much a run did that nobody approved, which counts for a day. NULL if nothing does.
ALTER TABLE sync_runs ADD COLUMN tally TEXT COLLATE "C";

-- What was seen of a directory, to compare with what is seen the next time. No facts, and not in the log.
CREATE TABLE directory_clocks (
    directory TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- JSON: the furthest it was.
    clock TEXT COLLATE "C" NOT NULL,
    -- Why all waits until a person approves it, and JSON of how far it was then. NULL if nothing does.
    doubt TEXT COLLATE "C",
    doubted TEXT COLLATE "C"
);

CREATE TABLE directory_groups (
    directory TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- Of the directory's settings that they were read with.
    settings_revision BIGINT NOT NULL,
    -- JSON: the groups that fed something.
    groups TEXT COLLATE "C" NOT NULL
);
