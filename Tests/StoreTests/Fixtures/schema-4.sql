-- A database that the last version with script 0004 made, with a history. SQLite's .dump.
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
    revision INTEGER NOT NULL, managed_by TEXT, principal_name TEXT, gone_since INTEGER, principal_name_digest TEXT, repository_defaults TEXT,
    CHECK ((kind = 'user') = (login IS NOT NULL)),
    CHECK ((directory IS NULL) = (external_id IS NULL) AND (directory IS NULL) = (dn IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO "accounts" VALUES('6c5k11tkprsga0f','user','root','root','',NULL,1,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES('6c5k11vp1dk69b2','user','elton','elton','Elton S','elton@example.com',1,0,0,0,NULL,NULL,NULL,'sha256:f7ab26dd13d644dd14089813f455b2aec21b43f4ea810241c16a52e0f7e336a5','sha256:1528c68f8dd6af4d82e693e6d3a8a96e566f2fabbb4c9d9a89d8eb8a9a83bf9f',NULL,3,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES('6c5k11vp1dk69b3','user','anna','anna','Anna',NULL,1,0,0,0,NULL,NULL,NULL,'sha256:7b8e5df1689e730d101e564999360e0d217c59a67bf3652d516557926bc262e0',NULL,NULL,4,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES('6c5k11vp1dk69b4','organization','nerd-dinner',NULL,'Nerd Dinner',NULL,1,0,0,0,NULL,NULL,NULL,'sha256:afc8ae69065d89062f71d1936b003b4b033be91737a05c577260b7d07cda0178',NULL,NULL,5,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE changes (
    revision INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT,
    kind TEXT NOT NULL,
    before TEXT,
    after TEXT,
    hash TEXT NOT NULL
) STRICT;
INSERT INTO "changes" VALUES(1,1795940858623853,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"","id":"6c5k11tkprsga0f","kind":"user","login":"root","name":"root","system_admin":true}','ec7a57ebfd0f6a2d297f27ed026e79b6f6e4d2ed61b422199a7b345146526bf5');
INSERT INTO "changes" VALUES(2,1795940858623853,'local:root',NULL,'password',NULL,'{"account":"6c5k11tkprsga0f","changed_at":1795940858623562}','9e2333a92712530c066da8ec682299692976affc7ea2839bc834ed8262675137');
INSERT INTO "changes" VALUES(3,1795940858907959,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"email":"sha256:1528c68f8dd6af4d82e693e6d3a8a96e566f2fabbb4c9d9a89d8eb8a9a83bf9f","full_name":"sha256:f7ab26dd13d644dd14089813f455b2aec21b43f4ea810241c16a52e0f7e336a5","id":"6c5k11vp1dk69b2","kind":"user","login":"elton","name":"elton","system_admin":false}','af639b03202066b1cb84e754ceee5237f8d5789bcc200ca99cae8c07a7f32537');
INSERT INTO "changes" VALUES(4,1795940858907959,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"sha256:7b8e5df1689e730d101e564999360e0d217c59a67bf3652d516557926bc262e0","id":"6c5k11vp1dk69b3","kind":"user","login":"anna","name":"anna","system_admin":false}','07f4c15d79d15774e1236663d06b77931ac24c53b01ae0e5028d22d0480eff6d');
INSERT INTO "changes" VALUES(5,1795940858907959,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"sha256:afc8ae69065d89062f71d1936b003b4b033be91737a05c577260b7d07cda0178","id":"6c5k11vp1dk69b4","kind":"organization","name":"nerd-dinner","system_admin":false}','bf4427fcb741ff7174bc34d1eb4e14546232233eb29ae61bac87f926c4bb77d9');
INSERT INTO "changes" VALUES(6,1795940858907959,'local:root',NULL,'organization-member',NULL,'{"organization":"6c5k11vp1dk69b4","role":"owner","user":"6c5k11vp1dk69b2"}','7b6cbcb30f6cc34e1704a7f05aa02008c0b7ca9b40eb08894efced9b4a80e3f5');
INSERT INTO "changes" VALUES(7,1795940858907959,'local:root',NULL,'team',NULL,'{"description":"","id":"6c5k11vp1dk69b5","name":"staff","organization":"6c5k11vp1dk69b4"}','aa2ef27b08f444e5c56ed5a6fa893775562a7930b76b9fcf7cb839ef3fcafbff');
INSERT INTO "changes" VALUES(8,1795940858907959,'local:root',NULL,'team',NULL,'{"description":"","id":"6c5k11vp1dk69b6","name":"ops","organization":"6c5k11vp1dk69b4","parent":"6c5k11vp1dk69b5"}','5d4cad70332e813015b4e95cce0029ce42e22d1448f3b925f692be10af386a1d');
INSERT INTO "changes" VALUES(9,1795940858907959,'local:root','joined nerd-dinner/ops','organization-member',NULL,'{"organization":"6c5k11vp1dk69b4","role":"member","user":"6c5k11vp1dk69b3"}','9153e6e5464d4f65ac70be2d3ab2103954630d3fc208cf639fb564e35159f11b');
INSERT INTO "changes" VALUES(10,1795940858907959,'local:root',NULL,'team-member',NULL,'{"role":"member","team":"6c5k11vp1dk69b6","user":"6c5k11vp1dk69b3"}','1a09c2575d8529fc42e156e4c25d6e7e3c209d7c97ae2bae5cb6ef849c5dc546');
INSERT INTO "changes" VALUES(11,1795940858907959,'local:root',NULL,'repository',NULL,'{"description":"","id":"6c5k11vp1dk69b7","name":"web","namespace":"6c5k11vp1dk69b4","visibility":"private"}','4d0086fb8adef311d128980a8cd53b6536552419d609fedbdc9494fa5139334b');
INSERT INTO "changes" VALUES(12,1795940858907959,'local:root',NULL,'grant',NULL,'{"level":"read-write","subject_id":"6c5k11vp1dk69b5","subject_kind":"team","target_id":"6c5k11vp1dk69b7","target_kind":"repository"}','af8152567b110e9e70a8a659af77d25f442d45d079ba82d865540998869daa60');
INSERT INTO "changes" VALUES(13,1795940859183375,'local:root',NULL,'team-member','{"role":"member","team":"6c5k11vp1dk69b6","user":"6c5k11vp1dk69b3"}',NULL,'2116e800fc0000673f304b5be4caf16e3156db50f6a70ab2d514e9563e28135d');
INSERT INTO "changes" VALUES(14,1795940859419881,'local:root',NULL,'grant',NULL,'{"level":"read-only","subject_id":"6c5k11vp1dk69b3","subject_kind":"user","target_id":"6c5k11vp1dk69b7","target_kind":"repository"}','5cf75a0ea2c603715c111042ccf7e942447f1da547fe76ffeda17f9c3f8788b9');
CREATE TABLE directories (
    name TEXT NOT NULL PRIMARY KEY,
    settings TEXT NOT NULL,
    sealed_secret BLOB,
    revision INTEGER NOT NULL
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
INSERT INTO "grants" VALUES('6c5k11vp1dk69b3','6c5k11vp1dk69b7','user','repository','read-only',NULL,14);
INSERT INTO "grants" VALUES('6c5k11vp1dk69b5','6c5k11vp1dk69b7','team','repository','read-write',NULL,12);
CREATE TABLE organization_members (
    organization_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    user_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT NOT NULL CHECK (role IN ('member', 'owner')),
    managed_by TEXT,
    revision INTEGER NOT NULL,
    PRIMARY KEY (organization_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "organization_members" VALUES('6c5k11vp1dk69b4','6c5k11vp1dk69b2','owner',NULL,6);
INSERT INTO "organization_members" VALUES('6c5k11vp1dk69b4','6c5k11vp1dk69b3','member',NULL,9);
CREATE TABLE passwords (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    changed_at INTEGER NOT NULL,
    hash BLOB NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "passwords" VALUES('6c5k11tkprsga0f',1795940858623562,X'246172676F6E32696424763D3139246D3D31393435362C743D322C703D31246159734A783155756143504269695239424A52446B772464734271392B4D6B754D3135535A7739566856345358552B687765664452366D643978465A46596E6F5634',2);
CREATE TABLE personal_values (
    digest TEXT NOT NULL PRIMARY KEY,
    salt BLOB NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "personal_values" VALUES('sha256:1528c68f8dd6af4d82e693e6d3a8a96e566f2fabbb4c9d9a89d8eb8a9a83bf9f',X'09276E39B994C9B5BDD2ACB2D9BF30C3','elton@example.com');
INSERT INTO "personal_values" VALUES('sha256:7b8e5df1689e730d101e564999360e0d217c59a67bf3652d516557926bc262e0',X'E1D2C2A4E16CC0EBFCB4E2397123AED8','Anna');
INSERT INTO "personal_values" VALUES('sha256:afc8ae69065d89062f71d1936b003b4b033be91737a05c577260b7d07cda0178',X'69E6C1E9350365449D0272A541855DD2','Nerd Dinner');
INSERT INTO "personal_values" VALUES('sha256:f7ab26dd13d644dd14089813f455b2aec21b43f4ea810241c16a52e0f7e336a5',X'3A009864DF9E602CBB153B93030CCD3F','Elton S');
CREATE TABLE repositories (
    id TEXT NOT NULL PRIMARY KEY,
    namespace_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('private', 'public')),
    description TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (namespace_id, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "repositories" VALUES('6c5k11vp1dk69b7','6c5k11vp1dk69b4','web','private','',11);
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
INSERT INTO "schema_migrations" VALUES(1,'0001_initial','48953319fb59ae11d65d9a804f09ce6efe98b60206f16806bfdc1c64364f0324',1795940858448796);
INSERT INTO "schema_migrations" VALUES(2,'0002_directories','eefd8ae0e2170fce1d3be65729951772979c12730fee16e5310cc2dd475240d9',1795940858448796);
INSERT INTO "schema_migrations" VALUES(3,'0003_settlements','df5005a6e31c2c29ac953d9a4830ba3f50eb5047c9d4382a868208d407287374',1795940858448796);
INSERT INTO "schema_migrations" VALUES(4,'0004_registry','9214c12566ef60e8021cb6f450e3396a91ba3d6e8cae4751edcd0b297470f921',1795940858448796);
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
) STRICT;
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
INSERT INTO "teams" VALUES('6c5k11vp1dk69b5','6c5k11vp1dk69b4','staff','',NULL,7,NULL);
INSERT INTO "teams" VALUES('6c5k11vp1dk69b6','6c5k11vp1dk69b4','ops','','6c5k11vp1dk69b5',8,NULL);
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
    CHECK (holder_kind IN ('user', 'service-account')), scope TEXT, registry_service TEXT, password_set TEXT, rotated_to TEXT) STRICT, WITHOUT ROWID;
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
COMMIT;
