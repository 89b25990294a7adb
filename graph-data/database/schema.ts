/** Names that {@link collectPinFields} and the triggers keep: a full table proves nothing about further names. */
export const pinFieldsMax = 1_000;

/** Reads the names of all attributes, for a database whose triggers were off. O(pins). */
export const collectPinFields: string = `
  INSERT OR IGNORE INTO pin_fields (name)
  SELECT DISTINCT each.key FROM pins, json_each(pins.attributes) AS each
  WHERE pins.attributes IS NOT NULL LIMIT ${pinFieldsMax}`;

const addPinFields = `
    INSERT INTO pin_fields (name) SELECT key FROM json_each(new.attributes)
    WHERE key NOT IN (SELECT name FROM pin_fields) AND (SELECT count(*) FROM pin_fields) < ${pinFieldsMax}
    LIMIT ${pinFieldsMax};`;

/**
 * Migrations, forward only: entry `n` upgrades a database from `user_version` n to n + 1.
 *
 * The `id` of a user, board or pin is its dense index in every graph built from this database: assigned once, from 0,
 * and never reused. `key` is the application's own opaque string. All times are milliseconds since 1970, UTC.
 *
 * The tables `events` (the change log) and `answers` (idempotency receipts) keep their first names: renaming them would
 * cost a migration that older versions could not read.
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

  CREATE TABLE saves (
    board INTEGER NOT NULL REFERENCES boards (id),
    pin INTEGER NOT NULL REFERENCES pins (id),
    savedAt INTEGER,
    weight REAL,
    PRIMARY KEY (board, pin)
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX saves_by_pin ON saves (pin);

  -- position: number of users, boards, pins and saves ever added or removed. A snapshot stores the position it covers.
  CREATE TABLE source (
    position INTEGER NOT NULL
  ) STRICT;
  INSERT INTO source VALUES (0);
  `,
  `
  -- API keys, each with a hash of its secret part only. Rows remain after a key is revoked.
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
  -- Full-text index of pins. It stores words and their positions, not the text. The triggers keep it current; INSERT OR
  -- REPLACE would bypass them. Prefixes of two and three letters are indexed like words, one list each.
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
  -- Ids of the next user, board and pin: larger than any id ever assigned, so that none is reused.
  ALTER TABLE source ADD COLUMN nextUser INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE source ADD COLUMN nextBoard INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE source ADD COLUMN nextPin INTEGER NOT NULL DEFAULT 0;
  -- The change log is complete from this position on.
  ALTER TABLE source ADD COLUMN eventsFrom INTEGER NOT NULL DEFAULT 0;
  UPDATE source SET
    nextUser = (SELECT coalesce(max(id) + 1, 0) FROM users),
    nextBoard = (SELECT coalesce(max(id) + 1, 0) FROM boards),
    nextPin = (SELECT coalesce(max(id) + 1, 0) FROM pins),
    eventsFrom = position;

  -- The change log: each change with the source's position after it. change-log.ts defines a and b.
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN (
      'user', 'board', 'pin', 'save', 'user-gone', 'board-gone', 'pin-gone', 'save-gone', 'bulk'
    )),
    a INTEGER NOT NULL,
    b INTEGER NOT NULL
  ) STRICT;

  -- Receipts of writes with an Idempotency-Key. Key and request are stored as hashes.
  CREATE TABLE answers (
    key BLOB PRIMARY KEY,
    request BLOB NOT NULL,
    answer TEXT NOT NULL,
    storedAt INTEGER NOT NULL
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX answers_by_time ON answers (storedAt);
  `,
  `
  -- Ids of erased users while copies of their rows may remain in free pages of this file, in its write-ahead log or in
  -- snapshots.
  CREATE TABLE erasures (
    user INTEGER PRIMARY KEY,
    erasedAt INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- For popularity within a time window.
  CREATE INDEX saves_by_time ON saves (savedAt) WHERE savedAt IS NOT NULL;
  `,
  `
  -- A random id, which every snapshot of this database carries.
  ALTER TABLE source ADD COLUMN id TEXT NOT NULL DEFAULT '';
  UPDATE source SET id = lower(hex(randomblob(16)));
  -- Random, set on the last change of each commit: it distinguishes two histories that diverged from one backup.
  ALTER TABLE events ADD COLUMN mark TEXT;
  INSERT OR IGNORE INTO events (position, kind, a, b) SELECT position, 'bulk', 0, 0 FROM source WHERE position > 0;
  UPDATE events SET mark = lower(hex(randomblob(8))) WHERE position = (SELECT position FROM source);
  `,
  `
  -- Names of the attributes that any pin has or had: a filter on another field is a mistake.
  CREATE TABLE pin_fields (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;
  ${collectPinFields};

  CREATE TRIGGER pin_fields_insert AFTER INSERT ON pins WHEN new.attributes IS NOT NULL BEGIN ${addPinFields}
  END;
  CREATE TRIGGER pin_fields_update AFTER UPDATE OF attributes ON pins WHEN new.attributes IS NOT NULL BEGIN ${addPinFields}
  END;
  `,
  `
  -- Vectors of pins by name, each name with one model: vectors of two models cannot be compared.
  CREATE TABLE vector_names (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    model TEXT NOT NULL,
    dims INTEGER NOT NULL
  ) STRICT;
  -- One signed byte a dimension, the largest coordinate at 127.
  CREATE TABLE vectors (
    name INTEGER NOT NULL REFERENCES vector_names (id),
    pin INTEGER NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (name, pin)
  ) WITHOUT ROWID, STRICT;
  CREATE TRIGGER vectors_delete AFTER DELETE ON pins BEGIN
    DELETE FROM vectors WHERE pin = old.id AND name IN (SELECT id FROM vector_names);
  END;
  `,
  `
  -- A JSON array of the ids of interests that the person does not want to be used; null if there are none.
  ALTER TABLE users ADD COLUMN hiddenInterests TEXT;
  `,
  `
  -- The change log with more kinds, which ChangeLog checks, and with the keys that followers need of rows that are gone.
  CREATE TABLE changes (
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    a INTEGER NOT NULL,
    b INTEGER NOT NULL,
    mark TEXT,
    key TEXT
  ) STRICT;
  INSERT INTO changes (position, kind, a, b, mark) SELECT position, kind, a, b, mark FROM events;
  DROP TABLE events;
  ALTER TABLE changes RENAME TO events;
  `,
  `
  -- How far topics of records were read: next is the offset of the next record of a partition. topic: the id of the topic, which
  -- another one that later gets its name does not have.
  CREATE TABLE consumed (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    name TEXT NOT NULL,
    next INTEGER NOT NULL,
    PRIMARY KEY (topic, partition)
  ) WITHOUT ROWID, STRICT;
  `,
];
