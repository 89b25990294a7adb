import {
  type AccuracyMetric,
  type AlgorithmName,
  type Interval,
  type Params,
  type Rung,
  pairedPValue,
  percentileInterval,
  resampledMeans,
  resolvePipeline,
  settingsOf,
} from '../../../engine/index.ts';
import { type Detectable, confidence, detectableOf } from '../evaluate/index.ts';
import type { MeasuredSetting, SweepOutcome } from './run-sweep.ts';
import type { SweepDefinition } from './sweep-definition.ts';
import type { Figures } from './sweep-trials.ts';

/** Times of one trial with all threads busy; not reproducible. */
interface MeasuredTimes {
  readonly msPerQueryP50: number;
  readonly msPerQueryP99: number;
  readonly seconds: number;
}

/** The result of one trial. Everything but `measured` is reproducible. */
export interface TrialReport {
  readonly trial: number;
  readonly name: string;
  readonly algorithm: AlgorithmName;
  /** The parameters that the search varies. */
  readonly varied: Params;
  readonly params: Params;
  readonly figures: Figures;
  /** Of the deciding metric. */
  readonly interval: Interval;
  readonly measured: MeasuredTimes;
}

/** The output of `pinwalk sweep --json`. */
export interface SweepReport {
  readonly metric: AccuracyMetric;
  readonly k: number;
  readonly randomSeed: number;
  readonly confidence: number;
  readonly resamples: number;
  readonly search: SweepDefinition['search'];
  readonly limits: SweepDefinition['limits'];
  readonly ties: SweepOutcome['ties'];
  readonly rungs: readonly Rung[];
  /** Best first within each round, the last round first. */
  readonly trials: readonly (TrialReport & {
    readonly rung: number;
    /** Whether a measured time exceeds the limits of the file. */
    readonly isOverLimits: boolean;
    /** The best minus this one, for the same users; null except in the last round. */
    readonly behindBest: Interval | null;
    /** Whether it is within the limits and not distinguishable from the best. */
    readonly isWithinNoise: boolean;
  })[];
  readonly chosen: Pick<TrialReport, 'trial' | 'name' | 'algorithm' | 'varied' | 'params'> | null;
  readonly test: {
    readonly chosen: TrialReport;
    readonly baseline: TrialReport;
    /** Chosen minus baseline, in the deciding metric; p of the paired test. */
    readonly difference: {
      readonly mean: number;
      readonly interval: Interval;
      readonly detectable: Detectable;
      readonly p: number;
    };
  } | null;
  readonly warnings: readonly string[];
}

/** With fewer users, bootstrap intervals are too narrow. */
const usersMin = 50;

/** The report of a sweep: intervals, the paired test against the baseline, and warnings. Seeded. */
export function reportSweep(sweep: SweepDefinition, outcome: SweepOutcome): SweepReport {
  const { metric, k, randomSeed, resamples, search, limits } = sweep;
  const { rungs, settings, chosen, test, ties } = outcome;
  const last = settings.filter(({ rung }) => rung === rungs.length);
  const resampled = resampledMeans(
    last.map(({ trial }) => trial.perUser),
    resamples,
    randomSeed,
  );
  const meansOfLast = new Map(last.map((one, i) => [one, resampled[i]!]));
  const meansOf = (one: MeasuredSetting): Float64Array =>
    meansOfLast.get(one) ?? resampledMeans([one.trial.perUser], resamples, randomSeed)[0]!;
  const best = resampled[0]!;
  const trials = settings.map((one) => {
    const means = meansOfLast.get(one);
    const behindBest =
      means === undefined
        ? null
        : percentileInterval(
            best.map((mean, i) => mean - means[i]!),
            confidence,
          );
    const isWithinNoise = behindBest !== null && behindBest.low <= 0 && !one.isOverLimits;
    return Object.assign(trialReport(one, meansOf(one)), {
      rung: one.rung,
      isOverLimits: one.isOverLimits,
      behindBest,
      isWithinNoise,
    });
  });
  return {
    metric,
    k,
    randomSeed,
    confidence,
    resamples,
    search,
    limits,
    ties,
    rungs,
    trials,
    chosen: chosen === undefined ? null : settingOf(chosen),
    test: test === undefined ? null : testReport(test, sweep),
    warnings: warningsOf(sweep, outcome, trials),
  };
}

function settingOf({
  number,
  name,
  algorithm,
  varied,
  params,
}: MeasuredSetting): NonNullable<SweepReport['chosen']> {
  return { trial: number, name, algorithm, varied, params };
}

function testReport(
  { chosen, baseline }: NonNullable<SweepOutcome['test']>,
  { resamples, randomSeed }: SweepDefinition,
): NonNullable<SweepReport['test']> {
  const [a, b] = [chosen.trial.perUser, baseline.trial.perUser];
  const [ofChosen, ofBaseline] = resampledMeans([a, b], resamples, randomSeed);
  const differences = a.map((value, user) => value - b[user]!);
  const means = ofChosen!.map((mean, i) => mean - ofBaseline![i]!);
  return {
    chosen: trialReport(chosen, ofChosen!),
    baseline: trialReport(baseline, ofBaseline!),
    difference: {
      mean: differences.reduce((sum, each) => sum + each, 0) / differences.length,
      interval: percentileInterval(means, confidence),
      detectable: detectableOf(differences, b),
      p: pairedPValue(differences, resamples, randomSeed),
    },
  };
}

function trialReport(
  { number, name, algorithm, varied, params, figures, trial }: MeasuredSetting,
  means: Float64Array,
): TrialReport {
  const { msPerQueryP50, msPerQueryP99, seconds } = trial;
  const measured = { msPerQueryP50, msPerQueryP99, seconds };
  const interval = percentileInterval(means, confidence);
  return { trial: number, name, algorithm, varied, params, figures, interval, measured };
}

function warningsOf(
  { limits, baseline }: SweepDefinition,
  { chosen, settings, test, testLooks }: SweepOutcome,
  trials: SweepReport['trials'],
): string[] {
  const warnings: string[] = [];
  const equals = trials.filter(({ isWithinNoise }) => isWithinNoise).length;
  if (chosen === undefined) {
    const limitTexts = Object.entries(limits).map(([name, limit]) => `${name} ${limit}`);
    warnings.push(
      `no setting is within the limits (${limitTexts.join(', ')}): none is chosen, and the test part is not evaluated`,
    );
  }
  if (equals > 1) {
    warnings.push(
      `${equals} of the ${trials.length} settings are not distinguishable from the best: their order is partly luck, and the ` +
        "validation metric of the best is too optimistic (the winner's curse); rely on the test part",
    );
  }
  const { users = 0 } = settings[0]?.figures ?? {};
  if (users < usersMin) warnings.push(`only ${users} users: the intervals are too narrow`);
  if (chosen !== undefined && test !== undefined) {
    const { algorithm, params } = settingsOf(resolvePipeline(baseline));
    if (chosen.algorithm === algorithm && JSON.stringify(chosen.params) === JSON.stringify(params)) {
      warnings.push(`the chosen setting is ${baseline.name} itself: nothing to change`);
    }
  }
  if (testLooks > 1) {
    warnings.push(
      `${testLooks} settings have been chosen and measured on this test part so far: with each, the best of them looks better ` +
        'than it is; decide by the first, or on saves that no sweep has used',
    );
  }
  return warnings;
}
