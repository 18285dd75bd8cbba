ALTER TABLE session ADD COLUMN seen_at_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN means TEXT NOT NULL DEFAULT 'password';
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';

CREATE TABLE passkey (
    id          BLOB PRIMARY KEY NOT NULL CHECK (length(id) BETWEEN 1 AND 1023),
    login       TEXT NOT NULL,
    public_key  BLOB NOT NULL CHECK (length(public_key) <= 1024),
    name        TEXT NOT NULL,
    count       BIGINT NOT NULL,
    added_at_ms BIGINT NOT NULL,
    used_at_ms  BIGINT
);
CREATE INDEX passkey_login ON passkey (login);

CREATE TABLE authenticator_app (
    login       TEXT PRIMARY KEY NOT NULL,
    subject     BLOB NOT NULL CHECK (length(subject) = 16),
    secret      BLOB NOT NULL CHECK (length(secret) = 32),
    last_step   BIGINT NOT NULL,
    added_at_ms BIGINT NOT NULL
);

CREATE TABLE recovery_code (
    login TEXT NOT NULL,
    code  BLOB NOT NULL CHECK (length(code) = 32),
    PRIMARY KEY (login, code)
);

CREATE TABLE question (
    token         BLOB PRIMARY KEY NOT NULL CHECK (length(token) = 32),
    purpose       TEXT NOT NULL,
    owner         TEXT NOT NULL,
    data          TEXT NOT NULL,
    expires_at_ms BIGINT NOT NULL
);
CREATE INDEX question_over ON question (expires_at_ms);
