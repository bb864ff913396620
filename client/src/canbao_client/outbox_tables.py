"""The tables of the outbox (SQLite)."""

TABLES = """
-- Rows on their way: `sent` is when the register answered (seconds since 1970), `state` and `says` what.
CREATE TABLE IF NOT EXISTS rows (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, fact TEXT NOT NULL, sent REAL, state TEXT, says TEXT
);
CREATE INDEX IF NOT EXISTS unsent ON rows (seq) WHERE sent IS NULL;
CREATE INDEX IF NOT EXISTS refused ON rows (seq) WHERE state IN ('refused', 'aside');
-- The next number; `agreed` as soon as numbers have been shown to somebody outside, and so are fixed.
CREATE TABLE IF NOT EXISTS numbers (next INTEGER NOT NULL, agreed INTEGER NOT NULL);
INSERT INTO numbers SELECT 1, 0 WHERE NOT EXISTS (SELECT 1 FROM numbers);
-- Numbers that the register lacks and the outbox has no more: the next rows take them.
CREATE TABLE IF NOT EXISTS free (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);
-- How far each query has been read, and the rows that the next reading will see again.
CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, mark NOT NULL);
CREATE TABLE IF NOT EXISTS recent (name TEXT, id TEXT, mark NOT NULL, PRIMARY KEY (name, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS recent_mark ON recent (name, mark);
-- Rows of the business system that can't be told, and why.
CREATE TABLE IF NOT EXISTS left_out (name TEXT, keys TEXT, reason TEXT NOT NULL, PRIMARY KEY (name, keys));
"""
