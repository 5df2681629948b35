-- What synchronisation with directories keeps beside what there was.

-- Of an organisation: the directory that made it.
ALTER TABLE accounts ADD COLUMN managed_by TEXT COLLATE "C";
ALTER TABLE accounts ADD COLUMN principal_name TEXT COLLATE "C";
ALTER TABLE accounts ADD COLUMN gone_since BIGINT;
ALTER TABLE accounts ADD COLUMN principal_name_digest TEXT COLLATE "C";
CREATE INDEX accounts_by_principal_name ON accounts (principal_name) WHERE principal_name IS NOT NULL;

ALTER TABLE teams ADD COLUMN managed_by TEXT COLLATE "C";

-- The plan stands beside its run, as it is large and seldom read. `alive_at` is when the process
-- that runs it said last that it does.
ALTER TABLE sync_runs ADD COLUMN plan TEXT COLLATE "C";
ALTER TABLE sync_runs ADD COLUMN is_good BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sync_runs ADD COLUMN owner TEXT COLLATE "C";
ALTER TABLE sync_runs ADD COLUMN alive_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sync_runs_by_state ON sync_runs (directory, state);
-- They were written in another form.
DELETE FROM sync_runs;
