CREATE TABLE sent_message (
    code       BLOB PRIMARY KEY NOT NULL CHECK (length(code) = 32),
    kind       TEXT NOT NULL,
    sent_at_ms BIGINT NOT NULL,
    ending     TEXT NOT NULL,
    zh         BLOB CHECK (length(zh) = 32),
    en         BLOB CHECK (length(en) = 32)
);
CREATE INDEX sent_message_sent ON sent_message (sent_at_ms);
