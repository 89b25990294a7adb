import { randomBytes } from 'node:crypto';
import { type ChannelKind, channelKinds } from '../../engine/notify/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { type Database, SideWriter, Store } from '../database/index.ts';
import { type Channel, type ChannelRow, type ChannelSettings, channelOf, rowOf } from './channel.ts';
import { hasNotifications, notificationFile } from './notification-file.ts';
import { eraseFromSentFile } from './sent-file.ts';
import { type Notification, type Proposal, webLink } from './notification.ts';
import { Outbox } from './outbox.ts';
import { type PlanRun, putPlan } from './plan-run.ts';
import type { Claimed, ClaimedPin, Outcome, ProposalResult, Release } from './outbox-types.ts';
import type { Suppression } from './suppressions.ts';

/** Rows that were erased with a person. */
export interface ErasedNotifications {
  readonly channels: number;
  readonly notifications: number;
}

/**
 * The writing connection to a data folder's channels and notifications. Nothing is opened or created before the first channel.
 * Several processes may write: each method is one transaction, durable when it returns. Throws `notifications-damaged`,
 * `data-folder-in-use` and `data-folder-unusable`.
 */
export class NotificationStore {
  readonly #folder: DataFolder;
  readonly #writer: SideWriter<Outbox>;
  /** Of the graph: which pins exist. Opened when the first notification of a pin is due. */
  #graph: Store | undefined;

  /** `busyMs`: how long a statement waits for the write of another process. */
  constructor(folder: DataFolder, busyMs: number) {
    this.#folder = folder;
    this.#writer = new SideWriter(notificationFile, folder, busyMs, (database) => new Outbox(database));
  }

  /**
   * Replaces all channels of a person and removes those not listed. Cancels notifications that wait for a channel without consent.
   */
  putChannels(user: string, channels: readonly ChannelSettings[], now: number): void {
    if (channels.length === 0 && !hasNotifications(this.#folder)) return;
    this.#writer.transact((_outbox, database) => {
      const before = new Map(channelRows(database, user).map((row) => [row.kind, row]));
      database.prepare('DELETE FROM channels WHERE user = ?').run(user);
      for (const settings of channels) {
        const stored = before.get(settings.kind);
        const { channelId = newChannelId(), unreachableAt } = stored ?? {};
        const isSame = stored?.address === settings.address;
        const isOld = stored !== undefined && settings.consent === (stored.consent === 1);
        insertChannel(database, {
          ...settings,
          user,
          channelId,
          consentAt: settings.consentAt ?? (isOld ? stored.consentAt : now),
          unreachableAt: (isSame && unreachableAt) || undefined,
        });
      }
      const agreed = channels.filter(({ consent }) => consent).map(({ kind }) => kind);
      cancelWaiting(database, user, agreed);
    });
  }

