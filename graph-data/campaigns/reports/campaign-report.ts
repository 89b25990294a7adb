import { type GhostAdLift, ghostAdLift } from '../../../engine/ads/index.ts';
import { Moments } from '../../../engine/experiments/index.ts';
import type { DataFolder } from '../../data-folder.ts';
import type { Database } from '../../database/index.ts';
import { findActions } from '../../interactions/index.ts';
import type { BilledAction } from '../../base/index.ts';
import type { Campaign } from '../campaign.ts';
import { CampaignClock } from '../campaign-clock.ts';
import { campaignFile } from '../campaign-file.ts';
import type { ChargeResult } from '../ledger.ts';
import { type PersonCounts, type Rates, ratesOf } from './report-rates.ts';

/** Counts of a day, or of a surface. */
interface Counts {
  readonly impressions: number;
  readonly clicks: number;
  readonly saves: number;
  readonly hides: number;
  readonly spentMicros: number;
  /** People. */
  readonly reach: number;
}

export interface CampaignReport extends Counts, Rates {
  /** People of the holdout for whom it won a slot. */
  readonly heldOut: number;
  /** Expected billed actions, as predicted at the auctions, and actual ones. */
  readonly predicted: number;
  readonly actions: number;
  /** Actions that cost nothing, by the reason. */
  readonly uncharged: Readonly<Partial<Record<ChargeResult, number>>>;
  /** Days of the campaign's zone. */
  readonly days: readonly (Counts & { readonly day: string })[];
  /** Null: requests that named none. */
  readonly surfaces: readonly (Counts & { readonly surface: string | null })[];
  /** By the interest that most of the found pins belong to; null: none. Of impressions that are kept, the most shown. */
  readonly interests: readonly (Omit<Counts, 'hides'> & Rates & { readonly interest: string | null })[];
  /**
   * Billed actions on its pins: of people who were shown it, divided by those of the holdout who would have
   * been.
   */
  readonly lift: GhostAdLift | undefined;
  /** Share of auctions that pacing lets it take part in, and spend of the day by then; times are milliseconds since 1970. */
  readonly curve: readonly {
    readonly at: number;
    readonly participation: number;
    readonly spentMicros: number;
  }[];
  /** The latest promoted impressions: worth, price, and the campaign below. */
  readonly auctions: readonly CampaignAuction[];
}

/** How an impression came about. */
interface CampaignAuction {
  readonly at: number;
  readonly pin: string;
  readonly user: string;
  readonly surface: string;
  readonly rank: number;
  readonly bidMicros: number;
  readonly priceMicros: number;
  readonly priceSetBy: string;
  readonly probability: number;
  readonly quality: number;
  readonly relevance: number;
  /** Id of the interest that most of the found pins belong to. Empty: none. */
  readonly interest: string;
  /** Id of the campaign below it; null if there was none. */
  readonly beat: string | null;
}

const [daysMax, curveMax, auctionsMax, interestsMax] = [400, 200, 20, 100] as const;

/** The report of a campaign from its ledger, its impressions and the log. O(its impressions, and rows of the log). */
export function campaignReport(folder: DataFolder, campaign: Campaign): CampaignReport {
  const database = campaignFile.openToRead(folder);
  try {
    const { exposures, ...report } = campaignFile.orError(folder, () => {
      // Of one moment.
      database.exec('BEGIN');
      return new Reader(database, campaign).report();
    });
    return { ...report, lift: liftOf(folder, campaign, exposures, report.spentMicros) };
  } finally {
    database.close();
  }
}

/** When each person first met it, or would have. */
interface Exposure {
  readonly user: string;
  readonly at: number;
  readonly isGhost: number;
}

class Reader {
  readonly #database: Database;
  readonly #number: number;
  readonly #per: BilledAction;
  readonly #timeZone: string;

  constructor(database: Database, { number, settings }: Campaign) {
    this.#database = database;
    this.#number = number;
    this.#per = settings.bid.per;
    this.#timeZone = settings.timeZone;
  }

