-- What registries and their clients need.

ALTER TABLE service_accounts ADD COLUMN expires_at BIGINT;

-- `account_id` is of a user or of a service account. A refresh token has the registry's service, and when
-- the directory says that the password was set which it was got with.
ALTER TABLE tokens ADD COLUMN holder_kind TEXT COLLATE "C" NOT NULL DEFAULT 'user'
    CHECK (holder_kind IN ('user', 'service-account'));
ALTER TABLE tokens ADD COLUMN scope TEXT COLLATE "C";
ALTER TABLE tokens ADD COLUMN registry_service TEXT COLLATE "C";
ALTER TABLE tokens ADD COLUMN password_set TEXT COLLATE "C";
ALTER TABLE tokens ADD COLUMN rotated_to TEXT COLLATE "C";

ALTER TABLE accounts ADD COLUMN repository_defaults TEXT COLLATE "C";

-- Not facts, and in no log: what is used, and what registries tell.
CREATE TABLE token_uses (
    token_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    used_at BIGINT NOT NULL,
    address TEXT COLLATE "C" NOT NULL
);

CREATE TABLE repository_uses (
    repository_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    pushed_at BIGINT,
    pushed_by TEXT COLLATE "C",
    pulled_at BIGINT,
    pulled_by TEXT COLLATE "C"
);

CREATE TABLE repository_tags (
    repository_id TEXT COLLATE "C" NOT NULL,
    tag TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    pushed_at BIGINT NOT NULL,
    pushed_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (repository_id, tag)
);
