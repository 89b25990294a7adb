import {
  type ArmOutcomes,
  type ExperimentReport,
  Moments,
  reportExperiment,
} from '../../engine/experiments/index.ts';
import { KeyIndex } from '../../engine/model/index.ts';
import { numberOfKey } from '../../engine/random/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { type StoredInteraction, dayMs, dayOf, readInteractionsFrom } from '../interactions/index.ts';
import { type Root, inNotifications } from './notification-file.ts';
import type { PlanRun } from './plan-run.ts';

/** The activity of people who may receive notifications of a campaign, against the people of its holdout. */
export interface HoldoutReport extends ExperimentReport {
  readonly campaign: string;
  /** The first day that counts, in days since 1970. */
  readonly from: number;
}

/** Days on which a person saw or did anything outside notifications; clicks and saves, also those that notifications brought. */
const metrics = ['active-days', 'actions'] as const;
const actionKinds = new Set(['click', 'save']);
const notificationSurface = 'notification-';
/** Days before the first plan whose behaviour is the covariate. */
const daysBefore = 28;
/** Arms by their index; people whom a change of the share has moved are in neither. */
const arms = ['holdout', 'notified'] as const;
const neither = arms.length;

/** Sums of one stretch of days, by row. */
class Sums {
  readonly activeDays: Uint32Array;
  readonly actions: Uint32Array;
  readonly #lastDay: Int32Array;

  constructor(people: number) {
    this.activeDays = new Uint32Array(people);
    this.actions = new Uint32Array(people);
    this.#lastDay = new Int32Array(people).fill(-1);
  }

  /** Days come in their order. */
  add(row: number, { at, kind, surface = '' }: StoredInteraction): void {
    if (actionKinds.has(kind)) this.actions[row]!++;
    const day = dayOf(at);
    if (surface.startsWith(notificationSurface) || day === this.#lastDay[row]) return;
    this.activeDays[row]!++;
    this.#lastDay[row] = day;
  }
}

/**
 * Counts people's activity, by whether they are in a campaign's holdout, since a day or the first plan,
 * whichever is later. Includes everybody with a channel who agrees to it, or agreed until after that plan:
 * leaving is an effect of being notified too. Some 70 bytes a person.
 */
export class HoldoutActivity {
  readonly #campaign: string;
  readonly #from: number;
  /** People below are held out by every plan, and from the other one on by none. */
  readonly #bounds: readonly [number, number];
  readonly #rows = new KeyIndex();
  readonly #armOf: Uint8Array;
  readonly #before: Sums;
  readonly #since: Sums;

  /**
   * Of the plans of the days, those of the last one's campaign; undefined without any that held somebody out. `placeOf` says where in
   * [0, 1) a person stands: below the share of a plan, it held them out. O(people + interactions of the 28 days before the first plan).
   */
  static of(
    folder: DataFolder,
    plans: readonly PlanRun[],
    from: number,
    placeOf: (campaign: string, user: string) => number,
  ): HoldoutActivity | undefined {
    const last = plans.at(-1);
    const shares = plans.filter(({ campaign }) => campaign === last?.campaign).flatMap(({ holdout }) => holdout ?? []); // prettier-ignore
    if (last === undefined || shares.length === 0 || Math.min(...shares) === 0) return undefined;
    return new HoldoutActivity(folder, last, shares, from, placeOf);
  }

  private constructor(
    folder: DataFolder,
    { campaign, firstDay }: PlanRun,
    shares: readonly number[],
    from: number,
    placeOf: (campaign: string, user: string) => number,
  ) {
    this.#campaign = campaign;
    this.#from = Math.max(from, firstDay);
    this.#bounds = [Math.min(...shares), Math.max(...shares)];
    const [below, above] = this.#bounds;
    const people = agreedSince(folder, firstDay * dayMs);
    this.#armOf = Uint8Array.from(people, (user) => {
      this.#rows.append(numberOfKey(user));
      const place = placeOf(campaign, user);
      if (place < below) return 0;
      return place >= above ? 1 : neither;
    });
    this.#before = new Sums(people.length);
    this.#since = new Sums(people.length);
    for (const each of readInteractionsFrom(folder, firstDay - daysBefore, firstDay)) this.#count(this.#before, each); // prettier-ignore
  }

  /** Counts an interaction, in the order of days. O(1). */
  add(interaction: StoredInteraction): void {
    if (dayOf(interaction.at) >= this.#from) this.#count(this.#since, interaction);
  }

  report(): HoldoutReport {
    const outcomes = arms.map((arm): ArmOutcomes & { users: number } => ({ arm, users: 0, metrics: metrics.map(() => new Moments()) })); // prettier-ignore
    for (const [row, armIndex] of this.#armOf.entries()) {
      if (armIndex === neither) continue;
      const arm = outcomes[armIndex]!;
      arm.users++;
      for (const [i, name] of (['activeDays', 'actions'] as const).entries()) {
        const [numerator, covariate] = [this.#since[name][row]!, this.#before[name][row]!];
        arm.metrics[i]!.add({ numerator, denominator: 1, covariate });
      }
    }
    // The number of people is fixed from the first day on: it does not depend on their activity.
    const planned = Math.max(1, Math.min(...outcomes.map(({ users }) => users)));
    const [below, above] = this.#bounds;
    const report = reportExperiment(metrics, outcomes, [below, 1 - above], planned);
    return { ...report, campaign: this.#campaign, from: this.#from };
  }

  #count(sums: Sums, interaction: StoredInteraction): void {
    const row = this.#rows.rowOf(numberOfKey(interaction.user));
    if (row >= 0) sums.add(row, interaction);
  }
}

/** People who agree to a channel, or have withdrawn their consent since a time. */
function agreedSince(folder: Root, time: number): string[] {
  const sql = 'SELECT DISTINCT user FROM channels WHERE consent = 1 OR consentAt >= ?';
  return inNotifications(folder, (database) => database.prepare<[number], string>(sql).pluck().all(time)) ?? [];
} // prettier-ignore
