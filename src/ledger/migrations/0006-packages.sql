-- A zip of files, as it came: what stood in it. Its workbooks are submissions whose paths begin with the zip's.
CREATE TABLE packages (
    hash        TEXT NOT NULL,
    path        TEXT NOT NULL,
    received_at TEXT NOT NULL,
    -- JSON: name inside the zip and kind (workbook, archive, other), in the zip's order.
    entries     TEXT NOT NULL,
    PRIMARY KEY (hash, path)
);