  report(): Omit<CampaignReport, 'lift'> & { readonly exposures: readonly Exposure[] } {
    const total = this.#all<Omit<Counts, 'reach'>>(`SELECT ${sums} FROM days WHERE campaign = ?`)[0]!;
    const exposures = this.#all<Exposure>(
      `SELECT user, min(at) AS at, min(isGhost) AS isGhost FROM impressions WHERE campaign = ? GROUP BY user`,
    );
    const met = exposures.filter(({ isGhost }) => isGhost === 0);
    const [{ predicted, actions }] = this.#all<{ predicted: number; actions: number }>(
      `SELECT (SELECT total(probability) FROM impressions WHERE campaign = number AND isGhost = 0) AS predicted, actions
       FROM campaigns WHERE number = ?`,
    ) as [{ predicted: number; actions: number }];
    const uncharged = this.#all<{ result: ChargeResult; count: number }>(
      `SELECT result, count(*) AS count FROM charges WHERE campaign = ? AND result <> 'charged' GROUP BY result`,
    );
    return {
      ...total,
      reach: met.length,
      heldOut: exposures.length - met.length,
      ...this.#rates(),
      predicted,
      actions,
      uncharged: Object.fromEntries(uncharged.map(({ result, count }) => [result, count])),
      days: this.#days(),
      surfaces: this.#all<Counts & { surface: string }>(
        `SELECT surface, ${sums},
           (SELECT count(DISTINCT user) FROM impressions WHERE campaign = days.campaign AND isGhost = 0 AND surface = days.surface) AS reach
         FROM days WHERE campaign = ? GROUP BY surface ORDER BY surface`,
      ).map(ofSurface),
      interests: this.#interests(),
      curve: this.#all<CampaignReport['curve'][number]>(
        `SELECT at, participation, spent AS spentMicros FROM curve WHERE campaign = ? ORDER BY at DESC LIMIT ${curveMax}`,
      ).toReversed(),
      auctions: this.#all(
        `SELECT at, pin, user, surface, rank, bid AS bidMicros, price AS priceMicros, priceSetBy, probability, quality, relevance, interest,
           (SELECT id FROM campaigns WHERE number = beat AND settings IS NOT NULL) AS beat
         FROM impressions INDEXED BY impressions_of_campaign WHERE campaign = ? AND isGhost = 0 ORDER BY at DESC LIMIT ${auctionsMax}`,
      ),
      exposures,
    };
  }

  /** The latest, ascending. */
  #days(): CampaignReport['days'] {
    const met = new Map<string, Set<string>>();
    const clock = new CampaignClock();
    for (const { user, at } of this.#all<{ user: string; at: number }>(
      'SELECT user, at FROM impressions WHERE campaign = ? AND isGhost = 0',
    )) {
      const day = clock.dayOf(at, this.#timeZone);
      const people = met.get(day);
      if (people === undefined) met.set(day, new Set([user]));
      else people.add(user);
    }
    type Day = Omit<Counts, 'reach'> & { readonly day: string };
    const withReach = (counts: Day): Day & Counts => ({ ...counts, reach: met.get(counts.day)?.size ?? 0 });
    return this.#all<Day>(
      `SELECT day, ${sums} FROM days WHERE campaign = ? GROUP BY day ORDER BY day DESC LIMIT ${daysMax}`,
    )
      .map(withReach)
      .toReversed();
  }

  #rates(): Rates {
    const rows = this.#all<PersonCounts>(
      `SELECT user, count(*) AS impressions, 0 AS clicks, 0 AS saves, 0 AS spent
       FROM impressions WHERE campaign = ? AND isGhost = 0 GROUP BY user`,
    );
    const acted = this.#all<PersonCounts>(
      `SELECT user, 0 AS impressions, sum(action = 'click') AS clicks, sum(action = 'save') AS saves, sum(price) AS spent
       FROM charges WHERE campaign = ? AND result NOT IN ('late', 'flood') GROUP BY user`,
    );
    return ratesOf([...rows, ...acted], this.#per);
  }

  /** Of the impressions that are kept, most shown first. */
  #interests(): CampaignReport['interests'] {
    const rows = this.#all<PersonCounts & { readonly interest: string }>(
      `SELECT user, interest, count(*) AS impressions, 0 AS clicks, 0 AS saves, 0 AS spent
       FROM impressions WHERE campaign = ? AND isGhost = 0 GROUP BY user, interest`,
    );
    const acted = this.#all<PersonCounts & { readonly interest: string }>(
      `SELECT charges.user AS user, interest, 0 AS impressions, sum(action = 'click') AS clicks, sum(action = 'save') AS saves,
         sum(charges.price) AS spent
       FROM charges JOIN impressions ON impressions.id = impression
       WHERE charges.campaign = ? AND result NOT IN ('late', 'flood') GROUP BY charges.user, interest`,
    );
    const countsOf = ([interest, own]: [string, PersonCounts[]]): CampaignReport['interests'][number] => ({
      interest: interest === '' ? null : interest,
      impressions: sumOf(own, 'impressions'),
      clicks: sumOf(own, 'clicks'),
      saves: sumOf(own, 'saves'),
      spentMicros: sumOf(own, 'spent'),
      reach: own.filter(({ impressions }) => impressions > 0).length,
      ...ratesOf(own, this.#per),
    });
    return [...Map.groupBy([...rows, ...acted], ({ interest }) => interest)]
      .map(countsOf)
      .toSorted((a, b) => b.impressions - a.impressions)
      .slice(0, interestsMax);
  }

  #all<Row>(sql: string): Row[] {
    return this.#database.prepare<[number], Row>(sql).all(this.#number);
  }
}

function ofSurface({
  surface,
  ...counts
}: Counts & { readonly surface: string }): CampaignReport['surfaces'][number] {
  return { ...counts, surface: surface === '' ? null : surface };
}

function sumOf(rows: readonly PersonCounts[], name: Exclude<keyof PersonCounts, 'user'>): number {
  return rows.reduce((sum, each) => sum + each[name], 0);
}

const sums =
  'total(impressions) AS impressions, total(clicks) AS clicks, total(saves) AS saves, total(hides) AS hides, total(spent) AS spentMicros';

/** Undefined without a holdout, or with under two people on a side. */
function liftOf(
  folder: DataFolder,
  { settings }: Campaign,
  exposures: readonly Exposure[],
  spentMicros: number,
): GhostAdLift | undefined {
  const { holdout, pins, bid } = settings;
  if (holdout === 0) return undefined;
  const byUser = new Map(
    exposures.map(({ user, at, isGhost }) => [user, { at, isGhost, before: 0, after: 0 }]),
  );
  for (const { user, at } of findActions(folder, [bid.per], pins)) {
    const person = byUser.get(user);
    if (person === undefined) continue;
    if (at >= person.at) person.after++;
    else person.before++;
  }
  const [exposed, heldOut] = [new Moments(), new Moments()];
  for (const { isGhost, before, after } of byUser.values()) {
    const side = isGhost === 0 ? exposed : heldOut;
    side.add({ numerator: after, denominator: 1, covariate: before });
  }
  if (Math.min(exposed.users, heldOut.users) < 2) return undefined;
  return ghostAdLift(exposed, heldOut, { holdoutShare: holdout, spentMicros });
}
