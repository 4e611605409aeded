-- Statistics stand there by generation: the one that is shown, and, while they are rebuilt from the usage topic, the one
-- that takes its place when it is complete. What comes in meanwhile is added to both. One row, locked by whoever adds.
-- Events from before a generation's horizon are not counted any more, for their ids are gone.
CREATE TABLE statistics_state (
    id                      INTEGER PRIMARY KEY,
    live                    BIGINT NOT NULL,
    horizon_second          BIGINT NOT NULL,
    building                BIGINT,
    building_horizon_second BIGINT,
    building_repriced       BOOLEAN
);
INSERT INTO statistics_state (id, live, horizon_second) SELECT 1, 0, finished_second FROM counted_horizon WHERE id = 1;
DROP TABLE counted_horizon;

ALTER TABLE counted_events ADD COLUMN generation BIGINT DEFAULT 0 NOT NULL;
DROP INDEX counted_events_second;
CREATE INDEX counted_events_place ON counted_events (generation, finished_second);

-- A second cost, by the prices that were known when it was worked out; null: the same as the first.
ALTER TABLE request_log ADD COLUMN repriced_cost NUMERIC(24, 12);

CREATE TABLE hourly_requests_2 (
    generation        BIGINT           NOT NULL,
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
    repriced_cost     NUMERIC(24, 12)  NOT NULL,
    CONSTRAINT hourly_requests_key PRIMARY KEY (generation, hour_start, model, key_name)
);
INSERT INTO hourly_requests_2 SELECT 0, hour_start, model, key_name, requests, successes, cancelled, latency_ms,
    prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens, cost, cost FROM hourly_requests;
DROP TABLE hourly_requests;
ALTER TABLE hourly_requests_2 RENAME TO hourly_requests;

CREATE TABLE hourly_calls_2 (
    generation        BIGINT           NOT NULL,
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
    repriced_cost     NUMERIC(24, 12)  NOT NULL,
    CONSTRAINT hourly_calls_key PRIMARY KEY (generation, hour_start, provider, model, key_name)
);
INSERT INTO hourly_calls_2 SELECT 0, hour_start, provider, model, key_name, requests, successes, cancelled, latency_ms,
    prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens, cost, cost FROM hourly_calls;
DROP TABLE hourly_calls;
ALTER TABLE hourly_calls_2 RENAME TO hourly_calls;

-- Each time statistics were rebuilt, under the generation that came of it.
CREATE TABLE usage_replay (
    generation      BIGINT PRIMARY KEY,
    owner           VARCHAR(64)  NOT NULL, -- the instance that does it
    from_hour       TIMESTAMP(0) WITH TIME ZONE, -- hours before are taken over as they were; null: there are none
    repriced        BOOLEAN      NOT NULL,
    status          SMALLINT     NOT NULL, -- 0 running, 1 done, 2 failed
    started_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    heard_at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    records_read    BIGINT       NOT NULL,
    records_total   BIGINT       NOT NULL,
    reason          VARCHAR(1000),
    requests_before BIGINT,
    cost_before     NUMERIC(24, 12),
    repriced_before NUMERIC(24, 12),
    requests_after  BIGINT,
    cost_after      NUMERIC(24, 12),
    repriced_after  NUMERIC(24, 12)
);
