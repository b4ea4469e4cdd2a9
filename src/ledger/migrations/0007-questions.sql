-- Questions are answered by indexes: none reads a table whole, however many years it holds.

-- When a file came, in microseconds since 1970 (UTC). `received_at` may be written in any zone, so its text does not sort.
ALTER TABLE submissions ADD COLUMN received INTEGER NOT NULL DEFAULT 0;
DROP INDEX submissions_by_period;
CREATE INDEX submissions_by_period ON submissions (period, department, state, received, batch);
CREATE INDEX submissions_by_path ON submissions (path);
CREATE INDEX submissions_by_batch ON submissions (batch);
CREATE INDEX submissions_withdrawn ON submissions (period) WHERE state = 'withdrawn';
CREATE INDEX submissions_refused ON submissions (received, batch) WHERE state = 'refused';
CREATE INDEX packages_by_path ON packages (path);
CREATE INDEX audit_by_action ON audit (action, subject);

-- Which accepted submission stands for a department's table of a period: written in the transaction that changes it.
CREATE TABLE standing (
    period        TEXT NOT NULL,
    department    TEXT NOT NULL,
    dataset       TEXT NOT NULL,
    submission    INTEGER NOT NULL REFERENCES submissions (id),
    PRIMARY KEY (period, department, dataset)
) STRICT, WITHOUT ROWID;
CREATE INDEX standing_by_submission ON standing (submission);

-- What a version leaned on, month by month, as short hashes (JSON): told apart from what stands now without reading `inputs`.
ALTER TABLE runs ADD COLUMN leaned TEXT NOT NULL DEFAULT '{}';

-- What a look into a source saw of each file, so that one that is known is not read again.
CREATE TABLE marks (
    source        TEXT NOT NULL,             -- as in `unread`
    path          BLOB NOT NULL,             -- below the source, byte for byte as the file system has it
    size          INTEGER NOT NULL,
    modified      INTEGER NOT NULL,          -- nanoseconds since 1970
    changed       INTEGER NOT NULL,          -- the same, of the entry itself (ctime)
    inode         INTEGER NOT NULL,
    hash          TEXT,                      -- NULL: seen and not taken in yet
    hashed        INTEGER NOT NULL DEFAULT 0,-- Unix seconds, wall clock: when the bytes were last read
    judged_by     TEXT NOT NULL DEFAULT '',  -- a short hash of the limits they were judged by: others may read what was refused
    PRIMARY KEY (source, path)
) STRICT, WITHOUT ROWID;

-- Entries of sources are told apart by the bytes of their names. What is noted here is found again at the next look.
DROP TABLE unread;
CREATE TABLE unread (
    source        TEXT NOT NULL,             -- its name in config/wenjin.toml; without one its kind and place, for instance `folder 1`
    raw           BLOB NOT NULL,             -- below the source, byte for byte
    path          TEXT NOT NULL,             -- the same, decoded for display
    reason        TEXT NOT NULL,
    department    TEXT,                      -- as far as name and folders tell
    period        TEXT,
    PRIMARY KEY (source, raw)
) STRICT;

-- Since when the daemon follows each job; NULL: since before this was noted down.
ALTER TABLE jobs ADD COLUMN since TEXT;

-- The mails that told an alert, and its end: an end is not told before its beginning.
ALTER TABLE alerts ADD COLUMN raised_by TEXT;
ALTER TABLE alerts ADD COLUMN ended_by TEXT;
CREATE INDEX alerts_by_end ON alerts (ended_by);

-- Since when a mail has been put off without any mail's getting through; RFC 3339, UTC.
ALTER TABLE outbox ADD COLUMN put_off_at TEXT;
