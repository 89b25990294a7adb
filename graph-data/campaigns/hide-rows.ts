import type { Database } from '../database/index.ts';
import type { CampaignClock } from './campaign-clock.ts';
import type { CampaignSettings } from './campaign.ts';
import { clickWindowMs } from './ledger.ts';

/** A person and a pin that they hid. */
export interface Hidden {
  readonly user: string;
  readonly pin: string;
}

/** The statements of hidden pins, each within a transaction of the caller. */
export class HideRows {
  readonly #clock: CampaignClock;
  readonly #isPromoted;
  readonly #insert;
  readonly #selectShown;
  readonly #addToDay;
  readonly #addToCampaign;

  constructor(database: Database, clock: CampaignClock) {
    this.#clock = clock;
    this.#isPromoted = database.prepare<[string]>('SELECT 1 FROM promoted WHERE pin = ?');
    this.#insert = database.prepare<[string, string]>(
      'INSERT INTO hides VALUES (?, ?) ON CONFLICT DO NOTHING',
    );
    this.#selectShown = database.prepare<
      [string, string, number],
      { campaign: number; surface: string; settings: string }
    >(
      `SELECT DISTINCT campaign, surface, settings FROM impressions INDEXED BY impressions_met JOIN campaigns ON number = campaign
       WHERE user = ? AND impressions.pin = ? AND at > ? AND isGhost = 0 AND settings IS NOT NULL`,
    );
    this.#addToDay = database.prepare<[number, string, string]>(
      `INSERT INTO days (campaign, day, surface, hides) VALUES (?, ?, ?, 1)
       ON CONFLICT DO UPDATE SET hides = hides + 1`,
    );
    this.#addToCampaign = database.prepare<[number]>(
      'UPDATE campaigns SET hides = hides + 1 WHERE number = ?',
    );
  }

  /** Remembers a pin that is promoted, and counts it against the campaigns that showed it to the person within a day. */
  add({ user, pin }: Hidden, now: number): void {
    if (this.#isPromoted.get(pin) === undefined || !this.keep({ user, pin })) return;
    for (const { campaign, surface, settings } of this.#selectShown.all(user, pin, now - clickWindowMs)) {
      const { timeZone } = JSON.parse(settings) as CampaignSettings;
      this.#addToDay.run(campaign, this.#clock.dayOf(now, timeZone), surface);
      this.#addToCampaign.run(campaign);
    }
  }

  /** Remembers a pin alone. False if it was known. */
  keep({ user, pin }: Hidden): boolean {
    return this.#insert.run(user, pin).changes > 0;
  }
}
