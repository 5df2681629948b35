-- Text is compared bytewise, whatever the database's collation is. Times are microseconds since 1970, booleans are 0 or 1.
-- `revision` is the number of the change that made a row what it is.
-- References are checked at the end of a transaction, so that changes may come in any order.

CREATE TABLE schema_migrations (
    number BIGINT PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    checksum TEXT COLLATE "C" NOT NULL,
    applied_at BIGINT NOT NULL
);

CREATE TABLE accounts (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('user', 'organization')),
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    login TEXT COLLATE "C" UNIQUE,
    full_name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C",
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    system_admin BIGINT NOT NULL CHECK (system_admin IN (0, 1)),
    decision_reader BIGINT NOT NULL CHECK (decision_reader IN (0, 1)),
    create_on_push BIGINT NOT NULL CHECK (create_on_push IN (0, 1)),
    directory TEXT COLLATE "C",
    external_id TEXT COLLATE "C",
    dn TEXT COLLATE "C",
    full_name_digest TEXT COLLATE "C",
    email_digest TEXT COLLATE "C",
    dn_digest TEXT COLLATE "C",
    revision BIGINT NOT NULL,
    CHECK ((kind = 'user') = (login IS NOT NULL)),
    CHECK ((directory IS NULL) = (external_id IS NULL) AND (directory IS NULL) = (dn IS NULL))
);
CREATE INDEX organizations_by_name ON accounts (name) WHERE kind = 'organization';
CREATE INDEX system_admins ON accounts (id) WHERE system_admin = 1;
CREATE UNIQUE INDEX accounts_by_directory ON accounts (directory, external_id) WHERE directory IS NOT NULL;

CREATE TABLE organization_members (
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('member', 'owner')),
    managed_by TEXT COLLATE "C",
    revision BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX organization_members_by_user ON organization_members (user_id);

CREATE TABLE teams (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    parent_id TEXT COLLATE "C" REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED,
    revision BIGINT NOT NULL,
    UNIQUE (organization_id, name)
);
CREATE INDEX teams_by_parent ON teams (parent_id);

CREATE TABLE team_members (
    team_id TEXT COLLATE "C" NOT NULL REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('member', 'maintainer')),
    managed_by TEXT COLLATE "C",
    revision BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);
CREATE INDEX team_members_by_user ON team_members (user_id);

CREATE TABLE service_accounts (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    owner_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    decision_reader BIGINT NOT NULL CHECK (decision_reader IN (0, 1)),
    revision BIGINT NOT NULL,
    UNIQUE (owner_id, name)
);

CREATE TABLE repositories (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    namespace_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT COLLATE "C" NOT NULL,
    visibility TEXT COLLATE "C" NOT NULL CHECK (visibility IN ('private', 'public')),
    description TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    UNIQUE (namespace_id, name)
);

CREATE TABLE grants (
    subject_id TEXT COLLATE "C" NOT NULL,
    target_id TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL CHECK (subject_kind IN ('team', 'user', 'service-account')),
    target_kind TEXT COLLATE "C" NOT NULL CHECK (target_kind IN ('repository', 'namespace')),
    level TEXT COLLATE "C" NOT NULL CHECK (level IN ('read-only', 'read-write', 'admin')),
    expires_at BIGINT,
    revision BIGINT NOT NULL,
    PRIMARY KEY (subject_id, target_id)
);
CREATE INDEX grants_by_target ON grants (target_id);

CREATE TABLE retired_names (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    retired_at BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE TABLE passwords (
    account_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    changed_at BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    revision BIGINT NOT NULL
);

-- The account is a user or a service account.
CREATE TABLE tokens (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    digest BYTEA NOT NULL UNIQUE,
    revision BIGINT NOT NULL
);
CREATE INDEX tokens_by_account ON tokens (account_id, created_at);

CREATE TABLE directories (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    settings TEXT COLLATE "C" NOT NULL,
    sealed_secret BYTEA,
    revision BIGINT NOT NULL
);

-- Not facts: how synchronisations went.
CREATE TABLE sync_runs (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    directory TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL
);
CREATE INDEX sync_runs_by_directory ON sync_runs (directory, started_at);

-- The change log. `before` and `after` are JSON; a hash covers its entry and the hash before it.
CREATE TABLE changes (
    revision BIGINT PRIMARY KEY,
    time BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    kind TEXT COLLATE "C" NOT NULL,
    before TEXT COLLATE "C",
    after TEXT COLLATE "C",
    hash TEXT COLLATE "C" NOT NULL
);
CREATE INDEX changes_by_time ON changes (time, revision);

-- What the log holds digests of. Deleting a row erases the value; the log stays provable.
CREATE TABLE personal_values (
    digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    salt BYTEA NOT NULL,
    value TEXT COLLATE "C" NOT NULL
);

-- Whoever writes the log locks this row first. It is never updated: each update would leave a version of it behind for
-- as long as anybody reads.
CREATE TABLE log_lock (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1)
);
INSERT INTO log_lock (one) VALUES (1);
