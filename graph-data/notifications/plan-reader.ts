import type { ChannelKind } from '../../engine/index.ts';
import type { Database } from '../database/index.ts';
import { dayMs } from '../interactions/index.ts';
import { type Channel, type ChannelRow, channelOf } from './channel.ts';
import { type Root, notificationFile } from './notification-file.ts';

/** A person to plan for, by one of their channels. */
interface PlannedPerson {
  readonly user: string;
  /** The smallest id of their channels that may be used: each person comes once. */
  readonly channelId: string;
}

/** A notification that was sent, may have been, or waits. */
export interface PersonSend {
  readonly id: string;
  readonly channel: ChannelKind;
  readonly pins: readonly string[];
  /** When sending it began, or will begin at the earliest. */
  readonly time: number;
  /** What its text said; undefined if it came from elsewhere. */
  readonly template: string | undefined;
}

/** A sent notification to learn from. */
interface SentRow {
  readonly id: string;
  readonly sentAt: number;
  /** As JSON. */
  readonly journal: string;
  /** Whether it is the last one before the person withdrew their consent, within {@link leaveDays}. */
  readonly hasLeft: boolean;
}

/** Days after a notification in which withdrawing consent counts as its doing. */
const leaveDays = 7;

const usable = 'consent = 1 AND unreachableAt IS NULL';

/**
 * Reads people who may be notified and their notifications, on one connection. Every read sees all earlier
 * commits.
 */
export class PlanReader {
  readonly #database: Database;
  readonly #selectFrom;
  readonly #selectUntil;
  readonly #selectChannels;
  readonly #selectSends;
  readonly #selectSent;

  constructor(folder: Root) {
    this.#database = notificationFile.openToRead(folder);
    const people = (where: string) =>
      this.#database.prepare<[string, string, number], PlannedPerson>(
        `SELECT user, channelId FROM channels AS own WHERE ${where} AND ${usable} AND NOT EXISTS (
           SELECT 1 FROM channels AS other WHERE other.user = own.user AND other.channelId < own.channelId AND ${usable}
         ) ORDER BY channelId LIMIT ?`,
      );
    this.#selectFrom = people('channelId > ? AND channelId >= ?');
    this.#selectUntil = people('channelId > ? AND channelId < ?');
    this.#selectChannels = this.#database.prepare<[string], ChannelRow>(
      `SELECT * FROM channels WHERE user = ? AND ${usable}`,
    );
    this.#selectSends = this.#database.prepare<[string, number], [string, ChannelKind, string, number, string | null]>(
      `SELECT id, channel, pins, coalesce(claimedAt, notBefore), journal ->> '$.template.template' FROM outbox
       WHERE user = ? AND createdAt >= ? AND (claimedAt IS NOT NULL OR state IN ('pending', 'held')) ORDER BY 4, id`,
    ).raw(); // prettier-ignore
    this.#selectSent = this.#database.prepare<
      [string, number, number],
      Omit<SentRow, 'hasLeft'> & { hasLeft: number }
    >(
      `SELECT id, sentAt, journal, EXISTS (
         SELECT 1 FROM channels AS own WHERE own.user = outbox.user AND own.kind = outbox.channel AND consent = 0
           AND consentAt BETWEEN sentAt AND sentAt + ${leaveDays * dayMs} AND NOT EXISTS (
             SELECT 1 FROM outbox AS later WHERE later.user = outbox.user AND later.channel = outbox.channel
               AND later.state = 'sent' AND later.sentAt > outbox.sentAt AND later.sentAt <= consentAt
           )
       ) AS hasLeft FROM outbox WHERE campaign = ? AND state = 'sent' AND sentAt >= ? AND sentAt < ? ORDER BY sentAt, id`,
    );
  }

  /** People with a channel that may be used. O(channels). */
  count(): number {
    const sql = `SELECT count(DISTINCT user) FROM channels WHERE ${usable}`;
    return this.#database.prepare<[], number>(sql).pluck().get()!;
  }

  /** Their keys with the time zone of a channel, streamed. O(channels). */
  zones(): IterableIterator<{ readonly user: string; readonly timeZone: string }> {
    return this.#database
      .prepare<[], { user: string; timeZone: string }>(
        `SELECT user, min(timeZone) AS timeZone FROM channels WHERE ${usable} GROUP BY user`,
      )
      .iterate();
  }

  /**
   * People in the order of {@link PlanRun}: channel ids are random, so it says nothing of a person. `after`: the position. At most
   * `limit`; none at the end. O(limit).
   */
  people(start: string, after: string | undefined, limit: number): PlannedPerson[] {
    const isWrapped = after !== undefined && after < start;
    const first = isWrapped ? [] : this.#selectFrom.all(after ?? '', start, limit);
    if (first.length === limit) return first;
    return [...first, ...this.#selectUntil.all(isWrapped ? after : '', start, limit - first.length)];
  }

  /** The channels of a person that may be used. */
  channelsOf(user: string): Channel[] {
    return this.#selectChannels.all(user).map(channelOf);
  }

  /** A person's sent and due notifications since a time, by time. */
  sendsOf(user: string, since: number): PersonSend[] {
    return this.#selectSends
      .all(user, since)
      .map(([id, channel, pins, time, template]) => ({ id, channel, pins: JSON.parse(pins) as string[], time, template: template ?? undefined })); // prettier-ignore
  }

  /** What a campaign sent between two times, in that order, streamed. O(these). */
  *sent(campaign: string, from: number, until: number): Generator<SentRow> {
    for (const row of this.#selectSent.iterate(campaign, from, until)) yield { ...row, hasLeft: row.hasLeft === 1 }; // prettier-ignore
  }

  close(): void {
    this.#database.close();
  }
}
