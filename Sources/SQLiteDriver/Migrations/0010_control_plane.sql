-- The control plane: who may do what with what runs.

-- `operations` is a JSON array of texts, in order.
CREATE TABLE roles (
    id TEXT NOT NULL PRIMARY KEY,
    built_in INTEGER NOT NULL CHECK (built_in IN (0, 1)),
    description TEXT NOT NULL,
    name TEXT NOT NULL UNIQUE,
    operations TEXT NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The private collection of a user is called as they are: it has an owner and no name of its own.
CREATE TABLE collections (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    owner_id TEXT UNIQUE REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    parent_id TEXT REFERENCES collections (id) DEFERRABLE INITIALLY DEFERRED,
    revision INTEGER NOT NULL,
    CHECK ((name = '') = (owner_id IS NOT NULL OR parent_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX collections_by_name ON collections (parent_id, name) WHERE owner_id IS NULL;
CREATE INDEX collections_by_parent ON collections (parent_id);

-- The subject is a user, a team, an organisation, a service account, or `everyone`.
CREATE TABLE control_grants (
    collection_id TEXT NOT NULL REFERENCES collections (id) DEFERRABLE INITIALLY DEFERRED,
    role_id TEXT NOT NULL REFERENCES roles (id) DEFERRABLE INITIALLY DEFERRED,
    subject_id TEXT NOT NULL,
    expires_at INTEGER,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('user', 'team', 'org', 'service-account', 'everyone')),
    revision INTEGER NOT NULL,
    PRIMARY KEY (collection_id, role_id, subject_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX control_grants_by_subject ON control_grants (subject_id);
CREATE INDEX control_grants_by_role ON control_grants (role_id);

CREATE TABLE sites (
    id TEXT NOT NULL PRIMARY KEY,
    agent_id TEXT REFERENCES service_accounts (id) DEFERRABLE INITIALLY DEFERRED,
    collection_id TEXT NOT NULL REFERENCES collections (id) DEFERRABLE INITIALLY DEFERRED,
    form TEXT NOT NULL CHECK (form IN ('cluster', 'engine')),
    name TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (form, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX sites_by_collection ON sites (collection_id);
CREATE INDEX sites_by_agent ON sites (agent_id) WHERE agent_id IS NOT NULL;

-- `site_id` is `-` for a resource of no cluster and no engine.
CREATE TABLE placements (
    resource_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    type TEXT NOT NULL,
    collection_id TEXT NOT NULL REFERENCES collections (id) DEFERRABLE INITIALLY DEFERRED,
    revision INTEGER NOT NULL,
    PRIMARY KEY (resource_id, site_id, type)
) STRICT, WITHOUT ROWID;
CREATE INDEX placements_by_collection ON placements (collection_id);
CREATE INDEX placements_by_site ON placements (site_id);

CREATE TABLE control_settings (
    id TEXT NOT NULL PRIMARY KEY CHECK (id = 'settings'),
    default_role_id TEXT NOT NULL REFERENCES roles (id) DEFERRABLE INITIALLY DEFERRED,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
