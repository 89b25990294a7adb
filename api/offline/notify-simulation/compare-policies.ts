import { type Interval, check, t95 } from '../../../engine/index.ts';
import { type ClickModel, People, clickModelSpecs } from './click-model.ts';
import { fixedCap, ours } from './policies.ts';
import { type PolicyOutcome, runPolicy } from './run-policy.ts';

interface SimulationOptions {
  /** What differs from the defaults of {@link clickModelSpecs}. */
  readonly model?: Partial<ClickModel>;
  readonly people: number;
  readonly weeks: number;
  /** Notifications a week and person of the fixed cap, 1 to 7. */
  readonly perWeek: number;
  /** Number of seeds. */
  readonly seeds: number;
  readonly firstSeed: number;
  /** Opens that a person who leaves would still have given. */
  readonly unsubscribeCost: number;
  /** Share of the offers that chance decides, 0 to 0.5. */
  readonly exploreShare: number;
  /** Called with the number of seeds done. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** A mean over seeds with its 95 % interval by Student's t; the seeds are the observations. */
export interface SeedMean extends Interval {
  readonly mean: number;
}

export interface ComparedPolicy {
  readonly name: string;
  readonly sends: SeedMean;
  readonly opens: SeedMean;
  readonly unsubscribes: SeedMean;
  /** Relative to the fixed cap on the same people, as a share: 0.15 is 15 % more. */
  readonly versusCap: { readonly sends: SeedMean; readonly opens: SeedMean; readonly unsubscribes: SeedMean };
  /** The largest deviation of a week's notifications from its budget, as a share of it, over weeks and seeds; null without a budget. */
  readonly offBudgetMax: number | null;
  /** Means by week. */
  readonly opensByWeek: readonly number[];
}

/** Weekly budgets of our policy, as shares of the volume of the fixed cap. */
const volumes = [1, 0.85, 0.7] as const;

/**
 * Runs every policy on the same people, with the same draws, for each seed: to all every day; a fixed cap; the
 * fixed cap with the pin and the hour of our policy; our policy at the volume of the fixed cap and below it;
 * and our policy with the true parameters instead of learned ones, an upper bound on the gain of learning.
 * Throws `invalid-parameter`. O(seeds · people · weeks).
 */
export function comparePolicies(options: SimulationOptions): ComparedPolicy[] {
  const {
    people: count,
    weeks,
    perWeek,
    seeds,
    firstSeed,
    unsubscribeCost,
    exploreShare,
    onProgress,
  } = options;
  const model = clickModelOf(options.model ?? {});
  const runs = new Map<
    string,
    { outcome: PolicyOutcome; cap: PolicyOutcome; budgets?: readonly number[] }[]
  >();
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const people = new People(model, count, seed);
    const cap = runPolicy(people, weeks, fixedCap(perWeek), seed);
    const keep = (name: string, outcome: PolicyOutcome, budgets?: readonly number[]): void => {
      const run = { outcome, cap, ...(budgets !== undefined && { budgets }) };
      runs.set(name, [...(runs.get(name) ?? []), run]);
    };
    const own = { people: count, randomSeed: seed, unsubscribeCost, exploreShare };
    keep('to all, every day', runPolicy(people, weeks, fixedCap(7), seed));
    keep(`fixed cap, ${perWeek} a week`, cap);
    const chooses = ours({ ...own, budgets: cap.sendsByWeek, perWeek });
    keep('fixed cap, our pin and hour', runPolicy(people, weeks, chooses, seed));
    for (const volume of volumes) {
      const budgets = cap.sendsByWeek.map((sent) => Math.round(volume * sent));
      const name = volume === 1 ? 'ours' : `ours, ${Math.round(100 * volume)} % of the volume`;
      keep(name, runPolicy(people, weeks, ours({ ...own, budgets }), seed), budgets);
    }
    const knowing = ours({ ...own, budgets: cap.sendsByWeek, truth: people });
    keep('ours, if it knew the truth', runPolicy(people, weeks, knowing, seed), cap.sendsByWeek);
    onProgress?.(seed - firstSeed + 1);
  }
  return [...runs].map(([name, of]) => {
    const mean = (value: (outcome: PolicyOutcome) => number): SeedMean => seedMean(of.map(({ outcome }) => value(outcome))); // prettier-ignore
    const relative = (value: (outcome: PolicyOutcome) => number): SeedMean =>
      seedMean(of.map(({ outcome, cap }) => value(outcome) / Math.max(1, value(cap)) - 1));
    const deviations = of.flatMap(({ outcome, budgets }) =>
      (budgets ?? []).map((budget, week) => Math.abs(outcome.sendsByWeek[week]! / Math.max(1, budget) - 1)),
    );
    return {
      name,
      sends: mean(({ sends }) => sends),
      opens: mean(({ opens }) => opens),
      unsubscribes: mean(({ unsubscribes }) => unsubscribes),
      versusCap: {
        sends: relative(({ sends }) => sends),
        opens: relative(({ opens }) => opens),
        unsubscribes: relative(({ unsubscribes }) => unsubscribes),
      },
      offBudgetMax: deviations.length === 0 ? null : Math.max(...deviations),
      opensByWeek: Array.from({ length: weeks }, (_, week) => seedMean(of.map(({ outcome }) => outcome.opensByWeek[week]!)).mean), // prettier-ignore
    };
  });
}

/** The click model with its defaults filled in. Throws `invalid-parameter`, its field the parameter's name. */
function clickModelOf(given: Partial<ClickModel>): ClickModel {
  const model: Record<string, number> = {};
  for (const [name, { min, max, default: own }] of Object.entries(clickModelSpecs)) {
    const value = given[name as keyof ClickModel] ?? own;
    check(value >= min && value <= max, name, `${value} is not a number in [${min}, ${max}]`);
    model[name] = value;
  }
  return model as unknown as ClickModel;
}

function seedMean(values: readonly number[]): SeedMean {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const error = values.length < 2 ? Infinity : t95(values.length - 1) * Math.sqrt(variance / values.length);
  return { mean, low: mean - error, high: mean + error };
}
