-- A database that the last version with script 0008 made: a robot whose token was rotated, a limited one, a grant. SQLite's .dump.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;
INSERT INTO schema_migrations VALUES(1,'0001_initial','48953319fb59ae11d65d9a804f09ce6efe98b60206f16806bfdc1c64364f0324',1796120514445815);
INSERT INTO schema_migrations VALUES(2,'0002_directories','eefd8ae0e2170fce1d3be65729951772979c12730fee16e5310cc2dd475240d9',1796120514445815);
INSERT INTO schema_migrations VALUES(3,'0003_settlements','df5005a6e31c2c29ac953d9a4830ba3f50eb5047c9d4382a868208d407287374',1796120514445815);
INSERT INTO schema_migrations VALUES(4,'0004_registry','9214c12566ef60e8021cb6f450e3396a91ba3d6e8cae4751edcd0b297470f921',1796120514445815);
INSERT INTO schema_migrations VALUES(5,'0005_change_keys','52de2ac2c7cea9f2436a35cdb8b995da09450a37ed9a86a329edc250941fcd58',1796120514445815);
INSERT INTO schema_migrations VALUES(6,'0006_credentials','56e86648f3e52e4617a32a5c2d71b510c75068dd78d9a0b48f408a0e6898b3e4',1796120514445815);
INSERT INTO schema_migrations VALUES(7,'0007_directory_memory','5de0219b97ecb6b86737e6d8d556b6a667da8741823ae977a3d7a9b847b38815',1796120514445815);
INSERT INTO schema_migrations VALUES(8,'0008_sync_notes','862c183f25e9917338824a5204e4f8f035d204a6ff12db4295a6726335088455',1796120514445815);
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
INSERT INTO accounts VALUES('6c67yaffc939p9k','user','alice','alice','',NULL,1,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO accounts VALUES('6c67yafy2s6m8fm','user','anna','anna','Anna Ax',NULL,1,0,0,0,NULL,NULL,NULL,'sha256:8f95c61957559f248bd1bbb5cc482c3ed1343a3dda5fb1e929ca5b50e730e0d2',NULL,NULL,3,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO accounts VALUES('6c67ybw51z45708','organization','nerd-dinner',NULL,'',NULL,1,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,5,NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE organization_members (
    organization_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    user_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT NOT NULL CHECK (role IN ('member', 'owner')),
    managed_by TEXT,
    revision INTEGER NOT NULL,
    PRIMARY KEY (organization_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO organization_members VALUES('6c67ybw51z45708','6c67yafy2s6m8fm','owner',NULL,6);
CREATE TABLE teams (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    parent_id TEXT REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED,
    revision INTEGER NOT NULL, managed_by TEXT,
    UNIQUE (organization_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE team_members (
    team_id TEXT NOT NULL REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED,
    user_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT NOT NULL CHECK (role IN ('member', 'maintainer')),
    managed_by TEXT,
    revision INTEGER NOT NULL,
    PRIMARY KEY (team_id, user_id)
) STRICT, WITHOUT ROWID;
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
INSERT INTO service_accounts VALUES('6c67ybxa0jhzfe8','6c67ybw51z45708','ci','',1,0,7,NULL);
CREATE TABLE repositories (
    id TEXT NOT NULL PRIMARY KEY,
    namespace_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('private', 'public')),
    description TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (namespace_id, name)
) STRICT, WITHOUT ROWID;
INSERT INTO repositories VALUES('6c67ybzbfpb9dy4','6c67ybw51z45708','web','private','',10);
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
INSERT INTO grants VALUES('6c67ybxa0jhzfe8','6c67ybzbfpb9dy4','service-account','repository','read-write',NULL,11);
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
INSERT INTO passwords VALUES('6c67yaffc939p9k',1796120514522221,X'246172676f6e32696424763d3139246d3d31393435362c743d322c703d3124465047464d494f3335506a664977517a75734944425124544368756846683361695632353053466b5a4f73352b3173732b6956454f55545166375962476f78647451',2);
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
INSERT INTO tokens VALUES('6c67yahgt4kwf12','6c67yafy2s6m8fm','mirror',1796120515058304,NULL,X'c954781037c7071ee2e64a57211e4a8d8b1877987e7efa174934335cf834081d',4,'user','pull nerd-dinner/*',NULL,NULL,NULL);
INSERT INTO tokens VALUES('6c67ybxryqh7y0e','6c67ybxa0jhzfe8','pipeline',1796120526659136,1796206927803772,X'4422d24c5dcc2164adb7c857cb077307c7c8f9287d993efea4a630541009d979',13,'service-account',NULL,NULL,NULL,'6c67yc24n8q46fy');
INSERT INTO tokens VALUES('6c67ybygxgsxe0j','6c67yafy2s6m8fm','mirror',1796120526855493,NULL,X'fd269873ef445f0e693c243b119efa02f752e8ea9b0e794317271ea5f4bf82ce',9,'user','pull nerd-dinner/*',NULL,NULL,NULL);
INSERT INTO tokens VALUES('6c67yc24n8q46fy','6c67ybxa0jhzfe8','pipeline',1796120527803772,1803896527144636,X'63e20c632106c3b6a657eb88efb1f35a67e58afe636c9fd8380c6c2bb7db9a6d',12,'service-account',NULL,NULL,NULL,NULL);
CREATE TABLE directories (
    name TEXT NOT NULL PRIMARY KEY,
    settings TEXT NOT NULL,
    sealed_secret BLOB,
    revision INTEGER NOT NULL
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
INSERT INTO changes VALUES(1,1796120514522445,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"","id":"6c67yaffc939p9k","kind":"user","login":"alice","name":"alice","system_admin":true}','0a2945a55fac3bcaa9ed87847260f8b4af2e3f6730562cbf65ffbd45a7ac866c',NULL);
INSERT INTO changes VALUES(2,1796120514522445,'local:root',NULL,'password',NULL,'{"account":"6c67yaffc939p9k","changed_at":1796120514522221}','5fd7608c5148b0dfe7fba1e8739a4498052d2934d8bc3bbbda73a3edb1afc4bb','88472084a4bf020e7fdf7923057479ae887f03a0b67fcc3658e5f158c60bf54c');
INSERT INTO changes VALUES(3,1796120514642717,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"sha256:8f95c61957559f248bd1bbb5cc482c3ed1343a3dda5fb1e929ca5b50e730e0d2","id":"6c67yafy2s6m8fm","kind":"user","login":"anna","name":"anna","system_admin":false}','d2e7b6bd6fe44f5a48a3f3f1dde8cd13428be0bd8d80e40c129da79c7ee0b9fb',NULL);
INSERT INTO changes VALUES(4,1796120515058587,'local:root',NULL,'token',NULL,'{"account":"6c67yafy2s6m8fm","created_at":1796120515058304,"id":"6c67yahgt4kwf12","name":"mirror","scope":"pull nerd-dinner/*"}','bb82bbe9c4bb5ac423da4038ca1cdcb1e12d78f91d39e5f5181a90212f0077fe','59d2462d3f87b73f450bed87e803e2ea3dd290c623a73f38cfdb973eefc467bf');
INSERT INTO changes VALUES(5,1796120526234051,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"","id":"6c67ybw51z45708","kind":"organization","name":"nerd-dinner","system_admin":false}','a27d59b3fd26e54e8a3970b8517adf25a7c1eebacaef704a53566bedaa814600',NULL);
INSERT INTO changes VALUES(6,1796120526356258,'local:root',NULL,'organization-member',NULL,'{"organization":"6c67ybw51z45708","role":"owner","user":"6c67yafy2s6m8fm"}','77d89547e78699d831c55e0459b3b944fb1a532eae5b22fa3f1f1171caa95d73',NULL);
INSERT INTO changes VALUES(7,1796120526536917,'local:root',NULL,'service-account',NULL,'{"active":true,"decision_reader":false,"description":"","id":"6c67ybxa0jhzfe8","name":"ci","owner":"6c67ybw51z45708"}','b95fe5f36c2989bafe333439a5cc395ba49c82d6ac7e4f31e43b55f92ed49178',NULL);
INSERT INTO changes VALUES(8,1796120526659261,'local:root',NULL,'token',NULL,'{"created_at":1796120526659136,"expires_at":1803896526000000,"id":"6c67ybxryqh7y0e","name":"pipeline","service_account":"6c67ybxa0jhzfe8"}','e025b24cb915a078913a8e492bdf8230440ebb0c123ac7ac2a18fd76c6387470','8ff00ecff713336dd5c251390609fd2d4fbc0917e8f8e719cf7f3314364f1d6e');
INSERT INTO changes VALUES(9,1796120526855727,'local:root',NULL,'token',NULL,'{"account":"6c67yafy2s6m8fm","created_at":1796120526855493,"id":"6c67ybygxgsxe0j","name":"mirror","scope":"pull nerd-dinner/*"}','05ca8da83c6903d87235ae1d1be9cfd70e94f2ac3b5d6743467dabea06638ca4','afc5798fe3c864e7c9503adf2474a7aff3964a74d3740be8edb82d43fc7a51d4');
INSERT INTO changes VALUES(10,1796120527073374,'local:root',NULL,'repository',NULL,'{"description":"","id":"6c67ybzbfpb9dy4","name":"web","namespace":"6c67ybw51z45708","visibility":"private"}','93967053f18141f41c435fe78a3f042461f3ceb25b1a5914ca31430f2ecfc2a6',NULL);
INSERT INTO changes VALUES(11,1796120527277617,'local:root',NULL,'grant',NULL,'{"level":"read-write","subject_id":"6c67ybxa0jhzfe8","subject_kind":"service-account","target_id":"6c67ybzbfpb9dy4","target_kind":"repository"}','c15f1282fc642744d12894f4a49e2ca1adfbeaa96eaacc4bc7c16173cb001a73',NULL);
INSERT INTO changes VALUES(12,1796120527803897,'local:root','takes the place of 6c67ybxryqh7y0e','token',NULL,'{"created_at":1796120527803772,"expires_at":1803896527144636,"id":"6c67yc24n8q46fy","name":"pipeline","service_account":"6c67ybxa0jhzfe8"}','a5004272fd1fc352ee5511f527507312560d02cc8c3f9b6955a2e5800b11d3a2','afe1c67cc2824c77abf4639f7f9e03e71ff25b03092367274ad02d57c16190f8');
INSERT INTO changes VALUES(13,1796120527803897,'local:root','rotated','token','{"created_at":1796120526659136,"expires_at":1803896526000000,"id":"6c67ybxryqh7y0e","name":"pipeline","service_account":"6c67ybxa0jhzfe8"}','{"created_at":1796120526659136,"expires_at":1796206927803772,"id":"6c67ybxryqh7y0e","name":"pipeline","rotated_to":"6c67yc24n8q46fy","service_account":"6c67ybxa0jhzfe8"}','4766349004a328bc083b7d2f05ee4882faf669ec3de2c000b4b07745dbf8bfe9',NULL);
CREATE TABLE personal_values (
    digest TEXT NOT NULL PRIMARY KEY,
    salt BLOB NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO personal_values VALUES('sha256:8f95c61957559f248bd1bbb5cc482c3ed1343a3dda5fb1e929ca5b50e730e0d2',X'7cfa81ff2821ec4e6198af3572e72a20','Anna Ax');
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
, tally TEXT, notes TEXT) STRICT;
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
CREATE TABLE directory_groups (
    directory TEXT NOT NULL PRIMARY KEY,
    -- Of the directory's settings that they were read with.
    settings_revision INTEGER NOT NULL,
    -- JSON: the groups that fed something.
    groups TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_notes (
    id INTEGER PRIMARY KEY,
    -- SHA-256 of the note, in hexadecimal.
    digest TEXT NOT NULL UNIQUE,
    -- JSON.
    note TEXT NOT NULL
) STRICT;
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
COMMIT;
