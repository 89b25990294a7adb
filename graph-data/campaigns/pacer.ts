import {
  type PacingPlan,
  type PacingState,
  campaignDay,
  dayTraffic,
  pace,
  startPacing,
} from '../../engine/ads/index.ts';
import type { Database } from '../database/index.ts';
import type { CampaignSettings } from './campaign.ts';
import type { CampaignClock } from './campaign-clock.ts';

interface PacedRow {
  readonly number: number;
  readonly settings: string;
  readonly spent: number;
  readonly day: string | null;
  readonly state: string | null;
}

const [hourMs, weekMs] = [3_600_000, 7 * 86_400_000] as const;
const dayHours = 25;
/** Points of the curve: a quarter of an hour apart. */
const curveMs = 900_000;
/**
 * Impressions whose click may still come: most clicks come within minutes, and missing ones must not hold the
 * budget back.
 */
const pendingMs = 600_000;
/** Of a campaign's first day: it takes part in all auctions until it is ahead of its plan. */
const rateFirst = 1;

/** The statements of budget pacing, within a transaction of the caller: one step of each campaign's controller. */
export class Pacer {
  readonly #clock: CampaignClock;
  readonly #selectPaced;
  readonly #selectTraffic;
  readonly #spentOn;
  readonly #selectPending;
  readonly #store;
  readonly #addToCurve;

  constructor(database: Database, clock: CampaignClock) {
    this.#clock = clock;
    this.#selectPaced = database.prepare<[number, number], PacedRow>(
      `SELECT number, settings, spent, day, state FROM campaigns LEFT JOIN pacing ON campaign = number
       WHERE settings IS NOT NULL AND impressions > 0 AND number > ? ORDER BY number LIMIT ?`,
    );
    this.#selectTraffic = database
      .prepare<[number], [hour: number, requests: number]>(
        'SELECT hour, requests FROM traffic WHERE hour > ?',
      )
      .raw();
    this.#spentOn = database
      .prepare<[number, string], number>('SELECT total(spent) FROM days WHERE campaign = ? AND day = ?')
      .pluck();
    this.#selectPending = database
      .prepare<[number, number], number>(
        `SELECT total(price * probability) FROM impressions INDEXED BY impressions_of_campaign
         WHERE campaign = ? AND at > ? AND isGhost = 0
           AND NOT EXISTS (SELECT 1 FROM charges WHERE impression = impressions.id)`,
      )
      .pluck();
    this.#store = database.prepare<[number, string, number, string]>(
      `INSERT INTO pacing VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
       SET day = excluded.day, participation = excluded.participation, state = excluded.state`,
    );
    this.#addToCurve = database.prepare<[number, number, number, number]>(
      'INSERT OR REPLACE INTO curve VALUES (?, ?, ?, ?)',
    );
  }

  /** Steps of up to `limit` campaigns after a number; the last number, or undefined if there are no more. */
  pace(now: number, after: number, limit: number): number | undefined {
    const rows = this.#selectPaced.all(after, limit);
    const traffic =
      rows.length === 0 ? [] : this.#selectTraffic.all(Math.floor((now - weekMs) / hourMs) - dayHours);
    for (const row of rows) this.#step(row, traffic, now);
    return rows.length === limit ? rows.at(-1)!.number : undefined;
  }

  #step(
    { number, settings: json, spent, day: lastDay, state: stored }: PacedRow,
    traffic: readonly [hour: number, requests: number][],
    now: number,
  ): void {
    const settings = JSON.parse(json) as CampaignSettings;
    const day = this.#clock.dayOf(now, settings.timeZone);
    const spentToday = this.#spentOn.get(number, day)!;
    const pending = this.#selectPending.get(number, now - pendingMs)!;
    const left = (settings.totalBudgetMicros ?? Infinity) - (spent - spentToday);
    const plan = this.#planOf(settings, Math.min(settings.dailyBudgetMicros, left), traffic, now);
    const before = stored === null ? undefined : (JSON.parse(stored) as PacingState);
    const state =
      before !== undefined && lastDay === day
        ? pace(plan, before, now, spentToday + pending)
        : startPacing(plan, now, spentToday, before?.rate ?? rateFirst);
    this.#store.run(number, day, state.participation, JSON.stringify(state));
    this.#addToCurve.run(number, Math.floor(now / curveMs) * curveMs, state.participation, spentToday);
  }

  #planOf(
    { timeZone }: CampaignSettings,
    budgetMicros: number,
    traffic: readonly [hour: number, requests: number][],
    now: number,
  ): PacingPlan {
    const { zones } = this.#clock;
    const day = campaignDay(now, timeZone, zones);
    // One more each: an hour without requests is not one without traffic.
    const hourly = new Float64Array(24).fill(1);
    for (const [hour, requests] of traffic) {
      // From the days before: the plan of a day stays, even in a surge.
      if (hour * hourMs >= day.startMs || hour * hourMs < day.startMs - weekMs) continue;
      const local = Math.floor(zones.local(hour * hourMs, timeZone) / hourMs);
      hourly[((local % 24) + 24) % 24]! += requests;
    }
    return { ...day, budgetMicros, traffic: dayTraffic(day, timeZone, hourly, zones) };
  }
}
