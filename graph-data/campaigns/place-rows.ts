import type { Database } from '../database/index.ts';
import type { CampaignSettings } from './campaign.ts';

/** A row of the counters of a campaign. */
export interface CounterRow {
  readonly version: number;
  readonly impressions: number;
  readonly expected: number;
  readonly variance: number;
  readonly actions: number;
  readonly hides: number;
  readonly spent: number;
}

interface ImpressionRow {
  readonly id: Uint8Array;
  readonly campaign: number;
  readonly user: string;
  readonly pin: string;
  readonly recommendation: string;
  readonly surface: string;
  readonly rank: number;
  readonly at: number;
  readonly isGhost: number;
  readonly bid: number;
  readonly price: number;
  readonly priceSetBy: string;
  readonly probability: number;
  readonly quality: number;
  readonly relevance: number;
  readonly beat: number | null;
  readonly interest: string;
}

const impressionColumns = [
  'id', 'campaign', 'user', 'pin', 'recommendation', 'surface', 'rank', 'at', 'isGhost', 'bid', 'price', 'priceSetBy',
  'probability', 'quality', 'relevance', 'beat', 'interest',
] as const; // prettier-ignore

/** What an auction reads and writes, each within a transaction of the caller. Microseconds each. */
export class PlaceRows {
  readonly #selectCounters;
  readonly #selectSettings;
  readonly #selectSpent;
  readonly #countMet;
  readonly #selectHidden;
  readonly #selectPacing;
  readonly #insert;
  readonly #addToDay;
  readonly #addToCampaign;
  readonly #countRequest;
  readonly #selectSecret;
  readonly #settings = new Map<
    number,
    { readonly version: number; readonly of: CampaignSettings & { readonly id: string } }
  >();

  constructor(database: Database) {
    this.#selectCounters = database.prepare<[string], CounterRow & { readonly number: number }>(
      `SELECT number, version, impressions, expected, variance, actions, hides, spent FROM campaigns
       WHERE number IN (SELECT value FROM json_each(?)) AND settings IS NOT NULL`,
    );
    this.#selectSettings = database
      .prepare<[number], [id: string, settings: string]>(
        'SELECT id, settings FROM campaigns WHERE number = ?',
      )
      .raw();
    this.#selectSpent = database
      .prepare<[number, string], number>('SELECT total(spent) FROM days WHERE campaign = ? AND day = ?')
      .pluck();
    this.#countMet = database
      .prepare<[string, number, number], number>(
        'SELECT count(*) FROM impressions INDEXED BY impressions_met WHERE user = ? AND campaign = ? AND at > ?',
      )
      .pluck();
    this.#selectHidden = database.prepare<[string, string]>('SELECT 1 FROM hides WHERE user = ? AND pin = ?');
    this.#selectPacing = database
      .prepare<[number], [day: string, participation: number]>(
        'SELECT day, participation FROM pacing WHERE campaign = ?',
      )
      .raw();
    this.#insert = database.prepare<[ImpressionRow]>(
      `INSERT INTO impressions (${impressionColumns.join(', ')})
       VALUES (${impressionColumns.map((name) => `@${name}`).join(', ')}) ON CONFLICT DO NOTHING`,
    );
    this.#addToDay = database.prepare<[number, string, string, number, number]>(
      `INSERT INTO days (campaign, day, surface, impressions, ghosts) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET impressions = impressions + excluded.impressions, ghosts = ghosts + excluded.ghosts`,
    );
    this.#addToCampaign = database.prepare<[number, number, number]>(
      'UPDATE campaigns SET impressions = impressions + 1, expected = expected + ?, variance = variance + ? WHERE number = ?',
    );
    this.#countRequest = database
      .prepare<[number], number>(
        `INSERT INTO traffic (hour, requests) VALUES (?, 1)
         ON CONFLICT DO UPDATE SET requests = requests + 1 RETURNING requests`,
      )
      .pluck();
    this.#selectSecret = database.prepare<[], Uint8Array>('SELECT secret FROM state').pluck();
  }

  /** By number; without campaigns that were removed. In one statement, which takes a third of the time of one for each. */
  countersOf(campaigns: Int32Array): ReadonlyMap<number, CounterRow> {
    const rows = this.#selectCounters.all(`[${campaigns.join()}]`);
    return new Map(rows.map((row) => [row.number, row]));
  }

  settingsOf(campaign: number, version: number): CampaignSettings & { readonly id: string } {
    const known = this.#settings.get(campaign);
    if (known?.version === version) return known.of;
    const [id, settings] = this.#selectSettings.get(campaign)!;
    const of = { ...(JSON.parse(settings) as CampaignSettings), id };
    this.#settings.set(campaign, { version, of });
    return of;
  }

  spentOn(campaign: number, day: string): number {
    return this.#selectSpent.get(campaign, day)!;
  }

  /** How often a person met a campaign after a time, would have met it included. */
  metAfter(user: string, campaign: number, time: number): number {
    return this.#countMet.get(user, campaign, time)!;
  }

  hasHidden(user: string, pin: string): boolean {
    return this.#selectHidden.get(user, pin) !== undefined;
  }

  /** Share of the auctions that a campaign takes part in on a day. */
  participationOn(campaign: number, day: string): number {
    const [of, participation] = this.#selectPacing.get(campaign) ?? [];
    return of === day ? participation! : 1;
  }

  /** Counts a request in its hour, and returns how many there were. */
  countRequest(at: number): number {
    return this.#countRequest.get(Math.floor(at / 3_600_000))!;
  }

  get secret(): Uint8Array {
    return this.#selectSecret.get()!;
  }

  /** `expected`: its probability before the campaign's own counts corrected it. False if it is stored. */
  add(row: ImpressionRow, day: string, expected: number): boolean {
    if (this.#insert.run(row).changes === 0) return false;
    this.#addToDay.run(row.campaign, day, row.surface, 1 - row.isGhost, row.isGhost);
    if (row.isGhost === 0) this.#addToCampaign.run(expected, expected * (1 - expected), row.campaign);
    return true;
  }
}
