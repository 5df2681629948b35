-- What a run that left nothing to do had read, as JSON: a later one that reads the same need not be planned.
ALTER TABLE sync_runs ADD COLUMN settlement TEXT COLLATE "C";
DROP INDEX sync_runs_by_directory;
CREATE INDEX sync_runs_by_directory ON sync_runs (directory, started_at, id);
