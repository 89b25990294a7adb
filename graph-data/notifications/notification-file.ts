import { randomBytes } from 'node:crypto';
import { type Database, type Root, SideFile } from '../database/index.ts';

export type { Root };

const schema = `
  CREATE TABLE channels (
    user TEXT NOT NULL,
    kind TEXT NOT NULL,
    channelId TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    consent INTEGER NOT NULL,
    consentAt INTEGER NOT NULL,
    timeZone TEXT NOT NULL,
    quietStart INTEGER,
    quietEnd INTEGER,
    perDay INTEGER,
    perWeek INTEGER,
    minGapMinutes INTEGER,
    language TEXT NOT NULL,
    unreachableAt INTEGER,
    PRIMARY KEY (user, kind)
  ) WITHOUT ROWID, STRICT;

  CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    channel TEXT NOT NULL,
    campaign TEXT NOT NULL,
    window TEXT NOT NULL,
    pins TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    link TEXT,
    image TEXT,
    language TEXT NOT NULL,
    state TEXT NOT NULL,
    notBefore INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    createdAt INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    leaseUntil INTEGER,
    transactionId TEXT,
    claimedAt INTEGER,
    sentAt INTEGER,
    readAt INTEGER,
    suppressedBy TEXT,
    failure TEXT,
    journal TEXT NOT NULL,
    UNIQUE (user, campaign, window)
  ) WITHOUT ROWID, STRICT;

  CREATE INDEX outbox_pending ON outbox (notBefore, id) WHERE state = 'pending';
  CREATE INDEX outbox_held ON outbox (notBefore, id) WHERE state = 'held';
  CREATE INDEX outbox_claimed ON outbox (leaseUntil) WHERE state = 'claimed';
  CREATE INDEX outbox_used ON outbox (user, channel, claimedAt) WHERE claimedAt IS NOT NULL;
  CREATE INDEX outbox_created ON outbox (createdAt);

  -- One row: what signs links. Its links are valid as long as this file is.
  CREATE TABLE secrets (links BLOB NOT NULL) STRICT;
`;

/** Channels and notifications: created with the first channel. */
export const notificationFile: SideFile = new SideFile({
  name: 'notifications.db',
  content: 'channels and notifications',
  // "pinN".
  applicationId: 0x70696e4e,
  schemaVersion: 1,
  schema,
  fill: (database) => database.prepare('INSERT INTO secrets VALUES (?)').run(randomBytes(32)),
  damagedCode: 'notifications-damaged',
  loss: 'forget who said no',
});

export function notificationsFile(folder: Root): string {
  return notificationFile.pathIn(folder);
}

/** Whether a person was ever given a channel. Without, nothing of notifications is opened. */
export function hasNotifications(folder: Root): boolean {
  return notificationFile.existsIn(folder);
}

/** Reads the file, and closes it again; undefined while there is none. Throws as {@link SideFile} does. */
export function inNotifications<Result>(
  folder: Root,
  read: (database: Database) => Result,
): Result | undefined {
  return notificationFile.read(folder, read);
}
