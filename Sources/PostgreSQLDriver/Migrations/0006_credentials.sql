-- What an entry left as its fact's secret (a password's hash, a token's digest, a sealed password): the SHA-256 of
-- that, in hexadecimal. NULL where the entry keeps the secret, or its kind of fact has none, and in entries from
-- before this script.
ALTER TABLE changes ADD COLUMN secret_digest TEXT COLLATE "C";

-- What is known of the logins of a directory's people. No fact, and not in the log.
CREATE TABLE directory_logins (
    person TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- The Argon2id hash of the password that was right last, encrypted under the secrets key.
    sealed_hash BYTEA,
    -- Networks where it was right, the latest first, separated by spaces.
    networks TEXT COLLATE "C" NOT NULL
);

-- Passwords that a directory called wrong since it called one right.
CREATE TABLE directory_attempts (
    person TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    network TEXT COLLATE "C" NOT NULL,
    attempted_at BIGINT NOT NULL,
    PRIMARY KEY (person, number)
);
