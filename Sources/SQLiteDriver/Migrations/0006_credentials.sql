-- What an entry left as its fact's secret (a password's hash, a token's digest, a sealed password): the SHA-256 of
-- that, in hexadecimal. NULL where the entry keeps the secret, or its kind of fact has none, and in entries from
-- before this script.
ALTER TABLE changes ADD COLUMN secret_digest TEXT;

-- What is known of the logins of a directory's people. No fact, and not in the log.
CREATE TABLE directory_logins (
    person TEXT NOT NULL PRIMARY KEY,
    -- The Argon2id hash of the password that was right last, encrypted under the secrets key.
    sealed_hash BLOB,
    -- Networks where it was right, the latest first, separated by spaces.
    networks TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Passwords that a directory called wrong since it called one right.
CREATE TABLE directory_attempts (
    person TEXT NOT NULL,
    number INTEGER NOT NULL,
    network TEXT NOT NULL,
    attempted_at INTEGER NOT NULL,
    PRIMARY KEY (person, number)
) STRICT, WITHOUT ROWID;
