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

/** Settings as auctions need them: with the id, and when it starts and ends, in milliseconds since 1970. */
export type PlacedSettings = CampaignSettings & {
  readonly id: string;
  readonly from: number;
  readonly until: number;
};

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

/**
 * The reads and writes of an auction, each within a transaction of the caller. Microseconds each. It remembers its own writes: after a transaction
 * that failed, it is not used again.
 */
export class PlaceRows {
  readonly #selectDataVersion;
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
  /** Of campaigns that took part, as long as no other connection has written: charges do, other threads'. */
  readonly #counters = new Map<number, CounterRow>();
  #dataVersion: number | undefined;
  readonly #settings = new Map<number, { readonly version: number; readonly of: PlacedSettings }>();
  #secret: Uint8Array | undefined;

  constructor(database: Database) {
    this.#selectDataVersion = database.prepare<[], number>('PRAGMA data_version').pluck();
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

  /**
   * By number, at least of these; without campaigns that were removed. One statement reads the numbers that are
   * not remembered, in a third of the time of one for each.
   */
  countersOf(campaigns: Int32Array): ReadonlyMap<number, CounterRow> {
    const version = this.#selectDataVersion.get()!;
    if (version !== this.#dataVersion) this.#counters.clear();
    this.#dataVersion = version;
    const others = campaigns.filter((campaign) => !this.#counters.has(campaign));
    if (others.length > 0) {
      for (const row of this.#selectCounters.all(`[${others.join()}]`)) this.#counters.set(row.number, row);
    }
    return this.#counters;
  }

  settingsOf(campaign: number, version: number): PlacedSettings {
    const known = this.#settings.get(campaign);
    if (known?.version === version) return known.of;
    const [id, json] = this.#selectSettings.get(campaign)!;
    const settings = JSON.parse(json) as CampaignSettings;
    const { start, end } = settings;
    const of = {
      ...settings,
      id,
      from: Date.parse(start),
      until: end === null ? Infinity : Date.parse(end),
    };
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
    return (this.#secret ??= this.#selectSecret.get()!);
  }

  /** `expected`: its probability before the campaign's own counts corrected it. False if it is stored. */
  add(row: ImpressionRow, day: string, expected: number): boolean {
    if (this.#insert.run(row).changes === 0) return false;
    this.#addToDay.run(row.campaign, day, row.surface, 1 - row.isGhost, row.isGhost);
    if (row.isGhost === 0) {
      const variance = expected * (1 - expected);
      this.#addToCampaign.run(expected, variance, row.campaign);
      const known = this.#counters.get(row.campaign)!;
      this.#counters.set(row.campaign, {
        ...known,
        impressions: known.impressions + 1,
        expected: known.expected + expected,
        variance: known.variance + variance,
      });
    }
    return true;
  }
}
