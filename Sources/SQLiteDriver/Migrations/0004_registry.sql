-- What registries and their clients need.

ALTER TABLE service_accounts ADD COLUMN expires_at INTEGER;

-- `account_id` is of a user or of a service account. A refresh token has the registry's service, and when
-- the directory says that the password was set which it was got with.
ALTER TABLE tokens ADD COLUMN holder_kind TEXT NOT NULL DEFAULT 'user'
    CHECK (holder_kind IN ('user', 'service-account'));
ALTER TABLE tokens ADD COLUMN scope TEXT;
ALTER TABLE tokens ADD COLUMN registry_service TEXT;
ALTER TABLE tokens ADD COLUMN password_set TEXT;
ALTER TABLE tokens ADD COLUMN rotated_to TEXT;

ALTER TABLE accounts ADD COLUMN repository_defaults TEXT;

-- Not facts, and in no log: what is used, and what registries tell.
CREATE TABLE token_uses (
    token_id TEXT NOT NULL PRIMARY KEY,
    used_at INTEGER NOT NULL,
    address TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE repository_uses (
    repository_id TEXT NOT NULL PRIMARY KEY,
    pushed_at INTEGER,
    pushed_by TEXT,
    pulled_at INTEGER,
    pulled_by TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE repository_tags (
    repository_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    digest TEXT NOT NULL,
    pushed_at INTEGER NOT NULL,
    pushed_by TEXT NOT NULL,
    PRIMARY KEY (repository_id, tag)
) STRICT, WITHOUT ROWID;
