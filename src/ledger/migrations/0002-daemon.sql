-- Reminders and alerts belong to no version (their `version` is 0), so the outbox no longer refers to `runs`;
-- and a mail that was put off has a time.
CREATE TABLE outbox_next (
    id            INTEGER PRIMARY KEY,
    period        TEXT NOT NULL,
    version       INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    department    TEXT NOT NULL,
    sender        TEXT NOT NULL,
    recipients    TEXT NOT NULL,
    subject       TEXT NOT NULL,
    message_id    TEXT NOT NULL UNIQUE,
    bytes         BLOB NOT NULL,
    state         TEXT NOT NULL CHECK (state IN
        ('held', 'pending', 'sending', 'transmitting', 'sent', 'written', 'failed', 'uncertain', 'cancelled')),
    attempts      INTEGER NOT NULL DEFAULT 0,
    outcome       TEXT,
    queued_at     TEXT NOT NULL,             -- RFC 3339, when it was stored or released: its lifetime counts from here
    next_at       TEXT,                      -- RFC 3339, UTC, not before then; NULL: at once
    reached       TEXT NOT NULL DEFAULT '[]' -- recipients that have it although others of the envelope were refused
) STRICT;
INSERT INTO outbox_next
        (id, period, version, kind, department, sender, recipients, subject, message_id, bytes, state, attempts, outcome, queued_at)
    SELECT id, period, version, kind, department, sender, recipients, subject, message_id, bytes, state, attempts, outcome,
        COALESCE((SELECT now FROM runs WHERE runs.period = outbox.period AND runs.version = outbox.version), '1970-01-01T00:00:00+00:00')
    FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_next RENAME TO outbox;
CREATE INDEX outbox_by_period ON outbox (period, version, state);
CREATE INDEX outbox_by_state ON outbox (state, next_at);

-- Why a version was made: operator | complete | cut-off | refresh | stale. Refreshes are counted by it.
ALTER TABLE runs ADD COLUMN cause TEXT NOT NULL DEFAULT 'operator';

-- Up to when each job's slots have been decided. A clock that went back is followed back; `slots` keeps what was run from running again.
CREATE TABLE jobs (
    job           TEXT PRIMARY KEY,
    decided_until TEXT NOT NULL              -- RFC 3339, UTC
) STRICT;

-- The slots of the schedule that were run or missed.
CREATE TABLE slots (
    job           TEXT NOT NULL,
    scheduled_at  TEXT NOT NULL,             -- RFC 3339, UTC
    period        TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('due', 'running', 'done', 'failed', 'missed', 'skipped')),
    decided_at    TEXT NOT NULL,
    finished_at   TEXT,
    outcome       TEXT,
    UNIQUE (job, scheduled_at)
) STRICT;
CREATE INDEX slots_by_state ON slots (state, scheduled_at);

-- Who did it: the login of the person at the command line; empty for wenjin itself.
ALTER TABLE audit ADD COLUMN actor TEXT NOT NULL DEFAULT '';

-- Conditions the operator is told of once when they arise and once when they are over.
CREATE TABLE alerts (
    id            INTEGER PRIMARY KEY,
    key           TEXT NOT NULL,             -- for instance delivery.failed:2022-06:jxt
    raised_at     TEXT NOT NULL,
    text          TEXT NOT NULL,             -- without figures, addresses, cell values
    recovered_at  TEXT
) STRICT;
CREATE UNIQUE INDEX alerts_open ON alerts (key) WHERE recovered_at IS NULL;

-- What webhooks still have to be told.
CREATE TABLE notices (
    id            INTEGER PRIMARY KEY,
    alert         INTEGER NOT NULL REFERENCES alerts (id),
    webhook       INTEGER NOT NULL,          -- its place in the list of config/wenjin.toml
    text          TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'failed')),
    attempts      INTEGER NOT NULL DEFAULT 0,
    next_at       TEXT,
    outcome       TEXT,
    UNIQUE (alert, webhook, text)
) STRICT;
