-- A database that the last version with script 0006 made: one person of a directory is gone. SQLite's .dump.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;
INSERT INTO schema_migrations VALUES(1,'0001_initial','48953319fb59ae11d65d9a804f09ce6efe98b60206f16806bfdc1c64364f0324',1772366400000000);
INSERT INTO schema_migrations VALUES(2,'0002_directories','eefd8ae0e2170fce1d3be65729951772979c12730fee16e5310cc2dd475240d9',1772366400000000);
INSERT INTO schema_migrations VALUES(3,'0003_settlements','df5005a6e31c2c29ac953d9a4830ba3f50eb5047c9d4382a868208d407287374',1772366400000000);
INSERT INTO schema_migrations VALUES(4,'0004_registry','9214c12566ef60e8021cb6f450e3396a91ba3d6e8cae4751edcd0b297470f921',1772366400000000);
INSERT INTO schema_migrations VALUES(5,'0005_change_keys','52de2ac2c7cea9f2436a35cdb8b995da09450a37ed9a86a329edc250941fcd58',1772366400000000);
INSERT INTO schema_migrations VALUES(6,'0006_credentials','56e86648f3e52e4617a32a5c2d71b510c75068dd78d9a0b48f408a0e6898b3e4',1772366400000000);
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
INSERT INTO accounts VALUES('69ftkbbrg8k8bc4','user','root','root','',NULL,1,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO accounts VALUES('69ftkbbrg8k8bc5','organization','nerd-dinner',NULL,'',NULL,1,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,2,NULL,NULL,NULL,NULL,NULL);
INSERT INTO accounts VALUES('69ftkbfjjr8nx1s','user','anna','anna','anna',NULL,0,0,0,0,'corp','8a582fca-12be-4887-8394-fb390953c56f','CN=anna,CN=Users,DC=win,DC=example,DC=com','sha256:b921d5a989f63b3135dbaf065502a56db3210237105157b94f45b0c27ce3979a',NULL,'sha256:6bdc9ea4862ea4d1d76de44f00a62a2d28590d8fff69bcd9295865e76551dc7b',19,NULL,'anna@win.example.com',1772366402000000,'sha256:6a7801decaa87390cc096010853451d58773203083e9be399962fee40cc9db83',NULL);
INSERT INTO accounts VALUES('69ftkbfjjr8nx1t','user','bert','bert','bert',NULL,1,0,0,0,'corp','2380309d-647d-40f5-970f-34e13221a3ba','CN=bert,CN=Users,DC=win,DC=example,DC=com','sha256:6fda418850d8820a1216c9005d6ea70045ec1e45f403b3df8ed24c60127ead14',NULL,'sha256:0981a55291d3ce9db2f951b1780632b2c39edee7ee6890655b506924d76180a3',8,NULL,'bert@win.example.com',NULL,'sha256:d4db5bc728f42de345a0acd70ada15ce6201c3b3ed42d5c463ff9038b15e9386',NULL);
INSERT INTO accounts VALUES('69ftkbfjjr8nx1v','user','elton','elton','elton',NULL,1,0,0,0,'corp','99de8f03-f9fc-443f-932e-421da3719bae','CN=elton,CN=Users,DC=win,DC=example,DC=com','sha256:b4a8fbada82326e4f5d8c86a2d953e2825c49c0ec636c96ce8655a22936fab7c',NULL,'sha256:dc649969ff9b64b6c61534f7043829834657b82a537d59cfb17f751b0ec3eb29',9,NULL,'elton@win.example.com',NULL,'sha256:93e23af2a6d8dd1c97171576904acba0dcb7a5ed9d1419a12ae892195e22d31b',NULL);
CREATE TABLE organization_members (
    organization_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    user_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT NOT NULL CHECK (role IN ('member', 'owner')),
    managed_by TEXT,
    revision INTEGER NOT NULL,
    PRIMARY KEY (organization_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO organization_members VALUES('69ftkbbrg8k8bc5','69ftkbfjjr8nx1t','member','corp',11);
INSERT INTO organization_members VALUES('69ftkbbrg8k8bc5','69ftkbfjjr8nx1v','member','corp',12);
CREATE TABLE teams (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    parent_id TEXT REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED,
    revision INTEGER NOT NULL, managed_by TEXT,
    UNIQUE (organization_id, name)
) STRICT, WITHOUT ROWID;
INSERT INTO teams VALUES('69ftkbbrg8k8bc6','69ftkbbrg8k8bc5','ops','',NULL,3,NULL);
INSERT INTO teams VALUES('69ftkbbrg8k8bc7','69ftkbbrg8k8bc5','web','',NULL,4,NULL);
CREATE TABLE team_members (
    team_id TEXT NOT NULL REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED,
    user_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT NOT NULL CHECK (role IN ('member', 'maintainer')),
    managed_by TEXT,
    revision INTEGER NOT NULL,
    PRIMARY KEY (team_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO team_members VALUES('69ftkbbrg8k8bc6','69ftkbfjjr8nx1t','member','corp',14);
INSERT INTO team_members VALUES('69ftkbbrg8k8bc6','69ftkbfjjr8nx1v','member','corp',15);
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
INSERT INTO tokens VALUES('69ftkbbrgq98wea','69ftkbbrg8k8bc4','test',1772366400000000,NULL,X'e82c6759a27b9112b43a03afb50cd8b78f7720024e2a209abf850baae0a13331',5,'user',NULL,NULL,NULL,NULL);
CREATE TABLE directories (
    name TEXT NOT NULL PRIMARY KEY,
    settings TEXT NOT NULL,
    sealed_secret BLOB,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO directories VALUES('corp','{"attributes":{"email":"mail","full_name":"displayName","login":"sAMAccountName","member":"member","principal_name":"userPrincipalName"},"bind":{"dn":"svc-sync@win.example.com"},"brake":{"max_additions_percent":100,"max_org_percent":100,"max_percent":100,"max_promotions":3,"max_reactivations":10,"max_removals":100,"max_rename_percent":20,"max_team_percent":100},"full_schedule":null,"groups":{"base":"CN=Users,DC=win,DC=example,DC=com","filter":"(objectClass=group)","scope":"subtree"},"just_in_time":false,"leavers":{"action":"deactivate","delete_after_days":null},"local_members":"keep","login":true,"login_attempts":5,"login_memory":60,"order":0,"page_size":500,"preset":"active-directory","rules":[{"group":"CN=ops,CN=Users,DC=win,DC=example,DC=com","team":"nerd-dinner/ops"}],"schedule":null,"timeout":60,"tls":{"allow_cleartext":true,"mode":"none"},"urls":["ldap://127.0.0.1:36105"],"users":{"base":"CN=Users,DC=win,DC=example,DC=com","filter":"(&(objectCategory=person)(objectClass=user))","scope":"subtree"}}',X'0165c54353a5ef86a028cf744bbfe06564441e9d6c490d8393bdd191382882f73d169d7a9f21b25a8f82868771b53b89c6',6);
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
INSERT INTO changes VALUES(1,1772366400000000,'service',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"","id":"69ftkbbrg8k8bc4","kind":"user","login":"root","name":"root","system_admin":true}','035a11af2e1010a51f82d85d91e594a8ba48be4144676aa49e8f759a4a47259c',NULL);
INSERT INTO changes VALUES(2,1772366400000000,'service',NULL,'account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"full_name":"","id":"69ftkbbrg8k8bc5","kind":"organization","name":"nerd-dinner","system_admin":false}','db29ad2f37fdc36927c645ddab30fbb38e0a258ddcadaee75f920b21fc1709ad',NULL);
INSERT INTO changes VALUES(3,1772366400000000,'service',NULL,'team',NULL,'{"description":"","id":"69ftkbbrg8k8bc6","name":"ops","organization":"69ftkbbrg8k8bc5"}','60d79ebd7cd8fb9a367a8a6506c220558288bf155ab153389f9f6f08ee46e848',NULL);
INSERT INTO changes VALUES(4,1772366400000000,'service',NULL,'team',NULL,'{"description":"","id":"69ftkbbrg8k8bc7","name":"web","organization":"69ftkbbrg8k8bc5"}','90b8bb795fdff186dba549d4e3d0c24f6664e35d8ad8a603d5bb061e31c16397',NULL);
INSERT INTO changes VALUES(5,1772366400000000,'service',NULL,'token',NULL,'{"account":"69ftkbbrg8k8bc4","created_at":1772366400000000,"id":"69ftkbbrgq98wea","name":"test"}','6237da2a8b7c437ce562ecf9618e37a0c82ee8d5c3bc6e839d658b819699ba1a','981a7a17bd616d2babb6ad8578a3d5eaada47b21f1f77616d830f747ea0301f9');
INSERT INTO changes VALUES(6,1772366400000000,'user:69ftkbbrg8k8bc4',NULL,'directory',NULL,'{"name":"corp","settings":{"attributes":{"email":"mail","full_name":"displayName","login":"sAMAccountName","member":"member","principal_name":"userPrincipalName"},"bind":{"dn":"svc-sync@win.example.com"},"brake":{"max_additions_percent":100,"max_org_percent":100,"max_percent":100,"max_promotions":3,"max_reactivations":10,"max_removals":100,"max_rename_percent":20,"max_team_percent":100},"full_schedule":null,"groups":{"base":"CN=Users,DC=win,DC=example,DC=com","filter":"(objectClass=group)","scope":"subtree"},"just_in_time":false,"leavers":{"action":"deactivate","delete_after_days":null},"local_members":"keep","login":true,"login_attempts":5,"login_memory":60,"order":0,"page_size":500,"preset":"active-directory","rules":[{"group":"CN=ops,CN=Users,DC=win,DC=example,DC=com","team":"nerd-dinner/ops"}],"schedule":null,"timeout":60,"tls":{"allow_cleartext":true,"mode":"none"},"urls":["ldap://127.0.0.1:36105"],"users":{"base":"CN=Users,DC=win,DC=example,DC=com","filter":"(&(objectCategory=person)(objectClass=user))","scope":"subtree"}}}','8bfadfd74d8995346af27f7c524357aac72423d6f223ae7d644445b31d712fbc','d8d4e66268b31a823d11680ba175f77f1e019c143bca23563eb8b8c617c5e6b8');
INSERT INTO changes VALUES(7,1772366401000000,'directory:corp','new in the directory','account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"directory":"corp","dn":"sha256:6bdc9ea4862ea4d1d76de44f00a62a2d28590d8fff69bcd9295865e76551dc7b","external_id":"8a582fca-12be-4887-8394-fb390953c56f","full_name":"sha256:b921d5a989f63b3135dbaf065502a56db3210237105157b94f45b0c27ce3979a","id":"69ftkbfjjr8nx1s","kind":"user","login":"anna","name":"anna","principal_name":"sha256:6a7801decaa87390cc096010853451d58773203083e9be399962fee40cc9db83","system_admin":false}','6072d725a6d7a8981c9e051c58ab2c0936ac5667950712aa3eba3fa949336aa0',NULL);
INSERT INTO changes VALUES(8,1772366401000000,'directory:corp','new in the directory','account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"directory":"corp","dn":"sha256:0981a55291d3ce9db2f951b1780632b2c39edee7ee6890655b506924d76180a3","external_id":"2380309d-647d-40f5-970f-34e13221a3ba","full_name":"sha256:6fda418850d8820a1216c9005d6ea70045ec1e45f403b3df8ed24c60127ead14","id":"69ftkbfjjr8nx1t","kind":"user","login":"bert","name":"bert","principal_name":"sha256:d4db5bc728f42de345a0acd70ada15ce6201c3b3ed42d5c463ff9038b15e9386","system_admin":false}','e47fab08d855bcf5974f177a160c4abcbb17f83399439227fed74c973cbb8b14',NULL);
INSERT INTO changes VALUES(9,1772366401000000,'directory:corp','new in the directory','account',NULL,'{"active":true,"create_on_push":false,"decision_reader":false,"directory":"corp","dn":"sha256:dc649969ff9b64b6c61534f7043829834657b82a537d59cfb17f751b0ec3eb29","external_id":"99de8f03-f9fc-443f-932e-421da3719bae","full_name":"sha256:b4a8fbada82326e4f5d8c86a2d953e2825c49c0ec636c96ce8655a22936fab7c","id":"69ftkbfjjr8nx1v","kind":"user","login":"elton","name":"elton","principal_name":"sha256:93e23af2a6d8dd1c97171576904acba0dcb7a5ed9d1419a12ae892195e22d31b","system_admin":false}','1f01833952305e02c15ed21668f4a0d70378e4d8786eb6148fdd4c500bb6c4c0',NULL);
INSERT INTO changes VALUES(10,1772366401000000,'directory:corp','in CN=ops,CN=Users,DC=win,DC=example,DC=com, which feeds nerd-dinner','organization-member',NULL,'{"managed_by":"corp","organization":"69ftkbbrg8k8bc5","role":"member","user":"69ftkbfjjr8nx1s"}','d7f6e66b1da2204443062d21140451d24453dcf215690c39b8fa49c9a99d8f48',NULL);
INSERT INTO changes VALUES(11,1772366401000000,'directory:corp','in CN=ops,CN=Users,DC=win,DC=example,DC=com, which feeds nerd-dinner','organization-member',NULL,'{"managed_by":"corp","organization":"69ftkbbrg8k8bc5","role":"member","user":"69ftkbfjjr8nx1t"}','dc123082d854211481662d9c26070d346a80abcc01d0589304b31e508ef1c94d',NULL);
INSERT INTO changes VALUES(12,1772366401000000,'directory:corp','in CN=ops,CN=Users,DC=win,DC=example,DC=com, which feeds nerd-dinner','organization-member',NULL,'{"managed_by":"corp","organization":"69ftkbbrg8k8bc5","role":"member","user":"69ftkbfjjr8nx1v"}','8d2a72808c10654c524944869368b263c9e4b72bb1bbad02c35b9d2958ab5418',NULL);
INSERT INTO changes VALUES(13,1772366401000000,'directory:corp','in CN=ops,CN=Users,DC=win,DC=example,DC=com, which feeds nerd-dinner/ops','team-member',NULL,'{"managed_by":"corp","role":"member","team":"69ftkbbrg8k8bc6","user":"69ftkbfjjr8nx1s"}','e666e607dfd5edb4ed3f3eec4895f99fe4194ee19a0caf76560dcf8b0bef2a0f',NULL);
INSERT INTO changes VALUES(14,1772366401000000,'directory:corp','in CN=ops,CN=Users,DC=win,DC=example,DC=com, which feeds nerd-dinner/ops','team-member',NULL,'{"managed_by":"corp","role":"member","team":"69ftkbbrg8k8bc6","user":"69ftkbfjjr8nx1t"}','05e7da29dce67fd61920e946fbf10f40737549cb9d863d4d3146e7517d96363f',NULL);
INSERT INTO changes VALUES(15,1772366401000000,'directory:corp','in CN=ops,CN=Users,DC=win,DC=example,DC=com, which feeds nerd-dinner/ops','team-member',NULL,'{"managed_by":"corp","role":"member","team":"69ftkbbrg8k8bc6","user":"69ftkbfjjr8nx1v"}','55e07f3e0b8d4fb04ef97643b903cc1ca1bcf09ab62bd24db5581f97a764092a',NULL);
INSERT INTO changes VALUES(16,1772366401000000,'user:69ftkbbrg8k8bc4',NULL,'team-member','{"managed_by":"corp","role":"member","team":"69ftkbbrg8k8bc6","user":"69ftkbfjjr8nx1s"}','{"managed_by":"corp","role":"maintainer","team":"69ftkbbrg8k8bc6","user":"69ftkbfjjr8nx1s"}','f07ebf7680ac02829ff7dd9aedb71c4d85acc39f64e658a5a5f4364c67607cfb',NULL);
INSERT INTO changes VALUES(17,1772366402000000,'directory:corp','no longer in the directory','team-member','{"managed_by":"corp","role":"maintainer","team":"69ftkbbrg8k8bc6","user":"69ftkbfjjr8nx1s"}',NULL,'43a2c3dc76def778b245bccbac068ece5ac6c99d32e6cd6023513f82213f550c',NULL);
INSERT INTO changes VALUES(18,1772366402000000,'directory:corp','no longer in the directory','organization-member','{"managed_by":"corp","organization":"69ftkbbrg8k8bc5","role":"member","user":"69ftkbfjjr8nx1s"}',NULL,'cb6f104fa503fdc6df80b09b03c0870abe1c688f8a455ad43bef8b180a2a3dd7',NULL);
INSERT INTO changes VALUES(19,1772366402000000,'directory:corp','no longer in the directory','account','{"active":true,"create_on_push":false,"decision_reader":false,"directory":"corp","dn":"sha256:6bdc9ea4862ea4d1d76de44f00a62a2d28590d8fff69bcd9295865e76551dc7b","external_id":"8a582fca-12be-4887-8394-fb390953c56f","full_name":"sha256:b921d5a989f63b3135dbaf065502a56db3210237105157b94f45b0c27ce3979a","id":"69ftkbfjjr8nx1s","kind":"user","login":"anna","name":"anna","principal_name":"sha256:6a7801decaa87390cc096010853451d58773203083e9be399962fee40cc9db83","system_admin":false}','{"active":false,"create_on_push":false,"decision_reader":false,"directory":"corp","dn":"sha256:6bdc9ea4862ea4d1d76de44f00a62a2d28590d8fff69bcd9295865e76551dc7b","external_id":"8a582fca-12be-4887-8394-fb390953c56f","full_name":"sha256:b921d5a989f63b3135dbaf065502a56db3210237105157b94f45b0c27ce3979a","gone_since":1772366402000000,"id":"69ftkbfjjr8nx1s","kind":"user","login":"anna","name":"anna","principal_name":"sha256:6a7801decaa87390cc096010853451d58773203083e9be399962fee40cc9db83","system_admin":false}','d0c64ab8c79a69528297bd94d201be25727393696ad6d295353e56dbde6d6cdb',NULL);
CREATE TABLE personal_values (
    digest TEXT NOT NULL PRIMARY KEY,
    salt BLOB NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO personal_values VALUES('sha256:0981a55291d3ce9db2f951b1780632b2c39edee7ee6890655b506924d76180a3',X'56c7bedaaf7dcb1b103fe05e4f51d332','CN=bert,CN=Users,DC=win,DC=example,DC=com');
INSERT INTO personal_values VALUES('sha256:6a7801decaa87390cc096010853451d58773203083e9be399962fee40cc9db83',X'dce31a5b07706f9791587bfdc69be5da','anna@win.example.com');
INSERT INTO personal_values VALUES('sha256:6bdc9ea4862ea4d1d76de44f00a62a2d28590d8fff69bcd9295865e76551dc7b',X'5dbe249d9807f46acbfbeacc8e837ecb','CN=anna,CN=Users,DC=win,DC=example,DC=com');
INSERT INTO personal_values VALUES('sha256:6fda418850d8820a1216c9005d6ea70045ec1e45f403b3df8ed24c60127ead14',X'4cace8ec87ef33aa266e3f130377827c','bert');
INSERT INTO personal_values VALUES('sha256:93e23af2a6d8dd1c97171576904acba0dcb7a5ed9d1419a12ae892195e22d31b',X'4bd71cc5a74a79eff741bfc7659c1b15','elton@win.example.com');
INSERT INTO personal_values VALUES('sha256:b4a8fbada82326e4f5d8c86a2d953e2825c49c0ec636c96ce8655a22936fab7c',X'092f99c95b9398fb01eeb31aa044f708','elton');
INSERT INTO personal_values VALUES('sha256:b921d5a989f63b3135dbaf065502a56db3210237105157b94f45b0c27ce3979a',X'08b7d84796bd4ad5952c2229f75e192f','anna');
INSERT INTO personal_values VALUES('sha256:d4db5bc728f42de345a0acd70ada15ce6201c3b3ed42d5c463ff9038b15e9386',X'bf79fa0c780561c0610c013cb7bec20d','bert@win.example.com');
INSERT INTO personal_values VALUES('sha256:dc649969ff9b64b6c61534f7043829834657b82a537d59cfb17f751b0ec3eb29',X'd91dce2d22dda3153e678433daa06d46','CN=elton,CN=Users,DC=win,DC=example,DC=com');
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
) STRICT;
INSERT INTO sync_runs VALUES('69ftkbfjj55xtcj','corp',1772366401000000,'applied',1,'vm 22004 1772366400000000',1772366401000000,'{"actor":"user:69ftkbbrg8k8bc4","applied":9,"base_revision":6,"complete":true,"counts":{"add-to-organization":3,"add-to-team":3,"create-user":3},"directory":"corp","entries_changed":0,"finished_at":"2026-03-01T12:00:01Z","groups_read":1,"held":[],"held_changes":0,"id":"69ftkbfjj55xtcj","log":[{"text":"connected to ldap://127.0.0.1:36105","time":"2026-03-01T12:00:01Z"},{"text":"follows changes by DirSync","time":"2026-03-01T12:00:01Z"},{"text":"read 4 entries in 2 pages","time":"2026-03-01T12:00:01Z"},{"text":"planned 9 changes, of which the brake holds 0","time":"2026-03-01T12:00:01Z"},{"text":"applied 9 changes","time":"2026-03-01T12:00:01Z"}],"mode":"run","read":"full","revision":15,"settings_revision":6,"started_at":"2026-03-01T12:00:01Z","state":"applied","users_read":3}','{"digest":"d2e158365d1f478d76d3c40cb355ff204af4d4ad18423c83a8ceeadece6fb2cb","notes":[],"plannedAt":"2026-03-01T12:00:01Z","rules":1}',replace('{"held":[],"notes":[]}\n{"action":"create-user","active":1,"dn":"CN=anna,CN=Users,DC=win,DC=example,DC=com","external_id":"8a582fca-12be-4887-8394-fb390953c56f","full_name":"anna","login":"anna","new_name":"anna","principal_name":"anna@win.example.com","reason":"new in the directory"}\n{"action":"create-user","active":1,"dn":"CN=bert,CN=Users,DC=win,DC=example,DC=com","external_id":"2380309d-647d-40f5-970f-34e13221a3ba","full_name":"bert","login":"bert","new_name":"bert","principal_name":"bert@win.example.com","reason":"new in the directory"}\n{"action":"create-user","active":1,"dn":"CN=elton,CN=Users,DC=win,DC=example,DC=com","external_id":"99de8f03-f9fc-443f-932e-421da3719bae","full_name":"elton","login":"elton","new_name":"elton","principal_name":"elton@win.example.com","reason":"new in the directory"}\n{"action":"add-to-organization","external_id":"8a582fca-12be-4887-8394-fb390953c56f","login":"anna","organization":"nerd-dinner","organization_id":"69ftkbbrg8k8bc5","reason":"in CN=ops,CN=Users,DC=win,DC=example,DC=com, which feeds nerd-dinner","role":"member"}\n{"action":"add-to-organization","external_id":"2380309d-647d-40f5-970f-34e13221a3ba","login":"bert","organization":"nerd-dinner","organization_id":"69ftkbbrg8k8bc5","reason":"in CN=ops,CN=Users,DC=win,DC=example,DC=com, which feeds nerd-dinner","role":"member"}\n{"action":"add-to-organization","external_id":"99de8f03-f9fc-443f-932e-421da3719bae","login":"elton","organization":"nerd-dinner","organization_id":"69ftkbbrg8k8bc5","reason":"in CN=ops,CN=Users,DC=win,DC=example,DC=com, which feeds nerd-dinner","role":"member"}\n{"action":"add-to-team","external_id":"8a582fca-12be-4887-8394-fb390953c56f","login":"anna","organization":"nerd-dinner","organization_id":"69ftkbbrg8k8bc5","reason":"in CN=ops,CN=Users,DC=win,DC=example,DC=com, which feeds nerd-dinner/ops","team":"ops","team_id":"69ftkbbrg8k8bc6"}\n{"action":"add-to-team","external_id":"2380309d-647d-40f5-970f-34e13221a3ba","login":"bert","organization":"nerd-dinner","organization_id":"69ftkbbrg8k8bc5","reason":"in CN=ops,CN=Users,DC=win,DC=example,DC=com, which feeds nerd-dinner/ops","team":"ops","team_id":"69ftkbbrg8k8bc6"}\n{"action":"add-to-team","external_id":"99de8f03-f9fc-443f-932e-421da3719bae","login":"elton","organization":"nerd-dinner","organization_id":"69ftkbbrg8k8bc5","reason":"in CN=ops,CN=Users,DC=win,DC=example,DC=com, which feeds nerd-dinner/ops","team":"ops","team_id":"69ftkbbrg8k8bc6"}','\n',char(10)));
INSERT INTO sync_runs VALUES('69ftkbkcmj6m0w1','corp',1772366402000000,'applied',1,'vm 22004 1772366400000000',1772366402000000,'{"actor":"user:69ftkbbrg8k8bc4","applied":3,"base_revision":16,"complete":true,"counts":{"deactivate":1,"remove-from-organization":1,"remove-from-team":1},"directory":"corp","entries_changed":2,"finished_at":"2026-03-01T12:00:02Z","groups_read":1,"held":[],"held_changes":0,"id":"69ftkbkcmj6m0w1","log":[{"text":"connected to ldap://127.0.0.1:36105","time":"2026-03-01T12:00:02Z"},{"text":"the directory names 0 changed and 1 deleted entries","time":"2026-03-01T12:00:02Z"},{"text":"planned 3 changes, of which the brake holds 0","time":"2026-03-01T12:00:02Z"},{"text":"applied 3 changes","time":"2026-03-01T12:00:02Z"}],"mode":"run","read":"incremental","revision":19,"settings_revision":6,"started_at":"2026-03-01T12:00:02Z","state":"applied","users_read":2}','{"digest":"f4501f7c25fdc85489ab582e0808bda4bccc8cccda6f5d57b303cec6a5c0b57d","notes":[],"plannedAt":"2026-03-01T12:00:02Z","rules":1}',replace('{"held":[],"notes":[]}\n{"account_id":"69ftkbfjjr8nx1s","action":"remove-from-team","external_id":"8a582fca-12be-4887-8394-fb390953c56f","login":"anna","organization":"nerd-dinner","organization_id":"69ftkbbrg8k8bc5","reason":"no longer in the directory","team":"ops","team_id":"69ftkbbrg8k8bc6"}\n{"account_id":"69ftkbfjjr8nx1s","action":"remove-from-organization","external_id":"8a582fca-12be-4887-8394-fb390953c56f","login":"anna","organization":"nerd-dinner","organization_id":"69ftkbbrg8k8bc5","reason":"no longer in the directory"}\n{"account_id":"69ftkbfjjr8nx1s","action":"deactivate","external_id":"8a582fca-12be-4887-8394-fb390953c56f","gone":1,"login":"anna","reason":"no longer in the directory"}','\n',char(10)));
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
