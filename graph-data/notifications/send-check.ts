import type { ZoneHours } from '../../engine/index.ts';
import type { Database } from '../database/index.ts';
import { dayMs } from '../interactions/index.ts';
import type { Channel } from './channel.ts';
import type { NotificationRow } from './notification.ts';
import type { Suppression } from './suppressions.ts';

/** What to do with a due notification: send it, never send it, or hold it until a later time. */
export type SendDecision =
  | { readonly kind: 'send' }
  | { readonly kind: 'cancel'; readonly suppressedBy: Suppression }
  | { readonly kind: 'hold'; readonly until: number; readonly suppressedBy: Suppression };

type Due = Pick<NotificationRow, 'user' | 'channel' | 'expires'>;

/** Checks inside the transaction that claims a notification, right before it is sent. */
export class SendCheck {
  readonly #hours: ZoneHours;
  readonly #selectUsed;

  constructor(database: Database, hours: ZoneHours) {
    this.#hours = hours;
    this.#selectUsed = database
      .prepare<[string, string, number, number], number>(
        `SELECT claimedAt FROM outbox INDEXED BY outbox_used
         WHERE user = ? AND channel = ? AND claimedAt > ? AND claimedAt IS NOT NULL ORDER BY claimedAt DESC LIMIT ?`,
      )
      .pluck();
  }

  /**
   * Consent first, then whether the first pin exists, then the hours, then the caps. It must not be quiet until `leaseUntil`, when
   * sending has ended. What would be held beyond its expiry is cancelled. O(notifications of the channel that its caps count).
   */
  decide(
    due: Due,
    channel: Channel | undefined,
    pinIsGone: boolean,
    now: number,
    leaseUntil: number,
  ): SendDecision {
    if (channel === undefined) return cancel('no-channel');
    if (!channel.consent) return cancel('no-consent');
    if (channel.unreachableAt !== undefined) return cancel('unreachable');
    if (pinIsGone) return cancel('pin-gone');
    const [until, suppressedBy] = this.#waitOf(due, channel, now, leaseUntil) ?? [];
    if (until === undefined || suppressedBy === undefined) return { kind: 'send' };
    return until < due.expires ? { kind: 'hold', until, suppressedBy } : cancel(suppressedBy);
  }

  #waitOf(
    due: Due,
    { timeZone, quietHours, caps }: Channel,
    now: number,
    leaseUntil: number,
  ): readonly [until: number, suppressedBy: Suppression] | undefined {
    if (quietHours !== undefined) {
      try {
        const until = [now, leaseUntil]
          .map((time) => this.#hours.quietUntil(time, timeZone, quietHours))
          .findLast((end, i) => end !== [now, leaseUntil][i]);
        if (until !== undefined) return [until, 'quiet-hours'];
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        // The zones are those of this Node, which may be older than the one that stored the channel.
        return [Infinity, 'unknown-time-zone'];
      }
    }
    const { perDay = Infinity, perWeek = Infinity, minGapMinutes = 0 } = caps;
    const waits = [
      [this.#freeAt(due, 1, minGapMinutes * 60_000, now), 'minimum-gap'],
      [this.#freeAt(due, perDay, dayMs, now), 'daily-cap'],
      [this.#freeAt(due, perWeek, 7 * dayMs, now), 'weekly-cap'],
    ] as const;
    return waits.toSorted(([a], [b]) => b - a).find(([until]) => until > now);
  }

  /** When fewer than `max` sends lie within `ms` before. Sends of a clock that was ahead count too. */
  #freeAt({ user, channel }: Due, max: number, ms: number, now: number): number {
    if (max === Infinity || ms === 0) return now;
    if (max === 0) return Infinity;
    const used = this.#selectUsed.all(user, channel, now - ms, max);
    return used.length < max ? now : used.at(-1)! + ms;
  }
}

function cancel(suppressedBy: Suppression): SendDecision {
  return { kind: 'cancel', suppressedBy };
}
