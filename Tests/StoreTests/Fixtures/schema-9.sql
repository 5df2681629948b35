-- A database that the last version with script 0009 made: a token that may rotate itself, a team that went, grants with and without an end. SQLite's .dump.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('user', 'organization')),
    name TEXT NOT NULL UNIQUE,
    login TEXT UNIQUE,
    full_name TEXT NOT NULL,
    email TEXT,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    system_admin INTEGER NOT NULL CHECK (system_admin IN (0, 1)),
    decision_reader INTEGER NOT NULL CHECK (decision_reader IN (0, 1)),
    create_on_push INTEGER NOT NULL CHECK (create_on_push IN (0, 1)),
    directory TEXT,
    external_id TEXT,
    dn TEXT,
    full_name_digest TEXT,
    email_digest TEXT,
    dn_digest TEXT,
    revision INTEGER NOT NULL, managed_by TEXT, principal_name TEXT, gone_since INTEGER, principal_name_digest TEXT, repository_defaults TEXT, resting INTEGER NOT NULL DEFAULT 0 CHECK (resting IN (0, 1)),
    CHECK ((kind = 'user') = (login IS NOT NULL)),
    CHECK ((directory IS NULL) = (external_id IS NULL) AND (directory IS NULL) = (dn IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO "accounts" VALUES('6c69bghv9y7n5qg','user','alice','alice','',NULL,1,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "accounts" VALUES('6c69bgj4x1yt60x','organization','nerd-dinner',NULL,'',NULL,1,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,3,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "accounts" VALUES('6c69bgjc7mgawfa','user','elton','elton','',NULL,1,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,4,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "accounts" VALUES('6c69bgjnamp5znw','user','frida','frida','',NULL,1,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,5,NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE change_keys (
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    fact TEXT NOT NULL,
    is_new INTEGER NOT NULL CHECK (is_new IN (0, 1)),
    PRIMARY KEY (key, kind, revision)
) STRICT, WITHOUT ROWID;
CREATE TABLE changes (
    revision INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT,
    kind TEXT NOT NULL,
    before TEXT,
    after TEXT,
    hash TEXT NOT NULL
, secret_digest TEXT) STRICT;
INSERT INTO "changes" VALUES(1,1796132645071619,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"","id":"6c69bghv9y7n5qg","kind":"user","login":"alice","name":"alice","system_admin":true}','76ee6e1fbe391f9dc37f7ee4ad2fe8c38944f7330496a54f0a1acda6bffca431',NULL);
INSERT INTO "changes" VALUES(2,1796132645071619,'local:root',NULL,'password',NULL,'{"account":"6c69bghv9y7n5qg","changed_at":1796132645071322}','ac721345a7df3f15e6e51ee1261d10879dae018e96eda058a7add12675d59c66','2ef50583b0a018c1ccc4a8048148f28fb65270e45f49d2d7fa5f1e04b9660819');
INSERT INTO "changes" VALUES(3,1796132645150231,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"","id":"6c69bgj4x1yt60x","kind":"organization","name":"nerd-dinner","system_admin":false}','12f42fb1d6fa18ab2e761ef3bebec7b37556c386430f13ce9065027075345246',NULL);
INSERT INTO "changes" VALUES(4,1796132645210373,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"","id":"6c69bgjc7mgawfa","kind":"user","login":"elton","name":"elton","system_admin":false}','6267b980b1d2b4e8e081f420147ad3e4dfe16a9259d115be5d0759dfc9a068e4',NULL);
INSERT INTO "changes" VALUES(5,1796132645284532,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"","id":"6c69bgjnamp5znw","kind":"user","login":"frida","name":"frida","system_admin":false}','f83a9d228762f5eb61e588204f06bb35d05b3e7039cc679d8e5e0fafe7de5010',NULL);
INSERT INTO "changes" VALUES(6,1796132737865364,'local:root',NULL,'organization-member',NULL,'{"organization":"6c69bgj4x1yt60x","role":"owner","user":"6c69bgjc7mgawfa"}','4ada533f9d898f6dac248c74fbd38ee9c9662a03cabf7544f346ed671d511fe4',NULL);
INSERT INTO "changes" VALUES(7,1796132737935083,'local:root',NULL,'organization-member',NULL,'{"organization":"6c69bgj4x1yt60x","role":"member","user":"6c69bgjnamp5znw"}','b75e955a02b319c86349b8c81ef031e56e42b4825e86bcf0d2aa11b754730cfb',NULL);
INSERT INTO "changes" VALUES(8,1796132748222468,'local:root',NULL,'team',NULL,'{"description":"","id":"6c69bwvazh6ed3f","name":"ops","organization":"6c69bgj4x1yt60x"}','077efabf44ba64172a250517b372f161d9ba57d8100f5e3b27dbc77e963ab602',NULL);
INSERT INTO "changes" VALUES(9,1796132748320197,'local:root',NULL,'team',NULL,'{"description":"","id":"6c69bwvpw0ky7tg","name":"web","organization":"6c69bgj4x1yt60x","parent":"6c69bwvazh6ed3f"}','db39e4e5604318710139eedf80e64bfb24bba19e141cf6c72e440f82ca1951af',NULL);
INSERT INTO "changes" VALUES(10,1796132748411711,'local:root',NULL,'team-member',NULL,'{"role":"member","team":"6c69bwvpw0ky7tg","user":"6c69bgjnamp5znw"}','cdd644e293552634f715360b49f6dda890236ae28ba9985f4f33e4bcccd8b73c',NULL);
INSERT INTO "changes" VALUES(11,1796132748491864,'local:root',NULL,'repository',NULL,'{"description":"","id":"6c69bwwbv9c07zz","name":"api","namespace":"6c69bgj4x1yt60x","visibility":"private"}','1a027fa2cd24b40bccff64d2b25762ad779cf8901dfc5aa6dd2b2b0e5977a6e1',NULL);
INSERT INTO "changes" VALUES(12,1796132748558995,'local:root',NULL,'grant',NULL,'{"level":"read-write","subject_id":"6c69bwvazh6ed3f","subject_kind":"team","target_id":"6c69bwwbv9c07zz","target_kind":"repository"}','05cb415448472889cf7b48444a9ca090d00b03d01d7311b83130c46b44e15ca8',NULL);
INSERT INTO "changes" VALUES(13,1796132748630444,'local:root',NULL,'service-account',NULL,'{"active":true,"decision_reader":false,"description":"","id":"6c69bwwwrv2yntx","name":"ci","owner":"6c69bgj4x1yt60x"}','4643568ecf8e35432e40bcabe2f3da741f5b418c2dd25b5cd4d9429f4ee81b5d',NULL);
INSERT INTO "changes" VALUES(14,1796132748719843,'local:root',NULL,'grant',NULL,'{"expires_at":1893542400000000,"level":"read-only","subject_id":"6c69bwwwrv2yntx","subject_kind":"service-account","target_id":"6c69bwwbv9c07zz","target_kind":"repository"}','8ed8273f19f0d47a4d2e267bae0ecdc53cda2b43887a5efc54cc490907086e0e',NULL);
INSERT INTO "changes" VALUES(15,1796132748900224,'local:root',NULL,'team-member','{"role":"member","team":"6c69bwvpw0ky7tg","user":"6c69bgjnamp5znw"}',NULL,'444a0dcd1956a268cc3d866b1b5b82ed940583f0ab893259e63627dfa97852aa',NULL);
INSERT INTO "changes" VALUES(16,1796132748900224,'local:root',NULL,'team','{"description":"","id":"6c69bwvpw0ky7tg","name":"web","organization":"6c69bgj4x1yt60x","parent":"6c69bwvazh6ed3f"}',NULL,'47a45f1ab0a2af279f89583053d6eabb867e6ed73d26469dfd4eac1145f84ec3',NULL);
INSERT INTO "changes" VALUES(17,1796132762089620,'local:root',NULL,'token',NULL,'{"created_at":1796132762089504,"id":"6c69byg7rx4v11m","may":"rotate","name":"deploys","service_account":"6c69bwwwrv2yntx"}','f5e29beeb1dc1a6f84306a89b0ccb647df0d4d427fd74217eeb2195ee58f215f','6b57aa1bd9e2808f566bd58b47b916ed39f9162da097485c5fadaeb390005986');
CREATE TABLE derived_tables (
    name TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE directories (
    name TEXT NOT NULL PRIMARY KEY,
    settings TEXT NOT NULL,
    sealed_secret BLOB,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE directory_attempts (
    person TEXT NOT NULL,
    number INTEGER NOT NULL,
    network TEXT NOT NULL,
    attempted_at INTEGER NOT NULL,
    PRIMARY KEY (person, number)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE directory_logins (
    person TEXT NOT NULL PRIMARY KEY,
    -- The Argon2id hash of the password that was right last, encrypted under the secrets key.
    sealed_hash BLOB,
    -- Networks where it was right, the latest first, separated by spaces.
    networks TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE grants (
    subject_id TEXT NOT NULL,
    target_id TEXT NOT NULL,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('team', 'user', 'service-account')),
    target_kind TEXT NOT NULL CHECK (target_kind IN ('repository', 'namespace')),
    level TEXT NOT NULL CHECK (level IN ('read-only', 'read-write', 'admin')),
    expires_at INTEGER,
    revision INTEGER NOT NULL,
    PRIMARY KEY (subject_id, target_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "grants" VALUES('6c69bwvazh6ed3f','6c69bwwbv9c07zz','team','repository','read-write',NULL,12);
INSERT INTO "grants" VALUES('6c69bwwwrv2yntx','6c69bwwbv9c07zz','service-account','repository','read-only',1893542400000000,14);
CREATE TABLE organization_members (
    organization_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    user_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT NOT NULL CHECK (role IN ('member', 'owner')),
    managed_by TEXT,
    revision INTEGER NOT NULL,
    PRIMARY KEY (organization_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "organization_members" VALUES('6c69bgj4x1yt60x','6c69bgjc7mgawfa','owner',NULL,6);
INSERT INTO "organization_members" VALUES('6c69bgj4x1yt60x','6c69bgjnamp5znw','member',NULL,7);
CREATE TABLE passwords (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    changed_at INTEGER NOT NULL,
    hash BLOB NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "passwords" VALUES('6c69bghv9y7n5qg',1796132645071322,X'246172676F6E32696424763D3139246D3D31393435362C743D322C703D31244159526B4A6B6E712B304D2B792B32324C6E3731595124524C32683775453078634B2F6648704B485771442F3577654B696E31506B576779377179664B594244664D',2);
CREATE TABLE personal_values (
    digest TEXT NOT NULL PRIMARY KEY,
    salt BLOB NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE repositories (
    id TEXT NOT NULL PRIMARY KEY,
    namespace_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('private', 'public')),
    description TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (namespace_id, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "repositories" VALUES('6c69bwwbv9c07zz','6c69bgj4x1yt60x','api','private','',11);
CREATE TABLE repository_tags (
    repository_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    digest TEXT NOT NULL,
    pushed_at INTEGER NOT NULL,
    pushed_by TEXT NOT NULL,
    PRIMARY KEY (repository_id, tag)
) STRICT, WITHOUT ROWID;
CREATE TABLE repository_uses (
    repository_id TEXT NOT NULL PRIMARY KEY,
    pushed_at INTEGER,
    pushed_by TEXT,
    pulled_at INTEGER,
    pulled_by TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE retired_names (
    name TEXT NOT NULL PRIMARY KEY,
    retired_at INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE schema_migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;
INSERT INTO "schema_migrations" VALUES(1,'0001_initial','48953319fb59ae11d65d9a804f09ce6efe98b60206f16806bfdc1c64364f0324',1796132645003616);
INSERT INTO "schema_migrations" VALUES(2,'0002_directories','eefd8ae0e2170fce1d3be65729951772979c12730fee16e5310cc2dd475240d9',1796132645003616);
INSERT INTO "schema_migrations" VALUES(3,'0003_settlements','df5005a6e31c2c29ac953d9a4830ba3f50eb5047c9d4382a868208d407287374',1796132645003616);
INSERT INTO "schema_migrations" VALUES(4,'0004_registry','9214c12566ef60e8021cb6f450e3396a91ba3d6e8cae4751edcd0b297470f921',1796132645003616);
INSERT INTO "schema_migrations" VALUES(5,'0005_change_keys','52de2ac2c7cea9f2436a35cdb8b995da09450a37ed9a86a329edc250941fcd58',1796132645003616);
INSERT INTO "schema_migrations" VALUES(6,'0006_credentials','56e86648f3e52e4617a32a5c2d71b510c75068dd78d9a0b48f408a0e6898b3e4',1796132645003616);
INSERT INTO "schema_migrations" VALUES(7,'0007_directory_memory','5de0219b97ecb6b86737e6d8d556b6a667da8741823ae977a3d7a9b847b38815',1796132645003616);
INSERT INTO "schema_migrations" VALUES(8,'0008_sync_notes','862c183f25e9917338824a5204e4f8f035d204a6ff12db4295a6726335088455',1796132645003616);
INSERT INTO "schema_migrations" VALUES(9,'0009_token_rights','8813da24d60bdeaa2fbd9c1a4bc26bbf4060b01a6cc6d640601ed6e528124901',1796132645003616);
CREATE TABLE service_accounts (
    id TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    decision_reader INTEGER NOT NULL CHECK (decision_reader IN (0, 1)),
    revision INTEGER NOT NULL, expires_at INTEGER,
    UNIQUE (owner_id, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "service_accounts" VALUES('6c69bwwwrv2yntx','6c69bgj4x1yt60x','ci','',1,0,13,NULL);
CREATE TABLE sync_notes (
    id INTEGER PRIMARY KEY,
    -- SHA-256 of the note, in hexadecimal.
    digest TEXT NOT NULL UNIQUE,
    -- JSON.
    note TEXT NOT NULL
) STRICT;
CREATE TABLE "sync_runs" (
    id TEXT NOT NULL PRIMARY KEY,
    directory TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    is_good INTEGER NOT NULL,
    owner TEXT,
    alive_at INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL,
    -- What a run that left nothing to do had read, as JSON: a later one that reads the same need not
    -- be planned.
    settlement TEXT,
    plan TEXT
, tally TEXT, notes TEXT) STRICT;
CREATE TABLE team_members (
    team_id TEXT NOT NULL REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED,
    user_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT NOT NULL CHECK (role IN ('member', 'maintainer')),
    managed_by TEXT,
    revision INTEGER NOT NULL,
    PRIMARY KEY (team_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE teams (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    parent_id TEXT REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED,
    revision INTEGER NOT NULL, managed_by TEXT,
    UNIQUE (organization_id, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "teams" VALUES('6c69bwvazh6ed3f','6c69bgj4x1yt60x','ops','',NULL,8,NULL);
CREATE TABLE token_uses (
    token_id TEXT NOT NULL PRIMARY KEY,
    used_at INTEGER NOT NULL,
    address TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    digest BLOB NOT NULL UNIQUE,
    revision INTEGER NOT NULL
, holder_kind TEXT NOT NULL DEFAULT 'user'
    CHECK (holder_kind IN ('user', 'service-account')), scope TEXT, registry_service TEXT, password_set TEXT, rotated_to TEXT, may TEXT, made_by TEXT) STRICT, WITHOUT ROWID;
INSERT INTO "tokens" VALUES('6c69byg7rx4v11m','6c69bwwwrv2yntx','deploys',1796132762089504,NULL,X'96D69C4264CE397DFF67DAA91E7AF11C744E8765F3DD66B7294FA3E9319060EE',17,'service-account',NULL,NULL,NULL,NULL,'rotate',NULL);
CREATE INDEX organizations_by_name ON accounts (name) WHERE kind = 'organization';
CREATE INDEX system_admins ON accounts (id) WHERE system_admin = 1;
CREATE UNIQUE INDEX accounts_by_directory ON accounts (directory, external_id) WHERE directory IS NOT NULL;
CREATE INDEX organization_members_by_user ON organization_members (user_id);
CREATE INDEX teams_by_parent ON teams (parent_id);
CREATE INDEX team_members_by_user ON team_members (user_id);
CREATE INDEX grants_by_target ON grants (target_id);
CREATE INDEX tokens_by_account ON tokens (account_id, created_at);
CREATE INDEX changes_by_time ON changes (time, revision);
CREATE INDEX accounts_by_principal_name ON accounts (principal_name) WHERE principal_name IS NOT NULL;
CREATE INDEX sync_runs_by_directory ON sync_runs (directory, started_at, id);
CREATE INDEX sync_runs_by_state ON sync_runs (directory, state);
CREATE INDEX accounts_resting ON accounts (directory, gone_since) WHERE resting = 1;
CREATE INDEX sync_runs_by_notes ON sync_runs (notes) WHERE notes IS NOT NULL;
CREATE INDEX tokens_by_maker ON tokens (made_by) WHERE made_by IS NOT NULL;
COMMIT;
