-- What the instances of the broker hold between each other's claims. One row for each data folder; each start of a broker
-- gets a new incarnation, so that the claims of the one before are free at once.
CREATE TABLE job_node (
    name        VARCHAR(64) PRIMARY KEY,
    incarnation BIGINT NOT NULL UNIQUE,
    lease_until TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- One row, counted up by every incarnation.
CREATE TABLE job_incarnation (
    last BIGINT NOT NULL
);
INSERT INTO job_incarnation (last) VALUES (0);

-- One row for each request from Kafka, by the first 128 bits of the SHA-256 of its id: rows are small, and an id may be
-- of any length. No further indexes on purpose: the rows of the last days are many, and each is written four times.
CREATE TABLE job_claim (
    id             UUID     PRIMARY KEY,
    content        UUID     NOT NULL, -- the same of the endpoint and the body: one id stands for one request
    status         SMALLINT NOT NULL, -- 0 claimed, 1 response stored, 2 published, 3 on the retry topic, 4 dead, 5 sent again
    owner          BIGINT   NOT NULL, -- an incarnation; no other may write the row while its lease lasts
    attempts       INTEGER  NOT NULL,
    round          INTEGER  NOT NULL, -- how often it was put on the retry topic: an older record of it is void
    response_id    BIGINT,
    earlier_usage  BYTEA,             -- the usage event of the attempts before
    changed_second BIGINT   NOT NULL
);

-- Responses from before they are published until they are. In pieces, since a binary value of H2 has a megabyte at most,
-- and by ascending numbers, so that writing them is cheap.
CREATE TABLE job_response (
    response_id BIGINT  NOT NULL,
    part        INTEGER NOT NULL,
    content     BYTEA   NOT NULL,
    PRIMARY KEY (response_id, part)
);
