-- What the program's reading and figures meant when a file was read and when a version was drawn up: a number that grows with it.
ALTER TABLE submissions ADD COLUMN definition INTEGER NOT NULL DEFAULT 1;
ALTER TABLE runs ADD COLUMN definition INTEGER NOT NULL DEFAULT 1;

-- By which plan and definition a file was last read without its tables being taken over: `<definition>:<plan hash>`. Its tables are
-- still those that `plan_hash` and `definition` name.
ALTER TABLE submissions ADD COLUMN examined TEXT NOT NULL DEFAULT '';
