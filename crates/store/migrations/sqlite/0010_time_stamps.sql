CREATE TABLE time_stamp (
    size          INTEGER NOT NULL CHECK (size > 0),
    stamped_at_ms INTEGER NOT NULL,
    checkpoint    TEXT NOT NULL,
    query         BLOB NOT NULL,
    response      BLOB NOT NULL CHECK (length(response) <= 65536),
    kept_at_ms    INTEGER NOT NULL,
    PRIMARY KEY (size, stamped_at_ms)
);
