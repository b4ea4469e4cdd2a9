-- Every file that was ever acknowledged. `state`: accepted | returned | refused | withdrawn.
CREATE TABLE submissions (
    id            INTEGER PRIMARY KEY,
    hash          TEXT NOT NULL,
    path          TEXT NOT NULL,             -- folders below the source and the file name, joined by '/'
    file          TEXT NOT NULL,
    received_at   TEXT NOT NULL,             -- RFC 3339
    state         TEXT NOT NULL CHECK (state IN ('accepted', 'returned', 'refused', 'withdrawn')),
    reason        TEXT,                      -- the refusal's code, or the operator's words
    department    TEXT,
    period        TEXT,
    plan_hash     TEXT NOT NULL DEFAULT '',  -- the plan it was read with
    findings      TEXT NOT NULL DEFAULT '[]',
    UNIQUE (hash, path)
) STRICT;
CREATE INDEX submissions_by_period ON submissions (period, department);

-- The typed columns of each dataset of a submission (JSON), exact decimals as text.
CREATE TABLE observations (
    submission    INTEGER NOT NULL REFERENCES submissions (id),
    dataset       TEXT NOT NULL,
    department    TEXT NOT NULL,
    period        TEXT NOT NULL,
    body          TEXT NOT NULL,
    PRIMARY KEY (submission, dataset)
) STRICT;
CREATE INDEX observations_by_period ON observations (period, department, dataset);

-- Written explanations that pass a 请说明, by the finding's identity.
CREATE TABLE explanations (
    department    TEXT NOT NULL,
    period        TEXT NOT NULL,
    identity      TEXT NOT NULL,
    text          TEXT NOT NULL,
    PRIMARY KEY (department, period, identity)
) STRICT;

-- Versions of a period. A row here is what makes a version's files count.
CREATE TABLE runs (
    period        TEXT NOT NULL,
    version       INTEGER NOT NULL,
    digest        TEXT NOT NULL,             -- of the inputs: decides whether a version is new
    plan_hash     TEXT NOT NULL,
    program       TEXT NOT NULL,
    now           TEXT NOT NULL,
    manifest      TEXT NOT NULL,             -- [{file, blake3}] of the workbooks
    manifest_hash TEXT NOT NULL,
    inputs        TEXT NOT NULL,             -- which submission stood for what
    figures       TEXT NOT NULL,             -- the month as drawn up: tables, tasks, reporting
    figures_hash  TEXT NOT NULL,
    PRIMARY KEY (period, version)
) STRICT;

CREATE TABLE outbox (
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
    FOREIGN KEY (period, version) REFERENCES runs (period, version)
) STRICT;
CREATE INDEX outbox_by_period ON outbox (period, version, state);

-- Who works on a period; the fence grows with every holder and is checked at every commit.
CREATE TABLE leases (
    period        TEXT PRIMARY KEY,
    holder        TEXT NOT NULL,
    fence         INTEGER NOT NULL,
    until         INTEGER NOT NULL           -- Unix seconds, wall clock
) STRICT;

-- Every change of state, in the transaction that made it.
CREATE TABLE audit (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,
    action        TEXT NOT NULL,             -- for instance submission.accepted
    subject       TEXT NOT NULL,             -- hash, period or outbox id
    detail        TEXT NOT NULL DEFAULT ''
) STRICT;
