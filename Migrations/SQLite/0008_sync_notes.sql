-- What plans had to say, once for all runs that said the same.
CREATE TABLE sync_notes (
    -- SHA-256 of the notes, in hexadecimal.
    digest TEXT NOT NULL PRIMARY KEY,
    -- JSON.
    notes TEXT NOT NULL
) STRICT;

-- The digest of the notes of a run's plan. NULL if it has none, or keeps them in `plan`, as runs did before.
ALTER TABLE sync_runs ADD COLUMN notes TEXT;
CREATE INDEX sync_runs_by_notes ON sync_runs (notes) WHERE notes IS NOT NULL;