  /**
   * Withdraws the consent of a channel by its id; what waits for it is cancelled. Undefined if there is no such channel; doing so twice
   * changes nothing more.
   */
  unsubscribe(channelId: string, now: number): Channel | undefined {
    return this.#writer.ifOpen((_outbox, database) => {
      const row = database
        .prepare<[string], ChannelRow>('SELECT * FROM channels WHERE channelId = ?')
        .get(channelId);
      if (row === undefined) return undefined;
      if (row.consent === 0) return channelOf(row);
      const changed = { ...row, consent: 0, consentAt: now };
      database
        .prepare('UPDATE channels SET consent = 0, consentAt = ? WHERE channelId = ?')
        .run(now, channelId);
      const others = channelRows(database, row.user).filter(({ consent }) => consent === 1);
      cancelWaiting(
        database,
        row.user,
        others.map(({ kind }) => kind),
      );
      return channelOf(changed);
    });
  }

  /** {@link Outbox.propose}; all of it or, if it throws, nothing. */
  propose(proposals: readonly Proposal[], now: number): ProposalResult[] {
    const results = this.#writer.ifOpen((outbox) => outbox.propose(proposals, now));
    return results ?? proposals.map(() => 'unreachable');
  }

  /**
   * Moves a plan on from `before`, the run as last read, with the proposals of this step: all of it or nothing. Undefined, and nothing is
   * stored, if another process plans too, or nobody has a channel.
   */
  advancePlan(
    before: PlanRun | undefined,
    run: PlanRun,
    proposals: readonly Proposal[],
  ): ProposalResult[] | undefined {
    return this.#writer.ifOpen((outbox, database) =>
      putPlan(database, before, run) ? outbox.propose(proposals, run.at) : undefined,
    );
  }

  /** Deletes up to `limit` decisions against sending, which have no pins, that a campaign made before a time. Returns their number. */
  dropHeldBack(campaign: string, time: number, limit: number): number {
    const sql = `DELETE FROM outbox WHERE id IN (
      SELECT id FROM outbox INDEXED BY outbox_created
      WHERE createdAt < ? AND campaign = ? AND state = 'cancelled' AND pins = '[]' LIMIT ?)`;
    return (
      this.#writer.ifOpen((_outbox, database) => database.prepare(sql).run(time, campaign, limit).changes) ??
      0
    );
  }

  /** {@link Outbox.claim}. */
  claim(
    now: number,
    leaseMs: number,
    limit: number,
    kinds: readonly ChannelKind[] = channelKinds,
  ): Claimed[] {
    const live = (pins: readonly string[]): ClaimedPin[] => this.#livePins(pins);
    return this.#writer.ifOpen((outbox) => outbox.claim(now, leaseMs, limit, kinds, live)) ?? [];
  }

  /** {@link Outbox.heldDue}. */
  heldDue(now: number, limit: number): Notification[] {
    return this.#writer.ifOpen((outbox) => outbox.heldDue(now, limit)) ?? [];
  }

  /** {@link Outbox.release}. */
  release(id: string, release: Release): boolean {
    return this.#writer.ifOpen((outbox) => outbox.release(id, release)) ?? false;
  }

  /** {@link Outbox.settle}; marks the channel as unreachable if its address is gone. */
  settle(id: string, transactionId: string, outcome: Outcome, now: number): boolean {
    const isSettled = this.#writer.ifOpen((outbox, database) => {
      const isOwn = outbox.settle(id, transactionId, outcome, now);
      if (isOwn && outcome.kind === 'failed' && outcome.isGone === true) {
        database
          .prepare(
            'UPDATE channels SET unreachableAt = ? WHERE (user, kind) = (SELECT user, channel FROM outbox WHERE id = ?)',
          )
          .run(now, id);
      }
      return isOwn;
    });
    return isSettled ?? false;
  }

  /** Marks notifications of a person's inbox as read: these, or all. Returns the ids of those that were unread. */
  markRead(user: string, ids: readonly string[] | undefined, now: number): string[] {
    const sql = `UPDATE outbox SET readAt = ? WHERE user = ? AND channel = 'inbox' AND state = 'sent' AND readAt IS NULL`;
    const read = this.#writer.ifOpen((_outbox, database) => {
      if (ids === undefined)
        return database.prepare<[number, string], string>(`${sql} RETURNING id`).pluck().all(now, user);
      const one = database
        .prepare<[number, string, string], string>(`${sql} AND id = ? RETURNING id`)
        .pluck();
      return ids.flatMap((id) => one.all(now, user, id));
    });
    return read ?? [];
  }

  /** Deletes everything of a person, and every copy of it in the file. O(file) if there is any. */
  erase(user: string): ErasedNotifications {
    eraseFromSentFile(this.#folder, user);
    const erased = this.#writer.ifOpen((_outbox, database) => ({
      channels: database.prepare('DELETE FROM channels WHERE user = ?').run(user).changes,
      notifications: database.prepare('DELETE FROM outbox WHERE user = ?').run(user).changes,
    }));
    if (erased === undefined) return { channels: 0, notifications: 0 };
    if (erased.channels + erased.notifications > 0) this.#writer.rewrite();
    return erased;
  }

  /** Deletes up to `limit` notifications that are final and were proposed before a time. Returns their number. */
  dropBefore(time: number, limit: number): number {
    const sql = `DELETE FROM outbox WHERE id IN (
      SELECT id FROM outbox INDEXED BY outbox_created
      WHERE createdAt < ? AND state IN ('sent', 'dead', 'cancelled') LIMIT ?)`;
    return this.#writer.ifOpen((_outbox, database) => database.prepare(sql).run(time, limit).changes) ?? 0;
  }

  #livePins(pins: readonly string[]): ClaimedPin[] {
    if (pins.length === 0) return [];
    this.#graph ??= Store.open(this.#folder);
    const graph = this.#graph;
    return pins.flatMap((pin, i) => {
      const index = graph.indexOf('pins', pin);
      const row = index === undefined ? undefined : graph.nodeAt('pins', index);
      return row === undefined ? [] : [{ pin, place: i + 1, title: row.title ?? undefined, link: webLink(row.url) }];
    });
  } // prettier-ignore

  close(): void {
    this.#writer.close();
    this.#graph?.close();
    this.#graph = undefined;
  }
}

function newChannelId(): string {
  return randomBytes(16).toString('base64url');
}

function channelRows(database: Database, user: string): ChannelRow[] {
  return database
    .prepare<[string], ChannelRow>('SELECT * FROM channels WHERE user = ? ORDER BY kind')
    .all(user);
}

function insertChannel(database: Database, channel: Channel): void {
  const row = rowOf(channel);
  const names = Object.keys(row);
  const sql = `INSERT INTO channels (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`;
  database.prepare(sql).run(row);
}

/** Cancels pending notifications for channels of a person, except channels that they agreed to. */
function cancelWaiting(database: Database, user: string, agreed: readonly ChannelKind[]): void {
  database
    .prepare<[string, string]>(
      `UPDATE outbox SET state = 'cancelled', suppressedBy = '${'no-consent' satisfies Suppression}'
       WHERE user = ? AND state IN ('pending', 'held') AND channel NOT IN (SELECT value FROM json_each(?))`,
    )
    .run(user, JSON.stringify(agreed));
}
