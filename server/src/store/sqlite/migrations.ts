/**
 * The schema, one step for each version of the format: step n brings a database from version n to n + 1. A released
 * step never changes; new steps are added. Texts of users are BLOBs of UTF-8, because the driver cuts TEXT at U+0000
 * when it reads (D5).
 */
export const SERVER_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE server (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id TEXT NOT NULL,
    last_alive INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    skeleton TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE blocks (
    owner INTEGER NOT NULL,
    blocked INTEGER NOT NULL,
    PRIMARY KEY (owner, blocked)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX blocks_by_blocked ON blocks (blocked);

  CREATE TABLE mail (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    recipient INTEGER NOT NULL,
    sender INTEGER NOT NULL,
    sender_name TEXT NOT NULL,
    id TEXT NOT NULL,
    text BLOB NOT NULL,
    at INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX mail_by_recipient ON mail (recipient, seq, bytes);

  CREATE TABLE receipts (
    sender INTEGER NOT NULL,
    id TEXT NOT NULL,
    fingerprint INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (sender, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX receipts_by_time ON receipts (at);

  CREATE TABLE token_families (
    id TEXT PRIMARY KEY,
    account INTEGER NOT NULL,
    device_id TEXT NOT NULL,
    current_hash BLOB NOT NULL,
    previous_hash BLOB,
    previous_until INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX token_families_by_account ON token_families (account);
  CREATE INDEX token_families_by_expiry ON token_families (expires_at);

  CREATE TABLE lockouts (
    key TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    locked_until INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE intervals (
    account INTEGER NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX intervals_by_account ON intervals (account, ended, started);
  CREATE INDEX intervals_by_end ON intervals (ended);

  CREATE TABLE invites (
    code_hash BLOB PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE settlements (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    sender INTEGER NOT NULL,
    recipient INTEGER NOT NULL,
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX settlements_by_sender ON settlements (sender, seq);
  CREATE INDEX settlements_by_time ON settlements (at);
  `,
];

/**
 * Value of `intervals.ended` of an open interval: later than every time, so that one index serves every query.
 */
export const STILL_OPEN = Number.MAX_SAFE_INTEGER;
