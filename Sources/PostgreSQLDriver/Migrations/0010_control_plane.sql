-- The control plane: who may do what with what runs.

-- `operations` is a JSON array of texts, in order.
CREATE TABLE roles (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    built_in BIGINT NOT NULL CHECK (built_in IN (0, 1)),
    description TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    operations TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL
);

-- The private collection of a user is called as they are: it has an owner and no name of its own.
CREATE TABLE collections (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    owner_id TEXT COLLATE "C" UNIQUE REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    parent_id TEXT COLLATE "C" REFERENCES collections (id) DEFERRABLE INITIALLY DEFERRED,
    revision BIGINT NOT NULL,
    CHECK ((name = '') = (owner_id IS NOT NULL OR parent_id IS NULL))
);
CREATE UNIQUE INDEX collections_by_name ON collections (parent_id, name) WHERE owner_id IS NULL;
CREATE INDEX collections_by_parent ON collections (parent_id);

-- The subject is a user, a team, an organisation, a service account, or `everyone`.
CREATE TABLE control_grants (
    collection_id TEXT COLLATE "C" NOT NULL REFERENCES collections (id) DEFERRABLE INITIALLY DEFERRED,
    role_id TEXT COLLATE "C" NOT NULL REFERENCES roles (id) DEFERRABLE INITIALLY DEFERRED,
    subject_id TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT,
    subject_kind TEXT COLLATE "C" NOT NULL CHECK (subject_kind IN ('user', 'team', 'org', 'service-account', 'everyone')),
    revision BIGINT NOT NULL,
    PRIMARY KEY (collection_id, role_id, subject_id)
);
CREATE INDEX control_grants_by_subject ON control_grants (subject_id);
CREATE INDEX control_grants_by_role ON control_grants (role_id);

CREATE TABLE sites (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    agent_id TEXT COLLATE "C" REFERENCES service_accounts (id) DEFERRABLE INITIALLY DEFERRED,
    collection_id TEXT COLLATE "C" NOT NULL REFERENCES collections (id) DEFERRABLE INITIALLY DEFERRED,
    form TEXT COLLATE "C" NOT NULL CHECK (form IN ('cluster', 'engine')),
    name TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    UNIQUE (form, name)
);
CREATE INDEX sites_by_collection ON sites (collection_id);
CREATE INDEX sites_by_agent ON sites (agent_id) WHERE agent_id IS NOT NULL;

-- `site_id` is `-` for a resource of no cluster and no engine.
CREATE TABLE placements (
    resource_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    collection_id TEXT COLLATE "C" NOT NULL REFERENCES collections (id) DEFERRABLE INITIALLY DEFERRED,
    revision BIGINT NOT NULL,
    PRIMARY KEY (resource_id, site_id, type)
);
CREATE INDEX placements_by_collection ON placements (collection_id);
CREATE INDEX placements_by_site ON placements (site_id);

CREATE TABLE control_settings (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id = 'settings'),
    default_role_id TEXT COLLATE "C" NOT NULL REFERENCES roles (id) DEFERRABLE INITIALLY DEFERRED,
    revision BIGINT NOT NULL
);
