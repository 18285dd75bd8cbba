CREATE TABLE complaint_row (
    complaint        BYTEA PRIMARY KEY NOT NULL CHECK (length(complaint) = 16),
    reference        TEXT NOT NULL,
    stage            TEXT NOT NULL,
    channel          TEXT NOT NULL,
    journey          BYTEA CHECK (length(journey) = 16),
    product_id       TEXT,
    product_version  TEXT,
    cause            TEXT,
    root_cause       TEXT,
    received_at_ms   BIGINT NOT NULL,
    due_at_ms        BIGINT,
    answered_at_ms   BIGINT,
    answer_due_at_ms BIGINT,
    updated_at_ms    BIGINT NOT NULL
);
CREATE INDEX complaint_row_reference ON complaint_row (reference);
CREATE INDEX complaint_row_due ON complaint_row (due_at_ms);
CREATE INDEX complaint_row_received ON complaint_row (received_at_ms);
