-- What plans had to say, each once for all runs that said it.
CREATE TABLE sync_notes (
    id INTEGER PRIMARY KEY,
    -- SHA-256 of the note, in hexadecimal.
    digest TEXT NOT NULL UNIQUE,
    -- JSON.
    note TEXT NOT NULL
) STRICT;

-- The notes of a run's plan, as ranges of their ids: `1-3000,3005`. NULL if it has none, or keeps them in `plan`, as runs did
-- before.
ALTER TABLE sync_runs ADD COLUMN notes TEXT;
CREATE INDEX sync_runs_by_notes ON sync_runs (notes) WHERE notes IS NOT NULL;
