import { randomBytes } from 'node:crypto';
import { type ChannelKind, ZoneHours } from '../../engine/notify/index.ts';
import { nextUnit, randomStream } from '../../engine/random/index.ts';
import type { Database } from '../database/index.ts';
import { type ChannelRow, channelOf } from './channel.ts';
import {
  type Copy,
  type Notification,
  type NotificationRow,
  type Proposal,
  assertProposal,
  notificationId,
  notificationOf,
} from './notification.ts';
import type { Claimed, ClaimedPin, Outcome, ProposalResult, Release } from './outbox-types.ts';
import { SendCheck, type SendDecision } from './send-check.ts';
import type { Suppression } from './suppressions.ts';

/** Attempts of one notification. */
const attemptsMax = 6;
/** Before the second attempt; each further one waits twice as long, up to the last. */
const [retryMs, retryMsMax] = [60_000, 6 * 3_600_000] as const;
/** Due notifications that one claim looks at: it is one transaction. */
const examinedMax = 500;

function dueSql(state: 'pending' | 'held', more = ''): string {
  return `SELECT * FROM outbox INDEXED BY outbox_${state} WHERE state = '${state}' AND notBefore <= ? ${more}
    ORDER BY notBefore, id LIMIT ?`;
}

/** The statements of the outbox, on one connection. Each is to run within a transaction of the caller. */
export class Outbox {
  readonly #check: SendCheck;
  readonly #selectChannel;
  readonly #insert;
  readonly #selectDue;
  readonly #selectHeld;
  readonly #select;
  readonly #loseExpiredLeases;
  readonly #cancelExpired;
  readonly #claim;
  readonly #update;

