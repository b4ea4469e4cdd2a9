-- A table as a column file (src/model/columns.rs); `body` is then empty. NULL: an earlier program wrote the table, as JSON in `body`.
ALTER TABLE observations ADD COLUMN packed BLOB;
