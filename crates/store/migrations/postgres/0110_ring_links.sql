CREATE TABLE ring_link (
    seq         BIGINT PRIMARY KEY NOT NULL,
    journey     BYTEA NOT NULL CHECK (length(journey) = 16),
    applicant   BIGINT NOT NULL,
    at_ms       BIGINT NOT NULL,
    identifiers BYTEA NOT NULL CHECK (length(identifiers) <= 256)
);
CREATE INDEX ring_link_journey ON ring_link (journey);
CREATE INDEX ring_link_applicant ON ring_link (applicant);
CREATE INDEX ring_link_at ON ring_link (at_ms);

CREATE TABLE ring_link_place (
    one   BIGINT PRIMARY KEY NOT NULL CHECK (one = 1),
    place BIGINT NOT NULL
);
INSERT INTO ring_link_place (one, place) VALUES (1, 0);