  constructor(database: Database) {
    this.#check = new SendCheck(database, new ZoneHours());
    this.#selectChannel = database.prepare<[string, string], ChannelRow>(
      'SELECT * FROM channels WHERE user = ? AND kind = ?',
    );
    this.#insert = database.prepare(
      `INSERT INTO outbox (id, user, channel, campaign, window, pins, title, text, link, image, language, state, notBefore, expires,
         createdAt, attempts, suppressedBy, journal)
       VALUES (@id, @user, @channel, @campaign, @window, @pins, @title, @text, @link, @image, @language, @state, @notBefore, @expires,
         @createdAt, 0, @suppressedBy, @journal) ON CONFLICT DO NOTHING`,
    );
    this.#selectDue = database.prepare<[number, string, number], NotificationRow>(
      dueSql('pending', 'AND channel IN (SELECT value FROM json_each(?))'),
    );
    this.#selectHeld = database.prepare<[number, number], NotificationRow>(dueSql('held'));
    this.#select = database.prepare<[string], NotificationRow>('SELECT * FROM outbox WHERE id = ?');
    this.#loseExpiredLeases = database.prepare<[number]>(
      `UPDATE outbox SET state = 'dead', failure = 'lost: its sender ended before it could say whether it was sent'
       WHERE state = 'claimed' AND leaseUntil <= ?`,
    );
    this.#cancelExpired = (['pending', 'held'] as const).map((state) =>
      database.prepare<[number, number]>(
        `UPDATE outbox INDEXED BY outbox_${state} SET state = 'cancelled', suppressedBy = coalesce(suppressedBy, '${'expired' satisfies Suppression}')
         WHERE state = '${state}' AND notBefore <= ? AND expires <= ?`,
      ),
    );
    this.#claim = database.prepare<[number, string, number, string]>(
      `UPDATE outbox SET state = 'claimed', attempts = attempts + 1, leaseUntil = ?, transactionId = ?, claimedAt = ?,
         suppressedBy = NULL WHERE id = ?`,
    );
    this.#update = database.prepare(
      `UPDATE outbox SET state = @state, notBefore = @notBefore, expires = @expires, suppressedBy = @suppressedBy,
         failure = @failure, claimedAt = @claimedAt, sentAt = @sentAt, pins = @pins, title = @title, text = @text, link = @link,
         image = @image, language = @language, journal = @journal WHERE id = @id`,
    );
  }

  /** Stores new proposals, for people who agreed to be notified on this channel. About 20 µs each. Throws `notification-invalid`. */
  propose(proposals: readonly Proposal[], now: number): ProposalResult[] {
    for (const proposal of proposals) assertProposal(proposal, now);
    return proposals.map((proposal) => {
      const { user, channel, campaign, window, pins, copy, expires, journal = {}, suppressedBy } = proposal;
      const row = this.#selectChannel.get(user, channel);
      if (row === undefined || row.consent === 0 || row.unreachableAt !== null) return 'unreachable';
      const waiting = proposal.isHeld === true ? 'held' : 'pending';
      const { changes } = this.#insert.run({
        user,
        channel,
        campaign,
        window,
        expires,
        id: notificationId(user, campaign, window),
        pins: JSON.stringify(pins),
        ...columnsOf(copy),
        state: suppressedBy === undefined ? waiting : 'cancelled',
        notBefore: proposal.notBefore ?? now,
        createdAt: now,
        suppressedBy: suppressedBy ?? null,
        journal: JSON.stringify(journal),
      });
      return changes > 0 ? 'added' : 'present';
    });
  }

  /**
   * Claims due notifications of some kinds of channels, at most `limit`, after reading again everything that
   * may have changed since they were proposed. The claimer sends each before `now + leaseMs` and settles it.
   * One whose lease ran out is dead: it may or may not have been sent.
   */
  claim(
    now: number,
    leaseMs: number,
    limit: number,
    kinds: readonly ChannelKind[],
    livePins: (pins: readonly string[]) => ClaimedPin[],
  ): Claimed[] {
    const leaseUntil = now + leaseMs;
    this.#loseExpiredLeases.run(now);
    for (const cancel of this.#cancelExpired) cancel.run(now, now);
    const claimed: Claimed[] = [];
    for (const row of this.#selectDue.all(now, JSON.stringify(kinds), examinedMax)) {
      if (claimed.length === limit) break;
      const channelRow = this.#selectChannel.get(row.user, row.channel);
      const channel = channelRow && channelOf(channelRow);
      const notification = notificationOf(row);
      const live = livePins(notification.pins);
      const isFirstGone = notification.pins.length > 0 && live[0]?.place !== 1;
      const decision = this.#check.decide(row, channel, isFirstGone, now, leaseUntil);
      if (decision.kind !== 'send') this.#put(row, changesOf(decision));
      else {
        const transactionId = randomBytes(32).toString('hex');
        this.#claim.run(leaseUntil, transactionId, now, row.id);
        const pins = live.map(({ pin }) => pin);
        claimed.push({ ...notification, pins, live, channelSettings: channel!, transactionId });
      }
    }
    return claimed;
  }

  /** Held notifications whose time has come. */
  heldDue(now: number, limit: number): Notification[] {
    return this.#selectHeld.all(now, limit).map(notificationOf);
  }

  /** Releases a held notification: as it is, as scored again, or never. False if it is not held. */
  release(id: string, release: Release): boolean {
    const row = this.#select.get(id);
    if (row?.state !== 'held') return false;
    const { suppressedBy = null, copy, pins, journal, notBefore = row.notBefore } = release;
    const waiting = release.isHeld === true ? 'held' : 'pending';
    this.#put(row, {
      ...(copy && columnsOf(copy)),
      ...(pins && { pins: JSON.stringify(pins) }),
      ...(journal && { journal: JSON.stringify(journal) }),
      notBefore,
      state: suppressedBy === null ? waiting : 'cancelled',
      suppressedBy,
    });
    return true;
  }

  /**
   * Records the outcome of an attempt. False if the notification is gone or this attempt is over: only the
   * transaction of the last claim counts.
   */
  settle(id: string, transactionId: string, outcome: Outcome, now: number): boolean {
    const row = this.#select.get(id);
    // A lease may have run out while its holder was still sending: its late report counts.
    if (row?.transactionId !== transactionId || (row.state !== 'claimed' && row.state !== 'dead'))
      return false;
    if (outcome.kind === 'sent') this.#put(row, { state: 'sent', sentAt: now, failure: null });
    else if (outcome.kind === 'unknown') this.#put(row, { state: 'dead', failure: outcome.failure });
    else {
      const notBefore = now + Math.max(backoffMs(row), outcome.kind === 'retry' ? (outcome.afterMs ?? 0) : 0);
      const isLast = outcome.kind === 'failed' || row.attempts >= attemptsMax || notBefore >= row.expires;
      // It has not reached anybody: caps do not count it.
      const state = isLast ? 'dead' : 'pending';
      this.#put(row, { state, claimedAt: null, failure: outcome.failure, ...(!isLast && { notBefore }) });
    }
    return true;
  }

  #put(row: NotificationRow, changes: Partial<NotificationRow>): void {
    this.#update.run({ ...row, ...changes });
  }
}

function columnsOf(copy: Copy): Pick<NotificationRow, keyof Copy> {
  return { ...copy, link: copy.link ?? null, image: copy.image ?? null };
}

function changesOf(decision: Exclude<SendDecision, { kind: 'send' }>): Partial<NotificationRow> {
  const { suppressedBy } = decision;
  return decision.kind === 'cancel'
    ? { state: 'cancelled', suppressedBy }
    : { state: 'held', notBefore: decision.until, suppressedBy };
}

/**
 * Exponential; half of the delay is drawn from the notification and its attempt, so that notifications that
 * failed together are retried apart.
 */
function backoffMs({ id, attempts }: NotificationRow): number {
  const longest = Math.min(retryMsMax, retryMs * 2 ** (attempts - 1));
  const seed = Buffer.from(id, 'base64url').readUInt32LE();
  return Math.round(longest * (0.5 + 0.5 * nextUnit(randomStream(seed, attempts))));
}
