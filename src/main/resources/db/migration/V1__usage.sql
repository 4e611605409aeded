-- One row for each client request. The primary key drops repeats and gives the order of the log in one tree: an event
-- never changes its time. There are no further indexes on purpose: on H2 each costs as much as the row itself, and one of
-- random keys, such as request ids, four times that.
CREATE TABLE request_log (
    finished_at       TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    event_id          UUID             NOT NULL,
    request_id        VARCHAR(200)     NOT NULL,
    completion_id     VARCHAR(200),
    door              VARCHAR(10)      NOT NULL,
    endpoint          VARCHAR(200)     NOT NULL,
    key_name          VARCHAR(200)     NOT NULL,
    model             VARCHAR(200),
    provider          VARCHAR(200),
    other_providers   VARCHAR(8000),
    streamed          BOOLEAN          NOT NULL,
    status_code       INTEGER          NOT NULL,
    error_code        VARCHAR(200),
    latency_ms        DOUBLE PRECISION NOT NULL,
    first_token_ms    DOUBLE PRECISION,
    prompt_tokens     BIGINT           NOT NULL,
    completion_tokens BIGINT           NOT NULL,
    cached_tokens     BIGINT           NOT NULL,
    reasoning_tokens  BIGINT           NOT NULL,
    cost              NUMERIC(24, 12)  NOT NULL,
    cache             VARCHAR(10)      NOT NULL,
    PRIMARY KEY (finished_at, event_id)
);

-- What callers asked for, summed by the hour.
CREATE TABLE hourly_requests (
    hour_start        TIMESTAMP(0) WITH TIME ZONE NOT NULL,
    model             VARCHAR(200)     NOT NULL,
    key_name          VARCHAR(200)     NOT NULL,
    requests          BIGINT           NOT NULL,
    successes         BIGINT           NOT NULL,
    cancelled         BIGINT           NOT NULL,
    latency_ms        DOUBLE PRECISION NOT NULL,
    prompt_tokens     BIGINT           NOT NULL,
    completion_tokens BIGINT           NOT NULL,
    cached_tokens     BIGINT           NOT NULL,
    reasoning_tokens  BIGINT           NOT NULL,
    cost              NUMERIC(24, 12)  NOT NULL,
    PRIMARY KEY (hour_start, model, key_name)
);

-- What providers were asked for, summed by the hour.
CREATE TABLE hourly_calls (
    hour_start        TIMESTAMP(0) WITH TIME ZONE NOT NULL,
    provider          VARCHAR(200)     NOT NULL,
    model             VARCHAR(200)     NOT NULL,
    key_name          VARCHAR(200)     NOT NULL,
    requests          BIGINT           NOT NULL,
    successes         BIGINT           NOT NULL,
    cancelled         BIGINT           NOT NULL,
    latency_ms        DOUBLE PRECISION NOT NULL,
    prompt_tokens     BIGINT           NOT NULL,
    completion_tokens BIGINT           NOT NULL,
    cached_tokens     BIGINT           NOT NULL,
    reasoning_tokens  BIGINT           NOT NULL,
    cost              NUMERIC(24, 12)  NOT NULL,
    PRIMARY KEY (hour_start, provider, model, key_name)
);

-- Ids of the events in the sums: one row for each batch and second, the ids one after the other, 16 bytes each.
CREATE TABLE counted_events (
    finished_second BIGINT NOT NULL,
    event_ids       BYTEA  NOT NULL
);
CREATE INDEX counted_events_second ON counted_events (finished_second);

-- One row, locked by whoever adds to the sums. Events from before this second are no longer counted, for their ids are gone.
CREATE TABLE counted_horizon (
    id              INTEGER PRIMARY KEY,
    finished_second BIGINT NOT NULL
);
INSERT INTO counted_horizon (id, finished_second) VALUES (1, -9223372036854775807);
