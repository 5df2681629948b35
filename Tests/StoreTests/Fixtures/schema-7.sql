-- A database that the last version with script 0007 made: two runs that left nothing to do and a plan, with one note each. SQLite's .dump.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;
INSERT INTO schema_migrations VALUES(1,'0001_initial','48953319fb59ae11d65d9a804f09ce6efe98b60206f16806bfdc1c64364f0324',1796013537614593);
INSERT INTO schema_migrations VALUES(2,'0002_directories','eefd8ae0e2170fce1d3be65729951772979c12730fee16e5310cc2dd475240d9',1796013537614593);
INSERT INTO schema_migrations VALUES(3,'0003_settlements','df5005a6e31c2c29ac953d9a4830ba3f50eb5047c9d4382a868208d407287374',1796013537614593);
INSERT INTO schema_migrations VALUES(4,'0004_registry','9214c12566ef60e8021cb6f450e3396a91ba3d6e8cae4751edcd0b297470f921',1796013537614593);
INSERT INTO schema_migrations VALUES(5,'0005_change_keys','52de2ac2c7cea9f2436a35cdb8b995da09450a37ed9a86a329edc250941fcd58',1796013537614593);
INSERT INTO schema_migrations VALUES(6,'0006_credentials','56e86648f3e52e4617a32a5c2d71b510c75068dd78d9a0b48f408a0e6898b3e4',1796013537614593);
INSERT INTO schema_migrations VALUES(7,'0007_directory_memory','5de0219b97ecb6b86737e6d8d556b6a667da8741823ae977a3d7a9b847b38815',1796013537614593);
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
INSERT INTO accounts VALUES('6c5vfsvbp8ehcph','user','root','root','',NULL,1,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO accounts VALUES('6c5vfsvv6dcb1qd','organization','acme',NULL,'',NULL,1,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,3,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO accounts VALUES('6c5vfsx9vpzvnh3','user','anna','anna','Anna',NULL,1,0,0,0,'corp','a8e0cad0-80c3-1041-859e-394d32cd0595','uid=anna,ou=p,dc=x','sha256:90f5f1b46ae2406299444400ff24ae01d8bf2a9e06a171b626cca6a1d7eb974c',NULL,'sha256:f86a9167c5ceafc049477cadf55777e838269331deb4fea08fac297ed8ff30f3',6,NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE organization_members (
    organization_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    user_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT NOT NULL CHECK (role IN ('member', 'owner')),
    managed_by TEXT,
    revision INTEGER NOT NULL,
    PRIMARY KEY (organization_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO organization_members VALUES('6c5vfsvv6dcb1qd','6c5vfsx9vpzvnh3','member','corp',7);
CREATE TABLE teams (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    parent_id TEXT REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED,
    revision INTEGER NOT NULL, managed_by TEXT,
    UNIQUE (organization_id, name)
) STRICT, WITHOUT ROWID;
INSERT INTO teams VALUES('6c5vfswcrptd2qf','6c5vfsvv6dcb1qd','ops','',NULL,4,NULL);
CREATE TABLE team_members (
    team_id TEXT NOT NULL REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED,
    user_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT NOT NULL CHECK (role IN ('member', 'maintainer')),
    managed_by TEXT,
    revision INTEGER NOT NULL,
    PRIMARY KEY (team_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO team_members VALUES('6c5vfswcrptd2qf','6c5vfsx9vpzvnh3','member','corp',8);
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
CREATE TABLE repositories (
    id TEXT NOT NULL PRIMARY KEY,
    namespace_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('private', 'public')),
    description TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (namespace_id, name)
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
CREATE TABLE retired_names (
    name TEXT NOT NULL PRIMARY KEY,
    retired_at INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE passwords (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    changed_at INTEGER NOT NULL,
    hash BLOB NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO passwords VALUES('6c5vfsvbp8ehcph',1796013537719875,X'246172676f6e32696424763d3139246d3d31393435362c743d322c703d3124466130644163747166584d787a7336722f34625469672439555257784f782f504d4e2f3933687a696e50546c455447647851735331565155656d68306f485a704d59',2);
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
CREATE TABLE directories (
    name TEXT NOT NULL PRIMARY KEY,
    settings TEXT NOT NULL,
    sealed_secret BLOB,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO directories VALUES('corp','{"attributes":{"email":"mail","full_name":"cn","login":"uid","member":"member","principal_name":""},"brake":{"max_additions_percent":50,"max_org_percent":50,"max_percent":20,"max_promotions":3,"max_reactivations":10,"max_removals":100,"max_rename_percent":20,"max_team_percent":50},"full_schedule":null,"groups":{"base":"ou=p,dc=x","filter":"(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))","scope":"subtree"},"just_in_time":false,"leavers":{"action":"deactivate","confirm_after":"6h","delete_after_days":null},"local_members":"keep","login":true,"login_attempts":5,"login_memory":60,"order":0,"page_size":500,"preset":"openldap","rules":[{"group":"cn=ops,ou=p,dc=x","team":"acme/ops"}],"schedule":null,"timeout":30,"tls":{"allow_cleartext":true,"mode":"none"},"urls":["ldap://127.0.0.1:3899"],"users":{"base":"ou=p,dc=x","filter":"(objectClass=inetOrgPerson)","scope":"subtree"}}',NULL,5);
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
INSERT INTO changes VALUES(1,1796013537720067,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"","id":"6c5vfsvbp8ehcph","kind":"user","login":"root","name":"root","system_admin":true}','3f3cb9dd731422a232e8edb97a1d91e0dbe9512e0cab70182f3ac4c054da0d44',NULL);
INSERT INTO changes VALUES(2,1796013537720067,'local:root',NULL,'password',NULL,'{"account":"6c5vfsvbp8ehcph","changed_at":1796013537719875}','480917578e80b001df1cf7277cd553ce13ea4a6d012d4b1381426f77b340352a','e7e50dfe94ce24c1d4fd70e6e5faee431108e5bc29e0476b53b30ef42a52ecbd');
INSERT INTO changes VALUES(3,1796013537847376,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"","id":"6c5vfsvv6dcb1qd","kind":"organization","name":"acme","system_admin":false}','b18af20f03ed71d5f7a74549ba7afa6dc2dac6dfd1d7a4242bcadf843f3455a8',NULL);
INSERT INTO changes VALUES(4,1796013537991169,'local:root',NULL,'team',NULL,'{"description":"","id":"6c5vfswcrptd2qf","name":"ops","organization":"6c5vfsvv6dcb1qd"}','5e6e0d7c7794f953544fc3cc653f068a2467459181fbc668c7bd42958af31b40',NULL);
INSERT INTO changes VALUES(5,1796013538106757,'local:root',NULL,'directory',NULL,'{"name":"corp","settings":{"attributes":{"email":"mail","full_name":"cn","login":"uid","member":"member","principal_name":""},"brake":{"max_additions_percent":50,"max_org_percent":50,"max_percent":20,"max_promotions":3,"max_reactivations":10,"max_removals":100,"max_rename_percent":20,"max_team_percent":50},"full_schedule":null,"groups":{"base":"ou=p,dc=x","filter":"(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))","scope":"subtree"},"just_in_time":false,"leavers":{"action":"deactivate","confirm_after":"6h","delete_after_days":null},"local_members":"keep","login":true,"login_attempts":5,"login_memory":60,"order":0,"page_size":500,"preset":"openldap","rules":[{"group":"cn=ops,ou=p,dc=x","team":"acme/ops"}],"schedule":null,"timeout":30,"tls":{"allow_cleartext":true,"mode":"none"},"urls":["ldap://127.0.0.1:3899"],"users":{"base":"ou=p,dc=x","filter":"(objectClass=inetOrgPerson)","scope":"subtree"}}}','159f12d1ba5f8551415c8f6ee0f3bcba637a95870b3ed4298f9d2c165d42b0b1','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
INSERT INTO changes VALUES(6,1796013538229121,'directory:corp','new in the directory','account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"directory":"corp","dn":"sha256:f86a9167c5ceafc049477cadf55777e838269331deb4fea08fac297ed8ff30f3","external_id":"a8e0cad0-80c3-1041-859e-394d32cd0595","full_name":"sha256:90f5f1b46ae2406299444400ff24ae01d8bf2a9e06a171b626cca6a1d7eb974c","id":"6c5vfsx9vpzvnh3","kind":"user","login":"anna","name":"anna","system_admin":false}','16297752a15d4e6479e86f10fac3391b7a05798c0ddcb984713849408f7bbd53',NULL);
INSERT INTO changes VALUES(7,1796013538229121,'directory:corp','in cn=ops,ou=p,dc=x, which feeds acme','organization-member',NULL,'{"managed_by":"corp","organization":"6c5vfsvv6dcb1qd","role":"member","user":"6c5vfsx9vpzvnh3"}','f880c3012867c0b4be4f96ba947946d573abf223f75250f7fab8a85fe9178df2',NULL);
INSERT INTO changes VALUES(8,1796013538229121,'directory:corp','in cn=ops,ou=p,dc=x, which feeds acme/ops','team-member',NULL,'{"managed_by":"corp","role":"member","team":"6c5vfswcrptd2qf","user":"6c5vfsx9vpzvnh3"}','909a907c3ce9c7b9e8792a27fc26fadacf4fdf64939d9e95580c444cf7dfbf0c',NULL);
CREATE TABLE personal_values (
    digest TEXT NOT NULL PRIMARY KEY,
    salt BLOB NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO personal_values VALUES('sha256:90f5f1b46ae2406299444400ff24ae01d8bf2a9e06a171b626cca6a1d7eb974c',X'740f6afb10ebc8065892220c46998abf','Anna');
INSERT INTO personal_values VALUES('sha256:f86a9167c5ceafc049477cadf55777e838269331deb4fea08fac297ed8ff30f3',X'a94f8f2d939844bba5333ad7a3cdb9db','uid=anna,ou=p,dc=x');
CREATE TABLE IF NOT EXISTS "sync_runs" (
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
, tally TEXT) STRICT;
INSERT INTO sync_runs VALUES('6c5vfsx7ez5r0dv','corp',1796013538209484,'applied',1,'localhost 26796 1796013538203482',1796013538209499,'{"actor":"local:root","applied":3,"base_revision":5,"complete":true,"counts":{"add-to-organization":1,"add-to-team":1,"create-user":1},"directory":"corp","entries_changed":0,"finished_at":"2026-11-30T04:38:58.230584Z","groups_read":1,"held":[],"held_changes":0,"id":"6c5vfsx7ez5r0dv","log":[{"text":"connected to ldap://127.0.0.1:3899","time":"2026-11-30T04:38:58.223941Z"},{"text":"follows changes by modifyTimestamp; removals wait for full readings","time":"2026-11-30T04:38:58.223946Z"},{"text":"read 3 entries in 2 pages","time":"2026-11-30T04:38:58.223947Z"},{"text":"planned 3 changes, of which the brake holds 0","time":"2026-11-30T04:38:58.229701Z"},{"text":"applied 3 changes","time":"2026-11-30T04:38:58.230584Z"}],"mode":"run","read":"full","revision":8,"settings_revision":5,"started_at":"2026-11-30T04:38:58.209484Z","state":"applied","users_read":2}','{"digest":"37c8515f171450d9c586daaf6cba72bad7dcf3287ee5eec1055f30aaf2664eb9","notes":[{"kind":"refused-person","subject":"uid=pc1$,ou=p,dc=x","text":"gets no account: \"pc1$\" is not a valid account name: use lower-case letters and digits, with single ''.'', ''_'', ''__'' or dashes between them, as in registry-ops.eu"}],"plannedAt":"2026-11-30T04:38:58.225167Z","rules":2}',replace('{"held":[],"notes":[{"kind":"refused-person","subject":"uid=pc1$,ou=p,dc=x","text":"gets no account: \"pc1$\" is not a valid account name: use lower-case letters and digits, with single ''.'', ''_'', ''__'' or dashes between them, as in registry-ops.eu"}]}\n{"action":"create-user","active":1,"dn":"uid=anna,ou=p,dc=x","external_id":"a8e0cad0-80c3-1041-859e-394d32cd0595","full_name":"Anna","login":"anna","new_name":"anna","reason":"new in the directory"}\n{"action":"add-to-organization","external_id":"a8e0cad0-80c3-1041-859e-394d32cd0595","login":"anna","organization":"acme","organization_id":"6c5vfsvv6dcb1qd","reason":"in cn=ops,ou=p,dc=x, which feeds acme","role":"member"}\n{"action":"add-to-team","external_id":"a8e0cad0-80c3-1041-859e-394d32cd0595","login":"anna","organization":"acme","organization_id":"6c5vfsvv6dcb1qd","reason":"in cn=ops,ou=p,dc=x, which feeds acme/ops","team":"ops","team_id":"6c5vfswcrptd2qf"}','\n',char(10)),NULL);
INSERT INTO sync_runs VALUES('6c5vfsxrr29gmxf','corp',1796013538351153,'applied',1,'localhost 26809 1796013538343325',1796013538351177,'{"actor":"local:root","applied":0,"base_revision":8,"complete":true,"counts":{},"directory":"corp","entries_changed":0,"finished_at":"2026-11-30T04:38:58.365400Z","groups_read":1,"held":[],"held_changes":0,"id":"6c5vfsxrr29gmxf","log":[{"text":"connected to ldap://127.0.0.1:3899","time":"2026-11-30T04:38:58.363895Z"},{"text":"follows changes by modifyTimestamp; removals wait for full readings","time":"2026-11-30T04:38:58.363901Z"},{"text":"read 3 entries in 2 pages","time":"2026-11-30T04:38:58.363902Z"},{"text":"nothing has changed since the last run","time":"2026-11-30T04:38:58.365400Z"}],"mode":"run","read":"full","revision":8,"settings_revision":5,"started_at":"2026-11-30T04:38:58.351153Z","state":"applied","users_read":2}','{"digest":"37c8515f171450d9c586daaf6cba72bad7dcf3287ee5eec1055f30aaf2664eb9","notes":[{"kind":"refused-person","subject":"uid=pc1$,ou=p,dc=x","text":"gets no account: \"pc1$\" is not a valid account name: use lower-case letters and digits, with single ''.'', ''_'', ''__'' or dashes between them, as in registry-ops.eu"}],"plannedAt":"2026-11-30T04:38:58.225167Z","rules":2}','{"held":[],"notes":[{"kind":"refused-person","subject":"uid=pc1$,ou=p,dc=x","text":"gets no account: \"pc1$\" is not a valid account name: use lower-case letters and digits, with single ''.'', ''_'', ''__'' or dashes between them, as in registry-ops.eu"}]}',NULL);
INSERT INTO sync_runs VALUES('6c5vfsy9gs43m0j','corp',1796013538488335,'planned-nothing',0,'localhost 26821 1796013538478258',1796013538488363,'{"actor":"local:root","applied":0,"base_revision":8,"complete":true,"counts":{},"directory":"corp","entries_changed":0,"finished_at":"2026-11-30T04:38:58.502613Z","groups_read":1,"held":[],"held_changes":0,"id":"6c5vfsy9gs43m0j","log":[{"text":"connected to ldap://127.0.0.1:3899","time":"2026-11-30T04:38:58.500840Z"},{"text":"follows changes by modifyTimestamp; removals wait for full readings","time":"2026-11-30T04:38:58.500846Z"},{"text":"read 3 entries in 2 pages","time":"2026-11-30T04:38:58.500846Z"},{"text":"nothing has changed since the last run","time":"2026-11-30T04:38:58.502613Z"}],"mode":"plan","read":"full","settings_revision":5,"started_at":"2026-11-30T04:38:58.488335Z","state":"planned","users_read":2}','{"digest":"37c8515f171450d9c586daaf6cba72bad7dcf3287ee5eec1055f30aaf2664eb9","notes":[{"kind":"refused-person","subject":"uid=pc1$,ou=p,dc=x","text":"gets no account: \"pc1$\" is not a valid account name: use lower-case letters and digits, with single ''.'', ''_'', ''__'' or dashes between them, as in registry-ops.eu"}],"plannedAt":"2026-11-30T04:38:58.225167Z","rules":2}','{"held":[],"notes":[{"kind":"refused-person","subject":"uid=pc1$,ou=p,dc=x","text":"gets no account: \"pc1$\" is not a valid account name: use lower-case letters and digits, with single ''.'', ''_'', ''__'' or dashes between them, as in registry-ops.eu"}]}',NULL);
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
CREATE TABLE change_keys (
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    fact TEXT NOT NULL,
    is_new INTEGER NOT NULL CHECK (is_new IN (0, 1)),
    PRIMARY KEY (key, kind, revision)
) STRICT, WITHOUT ROWID;
CREATE TABLE derived_tables (
    name TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE directory_logins (
    person TEXT NOT NULL PRIMARY KEY,
    -- The Argon2id hash of the password that was right last, encrypted under the secrets key.
    sealed_hash BLOB,
    -- Networks where it was right, the latest first, separated by spaces.
    networks TEXT NOT NULL
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
INSERT INTO directory_clocks VALUES('corp','{"counters":[],"newest":{"a8e0cad0-80c3-1041-859e-394d32cd0595":"20261130043840Z","a8e16472-80c3-1041-859f-394d32cd0595":"20261130043840Z","a8e1897a-80c3-1041-85a0-394d32cd0595":"20261130043840Z"}}',NULL,NULL);
CREATE TABLE directory_groups (
    directory TEXT NOT NULL PRIMARY KEY,
    -- Of the directory's settings that they were read with.
    settings_revision INTEGER NOT NULL,
    -- JSON: the groups that fed something.
    groups TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO directory_groups VALUES('corp',5,'[{"dn":"cn=ops,ou=p,dc=x","externalID":"a8e1897a-80c3-1041-85a0-394d32cd0595","rules":[{"group":"cn=ops,ou=p,dc=x","team":"acme/ops"}]}]');
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
COMMIT;
