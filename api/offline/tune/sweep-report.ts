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
import { confidence } from '../evaluate/index.ts';
import type { Figures, SweepOutcome, Tried } from './run-sweep.ts';
import type { SweepDefinition } from './sweep-definition.ts';

/** Times of one trial, with all its threads at work: another time they would be others. */
interface MeasuredTimes {
  readonly msPerQueryP50: number;
  readonly msPerQueryP99: number;
  readonly seconds: number;
}

/** A setting with its figures. Everything but `measured` comes out the same again. */
export interface TriedSetting {
  readonly trial: number;
  readonly name: string;
  readonly algorithm: AlgorithmName;
  /** What the search varied. */
  readonly varied: Params;
  readonly params: Params;
  readonly figures: Figures;
  /** About the mean of the metric that decides. */
  readonly interval: Interval;
  readonly measured: MeasuredTimes;
}

/** Everything that `pinwalk sweep --json` prints. */
export interface SweepReport {
  readonly metric: AccuracyMetric;
  readonly k: number;
  readonly randomSeed: number;
  readonly confidence: number;
  readonly resamples: number;
  readonly search: SweepDefinition['search'];
  readonly limits: SweepDefinition['limits'];
  readonly rungs: readonly Rung[];
  /** Best first within each round, the last round first. */
  readonly trials: readonly (TriedSetting & {
    readonly rung: number;
    /** Whether it takes longer than the file allows, as measured. */
    readonly isOverLimits: boolean;
    /** The best one minus this one, for the same users; null for other rounds than the last. */
    readonly behindBest: Interval | null;
    /** Whether the best is not surely better, of those that keep to the limits. */
    readonly isWithinNoise: boolean;
  })[];
  readonly chosen: Pick<TriedSetting, 'trial' | 'name' | 'algorithm' | 'varied' | 'params'> | null;
  readonly test: {
    readonly chosen: TriedSetting;
    readonly baseline: TriedSetting;
    /** Chosen minus baseline, of the metric that decides; p by the paired test. */
    readonly difference: { readonly mean: number; readonly interval: Interval; readonly p: number };
  } | null;
  readonly warnings: readonly string[];
}

/** Fewer make intervals too narrow. */
const usersFew = 50;

/** The report of a sweep: intervals, the paired test against the baseline, and what to beware of. Seeded. */
export function reportSweep(question: SweepDefinition, outcome: SweepOutcome): SweepReport {
  const { metric, k, randomSeed, resamples, search, limits } = question;
  const { rungs, tried, chosen, test } = outcome;
  const last = tried.filter(({ rung }) => rung === rungs.length);
  const resampled = resampledMeans(
    last.map(({ trial }) => trial.perUser),
    resamples,
    randomSeed,
  );
  const ofLast = new Map(last.map((one, i) => [one, resampled[i]!]));
  const meansOf = (one: Tried): Float64Array =>
    ofLast.get(one) ?? resampledMeans([one.trial.perUser], resamples, randomSeed)[0]!;
  const best = resampled[0]!;
  const trials = tried.map((one) => {
    const means = ofLast.get(one);
    const behindBest =
      means === undefined
        ? null
        : percentileInterval(
            best.map((mean, i) => mean - means[i]!),
            confidence,
          );
    const isWithinNoise = behindBest !== null && behindBest.low <= 0 && !one.isOverLimits;
    return Object.assign(toldOf(one, meansOf(one)), {
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
    rungs,
    trials,
    chosen: chosen === undefined ? null : settingOf(chosen),
    test: test === undefined ? null : testReport(test, question),
    warnings: warningsOf(question, outcome, trials),
  };
}

function settingOf({ number, name, algorithm, varied, params }: Tried): NonNullable<SweepReport['chosen']> {
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
    chosen: toldOf(chosen, ofChosen!),
    baseline: toldOf(baseline, ofBaseline!),
    difference: {
      mean: differences.reduce((sum, each) => sum + each, 0) / differences.length,
      interval: percentileInterval(means, confidence),
      p: pairedPValue(differences, resamples, randomSeed),
    },
  };
}

function toldOf(
  { number, name, algorithm, varied, params, figures, trial }: Tried,
  means: Float64Array,
): TriedSetting {
  const { msPerQueryP50, msPerQueryP99, seconds } = trial;
  const measured = { msPerQueryP50, msPerQueryP99, seconds };
  const interval = percentileInterval(means, confidence);
  return { trial: number, name, algorithm, varied, params, figures, interval, measured };
}

function warningsOf(
  { limits, baseline }: SweepDefinition,
  { chosen, tried, test, testLooks }: SweepOutcome,
  trials: SweepReport['trials'],
): string[] {
  const warnings: string[] = [];
  const alike = trials.filter(({ isWithinNoise }) => isWithinNoise).length;
  if (chosen === undefined) {
    const told = Object.entries(limits).map(([name, limit]) => `${name} ${limit}`);
    warnings.push(
      `no setting keeps to the limits (${told.join(', ')}): nothing is chosen, and the test part is not asked`,
    );
  }
  if (alike > 1) {
    warnings.push(
      `${alike} of the ${trials.length} settings cannot be told from the best: which of them came first is in part luck, ` +
        "and the best one's validation figure flatters it (the winner's curse); believe the figure of the test part",
    );
  }
  const { users = 0 } = tried[0]?.figures ?? {};
  if (users < usersFew) warnings.push(`only ${users} users: the intervals are too narrow`);
  if (chosen !== undefined && test !== undefined) {
    const { algorithm, params } = settingsOf(resolvePipeline(baseline));
    if (chosen.algorithm === algorithm && JSON.stringify(chosen.params) === JSON.stringify(params)) {
      warnings.push(`what was chosen is ${baseline.name} itself: there is nothing to change`);
    }
  }
  if (testLooks > 1) {
    warnings.push(
      `${testLooks} settings were chosen and looked at on this test part so far: the more there are, the more the best of ` +
        'them flatters itself; decide by the first, or on saves that no sweep has seen',
    );
  }
  return warnings;
}
