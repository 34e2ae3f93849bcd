-- +goose Up
CREATE TABLE groups (name TEXT PRIMARY KEY, key_hash TEXT NOT NULL UNIQUE);
CREATE TABLE campaigns (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, type TEXT NOT NULL, user_interface INTEGER NOT NULL, created TEXT NOT NULL
);
CREATE TABLE people (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL, email_key TEXT UNIQUE, email_status TEXT NOT NULL,
    phone TEXT UNIQUE, phone_status TEXT NOT NULL,
    data TEXT NOT NULL, created TEXT NOT NULL, modified TEXT NOT NULL
);
CREATE TABLE outreaches (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, campaign TEXT NOT NULL REFERENCES campaigns (id),
    person TEXT NOT NULL REFERENCES people (id), data TEXT NOT NULL, created TEXT NOT NULL, modified TEXT NOT NULL
);
CREATE INDEX outreaches_campaign ON outreaches (campaign, seq);
CREATE TABLE identifiers (identifier TEXT PRIMARY KEY, outreach TEXT NOT NULL);
CREATE TABLE tags (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, created TEXT NOT NULL);
CREATE TABLE taggings (tag TEXT NOT NULL, person TEXT NOT NULL, PRIMARY KEY (tag, person)) WITHOUT ROWID;
