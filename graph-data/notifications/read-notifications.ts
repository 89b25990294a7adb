import type { Database } from '../database/index.ts';
import { type Channel, type ChannelRow, channelOf } from './channel.ts';
import { type Notification, type NotificationRow, notificationOf } from './notification.ts';
import { type Root, inNotifications } from './notification-file.ts';

/** The channels of a person, by kind. Under a millisecond, as all that follows. */
export function readChannels(folder: Root, user: string): Channel[] {
  return inNotifications(folder, (database) => channelsOf(database, user)) ?? [];
}

function channelsOf(database: Database, user: string): Channel[] {
  const sql = 'SELECT * FROM channels WHERE user = ? ORDER BY kind';
  return database.prepare<[string], ChannelRow>(sql).all(user).map(channelOf);
}

/** A channel by its id; undefined if it is gone. */
export function readChannel(folder: Root, channelId: string): Channel | undefined {
  const sql = 'SELECT * FROM channels WHERE channelId = ?';
  const row = inNotifications(folder, (database) =>
    database.prepare<[string], ChannelRow>(sql).get(channelId),
  );
  return row && channelOf(row);
}

/** Where a page of the inbox ends. */
export interface InboxPosition {
  readonly sentAt: number;
  readonly id: string;
}

/** A page of a person's inbox, newest first. */
export function readInbox(
  folder: Root,
  user: string,
  limit: number,
  after: InboxPosition = { sentAt: Number.MAX_SAFE_INTEGER, id: '' },
): Notification[] {
  const read = inNotifications(folder, (database) =>
    database
      .prepare<[string, number, string, number], NotificationRow>(
        `SELECT * FROM outbox INDEXED BY outbox_used
         WHERE user = ? AND channel = 'inbox' AND claimedAt IS NOT NULL AND state = 'sent' AND (sentAt, id) < (?, ?)
         ORDER BY sentAt DESC, id DESC LIMIT ?`,
      )
      .all(user, after.sentAt, after.id, limit),
  );
  return (read ?? []).map(notificationOf);
}

/** How many notifications of a person's inbox are unread. */
export function countUnread(folder: Root, user: string): number {
  const sql = `SELECT count(*) FROM outbox INDEXED BY outbox_used WHERE user = ? AND channel = 'inbox' AND claimedAt IS NOT NULL
    AND state = 'sent' AND readAt IS NULL`;
  return (
    inNotifications(folder, (database) => database.prepare<[string], number>(sql).pluck().get(user)!) ?? 0
  );
}

/** A notification by its id; undefined if it is unknown, or was dropped. */
export function readNotification(folder: Root, id: string): Notification | undefined {
  const row = inNotifications(folder, (database) =>
    database.prepare<[string], NotificationRow>('SELECT * FROM outbox WHERE id = ?').get(id),
  );
  return row && notificationOf(row);
}

/** How many notifications wait, and when the first may go out; it is overdue if its channel has no sender. */
export function readWaiting(folder: Root): { readonly waiting: number; readonly nextAt: number | null } {
  const read = inNotifications(folder, (database) =>
    (['pending', 'held'] as const).map((state) =>
      database
        .prepare<[], { count: number; first: number | null }>(
          `SELECT count(*) AS count, min(notBefore) AS first FROM outbox INDEXED BY outbox_${state} WHERE state = '${state}'`,
        )
        .get()!,
    ),
  );
  const times = (read ?? []).flatMap(({ first }) => first ?? []);
  const waiting = (read ?? []).reduce((sum, { count }) => sum + count, 0);
  return { waiting, nextAt: times.length === 0 ? null : Math.min(...times) };
}

/** Everything that is stored of a person; undefined if nothing is. */
export function readPerson(
  folder: Root,
  user: string,
): { readonly channels: readonly Channel[]; readonly notifications: readonly Notification[] } | undefined {
  const person = inNotifications(folder, (database) => ({
    channels: channelsOf(database, user),
    notifications: database
      .prepare<[string], NotificationRow>('SELECT * FROM outbox WHERE user = ? ORDER BY createdAt, id')
      .all(user)
      .map(notificationOf),
  }));
  if (person === undefined || person.channels.length + person.notifications.length === 0) return undefined;
  return person;
}

/** What signs the links of this data folder's notifications; undefined before the first channel. */
export function readLinkSecret(folder: Root): Uint8Array | undefined {
  return inNotifications(folder, (database) =>
    database.prepare<[], Uint8Array>('SELECT links FROM secrets').pluck().get()!,
  );
}
