CREATE TABLE time_stamp (
    size          BIGINT NOT NULL CHECK (size > 0),
    stamped_at_ms BIGINT NOT NULL,
    checkpoint    TEXT NOT NULL,
    query         BYTEA NOT NULL,
    response      BYTEA NOT NULL CHECK (length(response) <= 65536),
    kept_at_ms    BIGINT NOT NULL,
    PRIMARY KEY (size, stamped_at_ms)
);
