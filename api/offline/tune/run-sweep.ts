import {
  type Rung,
  type SplitTies,
  meanOf,
  resolvePipeline,
  settingsOf,
  survivors,
} from '../../../engine/index.ts';
import type { Trial } from '../../../graph-data/index.ts';
import { EvaluationPool } from '../evaluate/index.ts';
import { type NumberedSettings, type SweepPlan, type SweepSplits, planSweep } from './plan-sweep.ts';
import type { SweepDefinition } from './sweep-definition.ts';
import { type Figures, type Part, type SweepOptions, SweepTrials } from './sweep-trials.ts';
import { splitHash } from './trial-key.ts';

/** A setting with the results of its last trial. */
export interface MeasuredSetting extends NumberedSettings {
  /** The last round that it was in, from 1. */
  readonly rung: number;
  readonly figures: Figures;
  readonly isOverLimits: boolean;
  readonly trial: Trial;
}

/** The results of a sweep. */
export interface SweepOutcome {
  readonly rungs: readonly Rung[];
  /** Best first within each round, the last round first. */
  readonly settings: readonly MeasuredSetting[];
  /** The best within the limits; undefined if there is none. */
  readonly chosen?: MeasuredSetting | undefined;
  readonly test?: { readonly chosen: MeasuredSetting; readonly baseline: MeasuredSetting } | undefined;
  /** How many settings were ever chosen and measured on this test part, by this file of results. */
  readonly testLooks: number;
  /** Ties of time that the seed broke; null with splits that they cannot affect. */
  readonly ties: { readonly validation: SplitTies | null; readonly test: SplitTies | null };
}

/**
 * Runs a sweep: measures its settings round by round on the validation part, chooses the best within the limits, and
 * measures that one and the baseline once on the test part. Stored trials do not run again, so an interrupted sweep
 * resumes, and produces the same metrics. Throws the reason of an aborted `signal`.
 */
export async function runSweep(
  sweep: SweepDefinition,
  splits: SweepSplits,
  options: SweepOptions,
): Promise<SweepOutcome> {
  const { signal, threads } = options;
  const pool = new EvaluationPool(threads, sweep.linear);
  // Makes running tasks fail.
  const stop = (): void => void pool.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const plan = planSweep(sweep, splits);
    const { rungs } = plan;
    const trials = new SweepTrials(sweep, plan, options, pool);
    const settings = await runRounds(sweep, splits, plan, trials);
    const chosen = settings[0]?.isOverLimits === false ? settings[0] : undefined;
    const test = chosen && (await runTest(sweep, splits, chosen, trials));
    const testLooks = options.store.count(splitHash([splits.test]), 'chosen');
    const ties = { validation: splits.validation[0]!.ties ?? null, test: splits.test.ties ?? null };
    return { rungs, settings, chosen, test, testLooks, ties };
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.destroy();
  }
}

/** Measures all settings, each round on more users, and reports each setting in its last round. */
async function runRounds(
  sweep: SweepDefinition,
  { validation }: SweepSplits,
  { settings, rungs }: SweepPlan,
  trials: SweepTrials,
): Promise<MeasuredSetting[]> {
  const hash = splitHash(validation);
  // Metrics are at most 1: a setting over a limit ranks behind all others.
  const scoreOf = (one: MeasuredSetting): number => meanOf(one.trial.perUser) - 2 * Number(one.isOverLimits);
  const byRound: MeasuredSetting[][] = [];
  let running = settings;
  for (const [i, { users, settings: count }] of rungs.entries()) {
    const part: Part = { purpose: 'validation', splits: validation, hash, usersMax: users };
    const round: MeasuredSetting[] = [];
    for (const [place, setting] of running.entries()) {
      const prefix = rungs.length === 1 ? '' : `round ${i + 1} of ${rungs.length}, `;
      const result = await trials.run(setting, part, `${prefix}trial ${place + 1} of ${count}`);
      round.push({ ...setting, rung: i + 1, ...result, isOverLimits: isOverLimits(sweep, result.trial) });
    }
    const left = new Set(survivors(round.map(scoreOf), rungs[i + 1]?.settings ?? round.length));
    const ranked = round.toSorted((a, b) => scoreOf(b) - scoreOf(a) || a.number - b.number);
    const isLast = i === rungs.length - 1;
    byRound.unshift(isLast ? ranked : ranked.filter((one) => !left.has(round.indexOf(one))));
    running = running.filter((_, place) => left.has(place));
  }
  return byRound.flat();
}

async function runTest(
  sweep: SweepDefinition,
  splits: SweepSplits,
  chosen: MeasuredSetting,
  trials: SweepTrials,
): Promise<NonNullable<SweepOutcome['test']>> {
  const part = {
    splits: [splits.test],
    hash: splitHash([splits.test]),
    usersMax: sweep.testUsers ?? Infinity,
  };
  const { name } = sweep.baseline;
  const baseline = { number: 0, name, varied: {}, rung: 0, ...settingsOf(resolvePipeline(sweep.baseline)) };
  const ofChosen = await trials.run(chosen, { ...part, purpose: 'chosen' }, 'chosen setting, test part');
  const ofBaseline = await trials.run(baseline, { ...part, purpose: 'baseline' }, `${name}, test part`);
  return {
    chosen: { ...chosen, ...ofChosen, isOverLimits: isOverLimits(sweep, ofChosen.trial) },
    baseline: { ...baseline, ...ofBaseline, isOverLimits: isOverLimits(sweep, ofBaseline.trial) },
  };
}

function isOverLimits({ limits }: SweepDefinition, { msPerQueryP50, msPerQueryP99 }: Trial): boolean {
  const { p50Ms = Infinity, p99Ms = Infinity } = limits;
  return msPerQueryP50 > p50Ms || msPerQueryP99 > p99Ms;
}
