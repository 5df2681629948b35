-- Which entries of the change log name what, for questions about the past. Made from the log, some time behind
-- it: what is not in here yet is read from the log's end. May be emptied and is made anew.
--
-- `key` is an identity, a name, or one of a few words (ChangeKey); `kind` is that of the fact that changed, or
-- 'about' for the account that the entry is about. `fact` tells one fact of the kind from another, and `is_new`
-- says that it came with this entry.
CREATE TABLE change_keys (
    key TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    fact TEXT COLLATE "C" NOT NULL,
    is_new BIGINT NOT NULL CHECK (is_new IN (0, 1)),
    PRIMARY KEY (key, kind, revision)
);

-- Up to which entry tables hold what they are made from; no row for nothing.
CREATE TABLE derived_tables (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL
);
