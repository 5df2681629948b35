-- A database that the last version with script 0005 made, with secrets of every kind. SQLite's .dump.
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
INSERT INTO "accounts" VALUES('6c5mczntdgv3v4g','user','root','root','',NULL,1,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES('6c5mczpggvdpbb9','user','anna','anna','Anna A','anna@example.com',1,0,0,0,NULL,NULL,NULL,'sha256:f483800531df4180593864b97726c24cefff138039ca18d66cf7d3582042b43b','sha256:0ddc5cecee3cab95c51b47de801eb3061e84aaa97bea24d9710f72297fac7009',NULL,3,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES('6c5mczpw8dc17q7','user','elton','elton','',NULL,1,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,4,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES('6c5mczq7ave2k8r','organization','acme',NULL,'',NULL,1,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,5,NULL,NULL,NULL,NULL,NULL);
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
) STRICT;
INSERT INTO "changes" VALUES(1,1795952651750910,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"","id":"6c5mczntdgv3v4g","kind":"user","login":"root","name":"root","system_admin":true}','6a22c285d7aa9111245b0f9625e238729e517fb9e9ac9ed07aa8c984b4036dae');
INSERT INTO "changes" VALUES(2,1795952651750910,'local:root',NULL,'password',NULL,'{"account":"6c5mczntdgv3v4g","changed_at":1795952651750681}','fa8adfc6e3d12c2cca5e7d1c3339210b372acffedd00b710e7323c560b7abe4a');
INSERT INTO "changes" VALUES(3,1795952651931921,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"email":"sha256:0ddc5cecee3cab95c51b47de801eb3061e84aaa97bea24d9710f72297fac7009","full_name":"sha256:f483800531df4180593864b97726c24cefff138039ca18d66cf7d3582042b43b","id":"6c5mczpggvdpbb9","kind":"user","login":"anna","name":"anna","system_admin":false}','0803e8026ac7320e5eb88b4117b8bff01ea5aed87dc36b310e01a8c81ab2503c');
INSERT INTO "changes" VALUES(4,1795952652028129,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"","id":"6c5mczpw8dc17q7","kind":"user","login":"elton","name":"elton","system_admin":false}','b7d7b36fca1dd8af534e2f9ed6ba5cbb62c6fba690edf9e98c29e23ba9c69356');
INSERT INTO "changes" VALUES(5,1795952652118780,'local:root',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"","id":"6c5mczq7ave2k8r","kind":"organization","name":"acme","system_admin":false}','dc6e4ece975601c4bfafebd00d5260507120539e466253f34c0f7d24b94ebdb7');
INSERT INTO "changes" VALUES(6,1795952652342751,'local:root',NULL,'service-account',NULL,'{"active":true,"decision_reader":false,"description":"","id":"6c5mczr2n3j322b","name":"ci","owner":"6c5mczq7ave2k8r"}','c589d19e2141de53d68754099f4813c86a2f03bee5d1f87aaa268113b5376038');
INSERT INTO "changes" VALUES(7,1795952658347525,'local:root',NULL,'password',NULL,'{"account":"6c5mczpggvdpbb9","changed_at":1795952658347196}','64c7824de6acae4591680ccfdbaca8300849d59e0c256c16604df828280c5f70');
INSERT INTO "changes" VALUES(8,1795952658501640,'local:root',NULL,'password',NULL,'{"account":"6c5mczpw8dc17q7","changed_at":1795952658501349}','be4d0cd33a08f6983d80ca846579a2c89844365dd909f11463db57f3caea94b9');
INSERT INTO "changes" VALUES(9,1795952658765593,'local:root',NULL,'token',NULL,'{"account":"6c5mczpggvdpbb9","created_at":1795952658765308,"id":"6c5md0gjne7y7sr","name":"laptop"}','3cd6104312fd4498afa4e5977e1d6645d4e9a37d34abc07025b8e8e700b18da7');
INSERT INTO "changes" VALUES(10,1795952658856485,'local:root',NULL,'token',NULL,'{"created_at":1795952658856377,"id":"6c5md0gxsxv46dv","name":"pipeline","service_account":"6c5mczr2n3j322b"}','3baa85242a14a9f267199f019f44f1baabcc5e35ff4947511128f2e65d7a5846');
INSERT INTO "changes" VALUES(11,1795952658960162,'local:root',NULL,'token',NULL,'{"created_at":1795952658960082,"id":"6c5md0hae9bamq6","name":"second","service_account":"6c5mczr2n3j322b"}','dd756b27806028ae1564ae4251371fee3320ee939b1236361687e4ef123e7f3a');
INSERT INTO "changes" VALUES(12,1795952659074220,'local:root',NULL,'directory',NULL,'{"name":"corp","settings":{"attributes":{"email":"mail","full_name":"cn","login":"uid","member":"member","principal_name":""},"bind":{"dn":"cn=admin,dc=example,dc=org"},"brake":{"max_additions_percent":50,"max_org_percent":50,"max_percent":20,"max_promotions":3,"max_removals":100,"max_team_percent":50},"full_schedule":null,"groups":{"base":"ou=groups,dc=example,dc=org","filter":"(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))","scope":"subtree"},"just_in_time":false,"leavers":{"action":"deactivate","delete_after_days":null},"local_members":"keep","login":true,"login_memory":60,"order":0,"page_size":500,"preset":"openldap","rules":[],"schedule":null,"timeout":30,"tls":{"allow_cleartext":true,"mode":"none"},"urls":["ldap://127.0.0.1:9"],"users":{"base":"ou=people,dc=example,dc=org","filter":"(objectClass=inetOrgPerson)","scope":"subtree"}}}','dc48f6b2e644e87a7017354795820f2dcf26de32dfb964c737d10e9b8fbb25c8');
INSERT INTO "changes" VALUES(13,1795952667195518,'local:root','takes the place of 6c5md0hae9bamq6','token',NULL,'{"created_at":1795952667195382,"id":"6c5md1gqqg2dc4k","name":"second","service_account":"6c5mczr2n3j322b"}','c64a7d335c602f7a51da7bb9767e555b3afaca432e2b1ea17485ba97d1a02a8f');
INSERT INTO "changes" VALUES(14,1795952667195518,'local:root','rotated','token','{"created_at":1795952658960082,"id":"6c5md0hae9bamq6","name":"second","service_account":"6c5mczr2n3j322b"}','{"created_at":1795952658960082,"expires_at":1796039067195382,"id":"6c5md0hae9bamq6","name":"second","rotated_to":"6c5md1gqqg2dc4k","service_account":"6c5mczr2n3j322b"}','8bcd1ba5cd1a3df56b96729632a8d6b6f22b8f21f1b0505c2417545518165cd7');
INSERT INTO "changes" VALUES(15,1795952667340280,'local:root',NULL,'password','{"account":"6c5mczpw8dc17q7","changed_at":1795952658501349}','{"account":"6c5mczpw8dc17q7","changed_at":1795952667340018}','bdde36cb087bb22b2f0273d0ddda9c5dacf5673839e9ee3116d6080e405aa0fd');
INSERT INTO "changes" VALUES(16,1795952667442663,'local:root',NULL,'directory','{"name":"corp","settings":{"attributes":{"email":"mail","full_name":"cn","login":"uid","member":"member","principal_name":""},"bind":{"dn":"cn=admin,dc=example,dc=org"},"brake":{"max_additions_percent":50,"max_org_percent":50,"max_percent":20,"max_promotions":3,"max_removals":100,"max_team_percent":50},"full_schedule":null,"groups":{"base":"ou=groups,dc=example,dc=org","filter":"(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))","scope":"subtree"},"just_in_time":false,"leavers":{"action":"deactivate","delete_after_days":null},"local_members":"keep","login":true,"login_memory":60,"order":0,"page_size":500,"preset":"openldap","rules":[],"schedule":null,"timeout":30,"tls":{"allow_cleartext":true,"mode":"none"},"urls":["ldap://127.0.0.1:9"],"users":{"base":"ou=people,dc=example,dc=org","filter":"(objectClass=inetOrgPerson)","scope":"subtree"}}}','{"name":"corp","settings":{"attributes":{"email":"mail","full_name":"cn","login":"uid","member":"member","principal_name":""},"bind":{"dn":"cn=admin,dc=example,dc=org"},"brake":{"max_additions_percent":50,"max_org_percent":50,"max_percent":20,"max_promotions":3,"max_removals":100,"max_team_percent":50},"full_schedule":null,"groups":{"base":"ou=groups,dc=example,dc=org","filter":"(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))","scope":"subtree"},"just_in_time":false,"leavers":{"action":"deactivate","delete_after_days":null},"local_members":"keep","login":true,"login_memory":60,"order":0,"page_size":500,"preset":"openldap","rules":[],"schedule":null,"timeout":30,"tls":{"allow_cleartext":true,"mode":"none"},"urls":["ldap://127.0.0.1:9"],"users":{"base":"ou=people,dc=example,dc=org","filter":"(objectClass=inetOrgPerson)","scope":"subtree"}}}','0f485f209db557c12167a996b85bea5c9771ddf0426c452d983408176a47ffe3');
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
INSERT INTO "directories" VALUES('corp','{"attributes":{"email":"mail","full_name":"cn","login":"uid","member":"member","principal_name":""},"bind":{"dn":"cn=admin,dc=example,dc=org"},"brake":{"max_additions_percent":50,"max_org_percent":50,"max_percent":20,"max_promotions":3,"max_removals":100,"max_team_percent":50},"full_schedule":null,"groups":{"base":"ou=groups,dc=example,dc=org","filter":"(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))","scope":"subtree"},"just_in_time":false,"leavers":{"action":"deactivate","delete_after_days":null},"local_members":"keep","login":true,"login_memory":60,"order":0,"page_size":500,"preset":"openldap","rules":[],"schedule":null,"timeout":30,"tls":{"allow_cleartext":true,"mode":"none"},"urls":["ldap://127.0.0.1:9"],"users":{"base":"ou=people,dc=example,dc=org","filter":"(objectClass=inetOrgPerson)","scope":"subtree"}}',X'015EE2C790BC85EF3E226EB2BD4DA70FD649032DB94B2C692FB7F274623BA41A418EA719CF26E28EA891EE9BBD50B2E2',16);
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
CREATE TABLE organization_members (
    organization_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    user_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT NOT NULL CHECK (role IN ('member', 'owner')),
    managed_by TEXT,
    revision INTEGER NOT NULL,
    PRIMARY KEY (organization_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE passwords (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    changed_at INTEGER NOT NULL,
    hash BLOB NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "passwords" VALUES('6c5mczntdgv3v4g',1795952651750681,X'246172676F6E32696424763D3139246D3D31393435362C743D322C703D3124712F72616754786362675077556869424236444D7677247253722F624C495733556A654A6E346877715A394F4F336D754871396B31572B2B4C72634B61315848636F',2);
INSERT INTO "passwords" VALUES('6c5mczpggvdpbb9',1795952658347196,X'246172676F6E32696424763D3139246D3D31393435362C743D322C703D312445475443414B654C774851416676684F384471345951244B5A64695A6A52386F55316B65417A6A2B50527938496C6B377441366C523643494D4E4C63356C444E3938',7);
INSERT INTO "passwords" VALUES('6c5mczpw8dc17q7',1795952667340018,X'246172676F6E32696424763D3139246D3D31393435362C743D322C703D312457734664612B4D2F6335536D3959764F59417737507724624F426638553152496F475543496F6E576A303837456F3831555647595435504D5A663337537350635159',15);
CREATE TABLE personal_values (
    digest TEXT NOT NULL PRIMARY KEY,
    salt BLOB NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "personal_values" VALUES('sha256:0ddc5cecee3cab95c51b47de801eb3061e84aaa97bea24d9710f72297fac7009',X'BD9A7C7AD326CC034C5197C01DC94D7E','anna@example.com');
INSERT INTO "personal_values" VALUES('sha256:f483800531df4180593864b97726c24cefff138039ca18d66cf7d3582042b43b',X'6807304E31DE27E55B5A1F694D301994','Anna A');
CREATE TABLE repositories (
    id TEXT NOT NULL PRIMARY KEY,
    namespace_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('private', 'public')),
    description TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (namespace_id, name)
) STRICT, WITHOUT ROWID;
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
INSERT INTO "schema_migrations" VALUES(1,'0001_initial','48953319fb59ae11d65d9a804f09ce6efe98b60206f16806bfdc1c64364f0324',1795952646476878);
INSERT INTO "schema_migrations" VALUES(2,'0002_directories','eefd8ae0e2170fce1d3be65729951772979c12730fee16e5310cc2dd475240d9',1795952646476878);
INSERT INTO "schema_migrations" VALUES(3,'0003_settlements','df5005a6e31c2c29ac953d9a4830ba3f50eb5047c9d4382a868208d407287374',1795952646476878);
INSERT INTO "schema_migrations" VALUES(4,'0004_registry','9214c12566ef60e8021cb6f450e3396a91ba3d6e8cae4751edcd0b297470f921',1795952646476878);
INSERT INTO "schema_migrations" VALUES(5,'0005_change_keys','52de2ac2c7cea9f2436a35cdb8b995da09450a37ed9a86a329edc250941fcd58',1795952646476878);
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
INSERT INTO "service_accounts" VALUES('6c5mczr2n3j322b','6c5mczq7ave2k8r','ci','',1,0,6,NULL);
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
INSERT INTO "tokens" VALUES('6c5md0gjne7y7sr','6c5mczpggvdpbb9','laptop',1795952658765308,NULL,X'8CFB36F1873A887F4868D095B3FF659D7C61A1D06C01E7583997EE0EEE21E0BA',9,'user',NULL,NULL,NULL,NULL);
INSERT INTO "tokens" VALUES('6c5md0gxsxv46dv','6c5mczr2n3j322b','pipeline',1795952658856377,NULL,X'64EC73531B8AA27C1286FD0F7DBF43DEDACF105BA1F3A005A7A4C2DADAC02BCE',10,'service-account',NULL,NULL,NULL,NULL);
INSERT INTO "tokens" VALUES('6c5md0hae9bamq6','6c5mczr2n3j322b','second',1795952658960082,1796039067195382,X'AF89CF677D2317ABAEA84D04A3BE482D89559E735A2ABC5F07542D53B3367B8F',14,'service-account',NULL,NULL,NULL,'6c5md1gqqg2dc4k');
INSERT INTO "tokens" VALUES('6c5md1gqqg2dc4k','6c5mczr2n3j322b','second',1795952667195382,NULL,X'BABDBF547C6B72E096A24ADE3FE9B4ECC7424A49EF2B846F11A6321FE15CA4C3',13,'service-account',NULL,NULL,NULL,NULL);
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
