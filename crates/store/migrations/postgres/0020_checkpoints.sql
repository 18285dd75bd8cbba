CREATE TABLE published (
    size  BIGINT PRIMARY KEY NOT NULL CHECK (size >= 0),
    root  BYTEA NOT NULL CHECK (length(root) = 32),
    note  TEXT NOT NULL CHECK (length(note) <= 16384),
    at_ms BIGINT NOT NULL
);

CREATE TABLE cosignature (
    size    BIGINT NOT NULL REFERENCES published (size),
    witness TEXT NOT NULL,
    line    TEXT NOT NULL CHECK (length(line) <= 1024),
    at_s    BIGINT NOT NULL,
    PRIMARY KEY (size, witness)
);
CREATE INDEX cosignature_witness ON cosignature (witness, size);
