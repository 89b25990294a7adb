/**
 * Migrations, forward only: entry `n` brings a database from `user_version` n to n + 1.
 *
 * `id` of users, boards and pins is their dense index in every graph built from this database: given once,
 * from 0, and not to be used again. `key` is the application's own string, opaque.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    attributes TEXT
  ) STRICT;
  CREATE UNIQUE INDEX users_by_key ON users (key);

  CREATE TABLE boards (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    owner INTEGER NOT NULL REFERENCES users (id),
    title TEXT,
    attributes TEXT
  ) STRICT;
  CREATE UNIQUE INDEX boards_by_key ON boards (key);
  CREATE INDEX boards_by_owner ON boards (owner);

  CREATE TABLE pins (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    title TEXT,
    text TEXT,
    url TEXT,
    imageUrl TEXT,
    attributes TEXT,
    createdAt INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX pins_by_key ON pins (key);

  -- savedAt and createdAt: milliseconds since 1970, UTC.
  CREATE TABLE saves (
    board INTEGER NOT NULL REFERENCES boards (id),
    pin INTEGER NOT NULL REFERENCES pins (id),
    savedAt INTEGER,
    weight REAL,
    PRIMARY KEY (board, pin)
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX saves_by_pin ON saves (pin);

  -- position counts the users, boards, pins and saves that were ever added: a snapshot says how far it reads.
  CREATE TABLE source (
    position INTEGER NOT NULL
  ) STRICT;
  INSERT INTO source VALUES (0);
  `,
  `
  -- API keys: only a hash of the secret part. Rows stay after a key is revoked. Times in milliseconds since 1970.
  CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    name TEXT,
    scope TEXT NOT NULL CHECK (scope IN ('read', 'write', 'admin')),
    hash BLOB NOT NULL,
    createdAt INTEGER NOT NULL,
    revokedAt INTEGER
  ) WITHOUT ROWID, STRICT;
  `,
  `
  -- The text of pins, to search in. It holds no text of its own but words and where they are: the triggers tell it of
  -- every change (INSERT OR REPLACE would go past them). Prefixes of two and three letters are
  -- kept as words are: each is one list.
  CREATE VIRTUAL TABLE pins_text USING fts5 (
    key, title, text,
    content = 'pins', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
  );
  INSERT INTO pins_text (pins_text) VALUES ('rebuild');

  CREATE TRIGGER pins_text_insert AFTER INSERT ON pins BEGIN
    INSERT INTO pins_text (rowid, key, title, text) VALUES (new.id, new.key, new.title, new.text);
  END;
  CREATE TRIGGER pins_text_delete AFTER DELETE ON pins BEGIN
    INSERT INTO pins_text (pins_text, rowid, key, title, text)
    VALUES ('delete', old.id, old.key, old.title, old.text);
  END;
  CREATE TRIGGER pins_text_update AFTER UPDATE OF id, key, title, text ON pins BEGIN
    INSERT INTO pins_text (pins_text, rowid, key, title, text)
    VALUES ('delete', old.id, old.key, old.title, old.text);
    INSERT INTO pins_text (rowid, key, title, text) VALUES (new.id, new.key, new.title, new.text);
  END;

  CREATE INDEX pins_by_title ON pins (title COLLATE NOCASE) WHERE title IS NOT NULL;
  CREATE INDEX boards_by_title ON boards (title COLLATE NOCASE) WHERE title IS NOT NULL;
  `,
  `
  -- What the next user, board and pin are numbered: more than any there ever was, so that no number is given twice.
  ALTER TABLE source ADD COLUMN nextUser INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE source ADD COLUMN nextBoard INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE source ADD COLUMN nextPin INTEGER NOT NULL DEFAULT 0;
  -- The position from which on every change is among the events.
  ALTER TABLE source ADD COLUMN eventsFrom INTEGER NOT NULL DEFAULT 0;
  UPDATE source SET
    nextUser = (SELECT coalesce(max(id) + 1, 0) FROM users),
    nextBoard = (SELECT coalesce(max(id) + 1, 0) FROM boards),
    nextPin = (SELECT coalesce(max(id) + 1, 0) FROM pins),
    eventsFrom = position;

  -- Changes of the graph, each with the position of the source after it. What a and b are: see events.ts.
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN (
      'user', 'board', 'pin', 'save', 'user-gone', 'board-gone', 'pin-gone', 'save-gone', 'bulk'
    )),
    a INTEGER NOT NULL,
    b INTEGER NOT NULL
  ) STRICT;

  -- Answers to writes that came with an Idempotency-Key. Of key and request only hashes. Time in milliseconds since 1970.
  CREATE TABLE answers (
    key BLOB PRIMARY KEY,
    request BLOB NOT NULL,
    answer TEXT NOT NULL,
    storedAt INTEGER NOT NULL
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX answers_by_time ON answers (storedAt);
  `,
  `
  -- People who were erased, by the number that they had, while copies of their rows may still be in free space of this
  -- file, in its log, or in snapshots. Time in milliseconds since 1970.
  CREATE TABLE erasures (
    user INTEGER PRIMARY KEY,
    erasedAt INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- For what is popular within a window of time.
  CREATE INDEX saves_by_time ON saves (savedAt) WHERE savedAt IS NOT NULL;
  `,
];
