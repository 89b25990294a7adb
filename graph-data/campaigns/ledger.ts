import type { BilledAction } from '../base/index.ts';
import type { Database } from '../database/index.ts';
import type { CampaignSettings } from './campaign.ts';
import type { CampaignClock } from './campaign-clock.ts';
import { addressHash } from './click-token.ts';

/** An action on a promoted pin, by the id in its token. */
export interface PromotedAction {
  readonly impression: Uint8Array;
  readonly kind: string;
  readonly user: string;
  readonly pin: string | undefined;
  /** Of the person's device, as the application knows it: counted, not stored. */
  readonly address?: string | undefined;
}

/**
 * The outcome of a charge: `charged`; `not-billed`, an action that the campaign does not pay for;
 * `over-budget`, less is left than its price; `late`; `flood`, beyond the limit for one person or address;
 * `repeated`; `mismatch`, the pin or the person of another impression; `gone`, its impression or its campaign
 * is no longer kept.
 */
export type ChargeResult =
  | 'charged'
  | 'not-billed'
  | 'over-budget'
  | 'late'
  | 'flood'
  | 'repeated'
  | 'mismatch'
  | 'gone';

/** After an impression, in milliseconds: a later action costs nothing. */
export const clickWindowMs = 86_400_000;
/** Charges of a campaign within 24 hours, by one person and by one address. */
export const [chargesPerPerson, chargesPerAddress] = [5, 50] as const;

interface Shown {
  readonly campaign: number;
  readonly user: string;
  readonly pin: string;
  readonly surface: string;
  readonly at: number;
  readonly isGhost: number;
  readonly price: number;
  readonly settings: string | null;
  readonly spent: number;
}

const dayMs = 86_400_000;

/** The statements of charges, each within a transaction of the caller: it is charged exactly once, or not at all. */
export class Ledger {
  readonly #clock: CampaignClock;
  readonly #selectShown;
  readonly #hasCharge;
  readonly #countByUser;
  readonly #countByAddress;
  readonly #spentOn;
  readonly #insert;
  readonly #addToDay;
  readonly #addToCampaign;
  readonly #selectSecret;

  constructor(database: Database, clock: CampaignClock) {
    this.#clock = clock;
    this.#selectShown = database.prepare<[Uint8Array], Shown>(
      `SELECT campaign, user, pin, surface, at, isGhost, price, settings, spent
       FROM impressions JOIN campaigns ON number = campaign WHERE impressions.id = ?`,
    );
    this.#hasCharge = database.prepare<[Uint8Array, string]>(
      'SELECT 1 FROM charges WHERE impression = ? AND action = ?',
    );
    const charged = (column: string) =>
      database
        .prepare<[string | Uint8Array, number, number], number>(
          `SELECT count(*) FROM charges WHERE ${column} = ? AND campaign = ? AND at > ? AND result = 'charged'`,
        )
        .pluck();
    this.#countByUser = charged('user');
    this.#countByAddress = charged('address');
    this.#spentOn = database
      .prepare<[number, string], number>('SELECT total(spent) FROM days WHERE campaign = ? AND day = ?')
      .pluck();
    this.#insert = database.prepare(
      `INSERT INTO charges (impression, action, campaign, user, address, at, day, price, result)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#addToDay = database.prepare<[number, string, string, number, number, number]>(
      `INSERT INTO days (campaign, day, surface, clicks, saves, spent) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET clicks = clicks + excluded.clicks, saves = saves + excluded.saves, spent = spent + excluded.spent`,
    );
    this.#addToCampaign = database.prepare<[number, number, number]>(
      'UPDATE campaigns SET actions = actions + ?, spent = spent + ? WHERE number = ?',
    );
    this.#selectSecret = database.prepare<[], Uint8Array>('SELECT secret FROM state').pluck();
  }

  /** `now`: when it arrived, in milliseconds since 1970. The day of the campaign's zone at that time pays. */
  charge(action: PromotedAction, now: number): ChargeResult {
    const { impression, kind, user, pin } = action;
    const shown = this.#selectShown.get(impression);
    if (shown === undefined || shown.settings === null) return 'gone';
    if (shown.user !== user || shown.pin !== pin || shown.isGhost === 1) return 'mismatch';
    if (kind !== 'click' && kind !== 'save') return 'not-billed';
    if (this.#hasCharge.get(impression, kind) !== undefined) return 'repeated';
    const settings = JSON.parse(shown.settings) as CampaignSettings;
    const day = this.#clock.dayOf(now, settings.timeZone);
    const address =
      action.address === undefined ? null : addressHash(this.#selectSecret.get()!, action.address);
    const result = this.#resultOf(kind, shown, settings, { user, address, day, now });
    const { campaign, surface, price } = shown;
    const paid = result === 'charged' ? price : 0;
    this.#insert.run(impression, kind, campaign, user, address, now, day, paid, result);
    if (result !== 'late' && result !== 'flood') {
      this.#addToDay.run(campaign, day, surface, kind === 'click' ? 1 : 0, kind === 'save' ? 1 : 0, paid);
      this.#addToCampaign.run(kind === settings.bid.per ? 1 : 0, paid, campaign);
    }
    return result;
  }

  #resultOf(
    kind: BilledAction,
    { campaign, at, price, spent }: Shown,
    { bid, dailyBudgetMicros, totalBudgetMicros }: CampaignSettings,
    { user, address, day, now }: { user: string; address: Uint8Array | null; day: string; now: number },
  ): ChargeResult {
    if (now - at > clickWindowMs) return 'late';
    if (kind !== bid.per) return 'not-billed';
    const isFlood =
      this.#countByUser.get(user, campaign, now - dayMs)! >= chargesPerPerson ||
      (address !== null && this.#countByAddress.get(address, campaign, now - dayMs)! >= chargesPerAddress);
    if (isFlood) return 'flood';
    const isOver =
      spent + price > (totalBudgetMicros ?? Infinity) ||
      this.#spentOn.get(campaign, day)! + price > dailyBudgetMicros;
    return isOver ? 'over-budget' : 'charged';
  }
}
