-- An answer to a group of like findings: eight bytes for each member, the start of the BLAKE3 hash of its identity.
CREATE TABLE answers (
    department    TEXT NOT NULL,
    period        TEXT NOT NULL,
    name          TEXT NOT NULL,             -- names the members that were answered together
    text          TEXT NOT NULL,
    members       BLOB NOT NULL,             -- big-endian, ascending
    PRIMARY KEY (department, period, name)
) STRICT;

-- Entries of sources that could not be read when the sources were last looked into.
CREATE TABLE unread (
    source        TEXT NOT NULL,             -- kind and place in config/wenjin.toml, for instance `folder 1`
    path          TEXT NOT NULL,             -- below the source, decoded for display
    reason        TEXT NOT NULL,
    department    TEXT,                      -- as far as name and folders tell
    period        TEXT,
    PRIMARY KEY (source, path)
) STRICT;
