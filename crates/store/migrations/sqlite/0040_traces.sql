CREATE TABLE device_trace (
    device  BLOB NOT NULL CHECK (length(device) = 32),
    journey BLOB NOT NULL CHECK (length(journey) = 16),
    at_ms   BIGINT NOT NULL,
    PRIMARY KEY (device, journey)
);
CREATE INDEX device_trace_journey ON device_trace (journey);

CREATE TABLE ink_trace (
    journey BLOB PRIMARY KEY NOT NULL CHECK (length(journey) = 16),
    trace   BLOB NOT NULL CHECK (length(trace) = 32),
    shape   BLOB NOT NULL CHECK (length(shape) <= 1024),
    at_ms   BIGINT NOT NULL
);
CREATE INDEX ink_trace_trace ON ink_trace (trace);
CREATE INDEX ink_trace_newest ON ink_trace (at_ms);
