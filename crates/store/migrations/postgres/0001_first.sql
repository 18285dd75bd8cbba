CREATE TABLE record (
    idx    BIGINT PRIMARY KEY NOT NULL CHECK (idx >= 0),
    stream TEXT COLLATE "C" NOT NULL,
    seq    BIGINT NOT NULL CHECK (seq >= 0),
    id     BYTEA NOT NULL UNIQUE CHECK (length(id) = 16),
    at_ms  BIGINT NOT NULL,
    kind   TEXT NOT NULL,
    bytes  BYTEA NOT NULL CHECK (length(bytes) BETWEEN 2 AND 65535),
    leaf   BYTEA NOT NULL CHECK (length(leaf) = 32),
    UNIQUE (stream, seq)
);

CREATE TABLE node (
    level BIGINT NOT NULL CHECK (level BETWEEN 1 AND 52),
    idx   BIGINT NOT NULL CHECK (idx >= 0),
    hash  BYTEA NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, idx)
);

CREATE TABLE tree (
    "only" BIGINT PRIMARY KEY NOT NULL CHECK ("only" = 1),
    size   BIGINT NOT NULL CHECK (size >= 0),
    root   BYTEA NOT NULL CHECK (length(root) = 32)
);

CREATE TABLE idempotency (
    key         TEXT PRIMARY KEY NOT NULL,
    stream      TEXT NOT NULL,
    first_index BIGINT NOT NULL REFERENCES record (idx),
    count       BIGINT NOT NULL CHECK (count > 0)
);

CREATE TABLE journey_row (
    journey         BYTEA PRIMARY KEY NOT NULL CHECK (length(journey) = 16),
    reference       TEXT NOT NULL,
    external_ref    TEXT NOT NULL,
    product_id      TEXT NOT NULL,
    product_version TEXT NOT NULL,
    principal_fen   BIGINT,
    stage           TEXT NOT NULL,
    missing         TEXT NOT NULL,
    violations_open BIGINT NOT NULL,
    remedies_open   BIGINT NOT NULL,
    denied          BIGINT NOT NULL,
    branch          TEXT,
    opened_at_ms    BIGINT NOT NULL,
    updated_at_ms   BIGINT NOT NULL
);
CREATE INDEX journey_row_reference ON journey_row (reference);
CREATE INDEX journey_row_external_ref ON journey_row (external_ref);
CREATE INDEX journey_row_updated ON journey_row (updated_at_ms);

CREATE TABLE short_code (
    code         TEXT PRIMARY KEY NOT NULL,
    journey      BYTEA NOT NULL,
    paper        TEXT NOT NULL,
    lang         TEXT NOT NULL,
    sha256       BYTEA NOT NULL CHECK (length(sha256) = 32),
    media        TEXT NOT NULL,
    bytes        BIGINT NOT NULL,
    terms        BYTEA NOT NULL CHECK (length(terms) = 32),
    issued_at_ms BIGINT NOT NULL
);

CREATE TABLE outbox (
    id              BYTEA PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    due_at_ms       BIGINT NOT NULL,
    leased_until_ms BIGINT NOT NULL DEFAULT 0,
    attempts        BIGINT NOT NULL,
    task            TEXT NOT NULL,
    given_up_at_ms  BIGINT,
    why             TEXT NOT NULL DEFAULT ''
);
CREATE INDEX outbox_due ON outbox (due_at_ms) WHERE given_up_at_ms IS NULL;

CREATE TABLE account (
    login         TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    role          TEXT NOT NULL,
    display_name  TEXT NOT NULL,
    branch        TEXT,
    password_hash TEXT NOT NULL,
    standing      TEXT NOT NULL
);

CREATE TABLE sign_in (
    login      TEXT PRIMARY KEY NOT NULL,
    failures   BIGINT NOT NULL,
    last_at_ms BIGINT NOT NULL
);

CREATE TABLE session (
    token         BYTEA PRIMARY KEY NOT NULL CHECK (length(token) = 32),
    owner_kind    TEXT NOT NULL,
    owner         TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL
);
CREATE INDEX session_owner ON session (owner_kind, owner);

CREATE TABLE link (
    token         BYTEA PRIMARY KEY NOT NULL CHECK (length(token) = 32),
    journey       BYTEA NOT NULL,
    purpose       TEXT NOT NULL,
    code          BYTEA,
    tries_left    BIGINT NOT NULL CHECK (tries_left >= 0),
    created_at_ms BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL
);
CREATE UNIQUE INDEX link_journey ON link (journey, purpose);

CREATE TABLE api_key (
    key           BYTEA PRIMARY KEY NOT NULL CHECK (length(key) = 32),
    core          TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    standing      TEXT NOT NULL
);

CREATE TABLE vault_key (
    subject BYTEA PRIMARY KEY NOT NULL CHECK (length(subject) = 16),
    wrapped BYTEA
);

CREATE TABLE vault_value (
    place      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject    BYTEA NOT NULL REFERENCES vault_key (subject),
    commitment BYTEA NOT NULL CHECK (length(commitment) = 32),
    label      TEXT NOT NULL,
    sealed     BYTEA NOT NULL,
    UNIQUE (subject, commitment)
);
