/**
 * Migrations of the history, oldest first; `user_version` of a file counts those that it has had. A released step never
 * changes. Texts are UTF-8 in a BLOB: the driver cuts TEXT at a NUL when it reads (D5).
 */
export const HISTORY_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE message (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    conversation TEXT NOT NULL,
    incoming INTEGER NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT,
    text BLOB NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempted INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    recipients INTEGER,
    some_blocked INTEGER
  );
  CREATE UNIQUE INDEX message_once ON message (incoming, sender, id);
  CREATE INDEX message_in_conversation ON message (conversation, position);
  CREATE INDEX message_waiting ON message (position) WHERE state = 'queued';
  CREATE TABLE conversation (
    id TEXT PRIMARY KEY,
    username TEXT,
    last_position INTEGER NOT NULL,
    read_through INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  `,
  // Messages of private sessions that both sides asked to save (F7).
  'ALTER TABLE message ADD COLUMN aside INTEGER NOT NULL DEFAULT 0;',
  // Store unread counts, so that opening a history does not count messages.
  `
  ALTER TABLE conversation ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;
  UPDATE conversation SET unread = (
    SELECT count(*) FROM message
    WHERE conversation = conversation.id AND incoming = 1 AND position > conversation.read_through
  );
  `,
  // Full-text index for parts of words (G2). Texts are folded before they are added, and are not stored a second time.
  `
  CREATE VIRTUAL TABLE find USING fts5 (
    conversation, text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
  );
  CREATE TABLE find_state (filled INTEGER NOT NULL);
  INSERT INTO find_state VALUES (0);
  `,
  // The folding of texts has changed, so the index is filled again.
  `
  DROP TABLE find;
  CREATE VIRTUAL TABLE find USING fts5 (
    conversation, text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
  );
  UPDATE find_state SET filled = 0;
  `,
];
