CREATE TABLE recording_chunk (
    journey   BYTEA NOT NULL CHECK (length(journey) = 16),
    recording TEXT NOT NULL CHECK (length(recording) <= 64),
    side      TEXT NOT NULL CHECK (side IN ('borrower', 'consultant')),
    take      BIGINT NOT NULL,
    place     BIGINT NOT NULL,
    sha256    BYTEA NOT NULL CHECK (length(sha256) = 32),
    bytes     BIGINT NOT NULL,
    PRIMARY KEY (journey, recording, side, take, place)
);
