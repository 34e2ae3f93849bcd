-- +goose Up
CREATE TABLE submissions (
    id          TEXT PRIMARY KEY,
    form        TEXT NOT NULL,
    form_version INTEGER NOT NULL,
    digest      TEXT NOT NULL,
    accepted_at INTEGER NOT NULL -- milliseconds since 1970, as all times here
) WITHOUT ROWID;

CREATE TABLE deliveries (
    seq         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE, -- the outreach's identifier upstream
    submission  TEXT NOT NULL REFERENCES submissions (id),
    form        TEXT NOT NULL,
    source      TEXT NOT NULL,
    campaign    TEXT NOT NULL,
    outreach    TEXT NOT NULL,
    state       TEXT NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    lookups     INTEGER NOT NULL DEFAULT 0,
    fence       INTEGER NOT NULL DEFAULT 0,
    look_first  INTEGER NOT NULL DEFAULT 0,
    next_at     INTEGER NOT NULL, -- due; while sending: the end of the lease
    accepted_at INTEGER NOT NULL,
    upstream_id TEXT NOT NULL DEFAULT '',
    reason      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX deliveries_due ON deliveries (next_at, seq) WHERE state IN ('pending', 'sending', 'doubtful');
CREATE INDEX deliveries_books ON deliveries (form, source, state);

CREATE TABLE history (
    delivery TEXT NOT NULL,
    at       INTEGER NOT NULL,
    attempt  INTEGER NOT NULL,
    state    TEXT NOT NULL,
    reason   TEXT NOT NULL
);
CREATE INDEX history_delivery ON history (delivery);

CREATE TABLE counters (
    form     TEXT PRIMARY KEY,
    accepted INTEGER NOT NULL -- submissions
) WITHOUT ROWID;
