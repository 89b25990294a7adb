import {
  type AccuracyMetric,
  type Params,
  type RecommendedPins,
  type Rung,
  type SaveSplit,
  accuracyMetrics,
  meanOf,
  resolvePipeline,
  rungsOf,
  settingsOf,
  survivors,
} from '../../../engine/index.ts';
import type { Trial, TrialPurpose, TrialStore } from '../../../graph-data/index.ts';
import {
  type ListOptions,
  EvaluationPool,
  type Evaluation,
  type NamedSettings,
  evaluatedBoards,
  evaluateOne,
} from '../evaluate/index.ts';
import type { SweepDefinition } from './sweep-definition.ts';
import { settingsToTry } from './sweep-settings.ts';
import { codeHash, splitHash, trialKey } from './trial-key.ts';

/** The splits of a sweep. */
export interface SweepSplits {
  readonly validation: readonly SaveSplit[];
  readonly test: SaveSplit;
}

/** Figures of a setting, which the same saves, split, setting and code give again. */
export interface Figures extends Readonly<Record<AccuracyMetric, number>>, RecommendedPins {
  readonly users: number;
  readonly diversity: number;
}

/** A trial and what it is of. */
export interface Tried {
  /** Its number in the sweep, from 1. */
  readonly number: number;
  /** The algorithm or preset that the file names. */
  readonly name: string;
  readonly algorithm: NamedSettings['algorithm'];
  /** What the search varied. */
  readonly varied: Params;
  /** As resolved. */
  readonly params: Params;
  /** Its last round, from 1. */
  readonly rung: number;
  readonly figures: Figures;
  readonly isOverLimits: boolean;
  readonly trial: Trial;
}

/** What a sweep came to: the trials, best first within each round, the last round first. */
export interface SweepOutcome {
  readonly rungs: readonly Rung[];
  readonly tried: readonly Tried[];
  /** The best that keeps to the limits; undefined when none does. */
  readonly chosen?: Tried | undefined;
  readonly test?: { readonly chosen: Tried; readonly baseline: Tried } | undefined;
  /** Settings ever chosen and measured on this test part, by this file of results. */
  readonly testLooks: number;
}

export interface SweepProgress {
  readonly what: string;
  /** Queries that are done, of all, those of kept trials among both. */
  readonly done: number;
  readonly total: number;
  /** Queries of trials that were kept from before. */
  readonly kept: number;
}

interface SweepOptions {
  readonly store: TrialStore;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SweepProgress) => void) | undefined;
}

/** A setting of a sweep: its parameters are resolved. */
interface NumberedSettings extends NamedSettings {
  /** From 1. */
  readonly number: number;
  /** What the search varied. */
  readonly varied: Params;
}

/** What a sweep will do. */
export interface SweepPlan {
  readonly settings: readonly NumberedSettings[];
  readonly rungs: readonly Rung[];
  /** Queries of all rounds and of the test part. */
  readonly queries: number;
}

/** The settings of a sweep and how many users each round evaluates. */
export function planSweep(question: SweepDefinition, { validation, test }: SweepSplits): SweepPlan {
  const { search, space, randomSeed, users = Infinity, testUsers = Infinity } = question;
  const settings = settingsToTry(search, space, randomSeed).map(
    ({ space: { name, algorithm, params: searched }, params }, i) => {
      const varied = Object.fromEntries(Object.keys(searched).map((param) => [param, params[param]!]));
      const { params: all } = settingsOf(resolvePipeline({ algorithm, params }));
      return { number: i + 1, name, varied, algorithm, params: all };
    },
  );
  const all = new Set(evaluatedBoards(validation, { randomSeed }).flatMap((boards) => Array.from(boards)))
    .size;
  const usersMax = Math.min(users, all);
  const rungs =
    search.method === 'halving'
      ? rungsOf(settings.length, usersMax, search.eta, search.usersMin)
      : [{ settings: settings.length, users: usersMax }];
  const asked = rungs.reduce((sum, rung) => sum + rung.settings * rung.users, 0) * validation.length;
  const ofTest = Math.min(testUsers, evaluatedBoards([test], { randomSeed })[0]!.length);
  return { settings, rungs, queries: asked + 2 * ofTest };
}

/**
 * Runs a sweep: measures its settings round by round on the validation part, chooses the best that keeps to the limits, and
 * asks that one and the baseline, once, on the test part. Trials that the store has are not run again, so a sweep that was
 * killed goes on where it was and comes to the same figures. Throws what made `signal` abort.
 */
export async function runSweep(
  question: SweepDefinition,
  splits: SweepSplits,
  options: SweepOptions,
): Promise<SweepOutcome> {
  const { signal, threads } = options;
  const pool = new EvaluationPool(threads);
  // Running tasks fail then.
  const stop = (): void => void pool.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await runTrials(question, splits, options, pool);
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.destroy();
  }
}

async function runTrials(
  question: SweepDefinition,
  splits: SweepSplits,
  options: SweepOptions,
  pool: EvaluationPool,
): Promise<SweepOutcome> {
  const { settings, rungs, queries } = planSweep(question, splits);
  const code = codeHash();
  let [done, kept] = [0, 0];
  const measure = async (
    setting: NumberedSettings,
    rung: number,
    part: Part,
    what: string,
  ): Promise<Tried> => {
    options.signal?.throwIfAborted();
    const { name, algorithm, varied, params, number } = setting;
    const asked = askedOf(question, setting, part.usersMax);
    const key = trialKey(code, part.hash, asked);
    const before = options.store.get(key);
    const onProgress = (ofTrial: number, total: number): void => {
      options.onProgress?.({ what, done: done + ofTrial, total: Math.max(queries, done + total), kept });
    };
    const trial =
      before ??
      options.store.put({
        key,
        ...(await measured(question, setting, part, { pool, threads: options.threads, onProgress })),
      });
    const figures = JSON.parse(trial.figures) as Figures;
    const ofTrial = Math.min(part.usersMax, figures.users) * part.splits.length;
    done += ofTrial;
    if (before !== undefined) kept += ofTrial;
    const isOverLimits = !keepsTo(question.limits, trial);
    return { number, name, algorithm, varied, params, rung, figures, isOverLimits, trial };
  };

  const validationHash = splitHash(splits.validation);
  // What is over a limit comes behind all that is not.
  const scoreOf = (one: Tried): number => meanOf(one.trial.perUser) - 2 * Number(one.isOverLimits);
  const out: Tried[][] = [];
  let running = settings;
  for (const [i, { users, settings: count }] of rungs.entries()) {
    const part: Part = {
      purpose: 'validation',
      splits: splits.validation,
      hash: validationHash,
      usersMax: users,
    };
    const round: Tried[] = [];
    for (const [place, setting] of running.entries()) {
      const what = rungs.length === 1 ? '' : `round ${i + 1} of ${rungs.length}, `;
      round.push(await measure(setting, i + 1, part, `${what}trial ${place + 1} of ${count}`));
    }
    const left = new Set(survivors(round.map(scoreOf), rungs[i + 1]?.settings ?? round.length));
    const ranked = round.toSorted((a, b) => scoreOf(b) - scoreOf(a) || a.number - b.number);
    // Survivors are reported in their last round.
    const isLast = i === rungs.length - 1;
    out.unshift(isLast ? ranked : ranked.filter((one) => !left.has(round.indexOf(one))));
    running = running.filter((_, place) => left.has(place));
  }
  const tried = out.flat();
  const chosen = tried[0]?.isOverLimits === false ? tried[0] : undefined;
  const hash = splitHash([splits.test]);
  if (chosen === undefined) return { rungs, tried, testLooks: options.store.count(hash, 'chosen') };

  const part = { splits: [splits.test], hash, usersMax: question.testUsers ?? Infinity };
  const baseline = { ...question.baseline, number: 0, varied: {} };
  const resolved = { ...baseline, ...settingsOf(resolvePipeline(question.baseline)) };
  const onTest = {
    chosen: await measure(chosen, chosen.rung, { ...part, purpose: 'chosen' }, 'the chosen one, test part'),
    baseline: await measure(resolved, 0, { ...part, purpose: 'baseline' }, `${baseline.name}, test part`),
  };
  return { rungs, tried, chosen, test: onTest, testLooks: options.store.count(hash, 'chosen') };
}

/** How many trials of the first round are kept from before. */
export function keptTrials(
  question: SweepDefinition,
  splits: SweepSplits,
  { settings, rungs }: SweepPlan,
  store: TrialStore,
): number {
  const [code, split] = [codeHash(), splitHash(splits.validation)];
  const isKept = (setting: NamedSettings): boolean =>
    store.get(trialKey(code, split, askedOf(question, setting, rungs[0]!.users))) !== undefined;
  return settings.filter(isKept).length;
}

interface Part {
  readonly purpose: TrialPurpose;
  readonly splits: readonly SaveSplit[];
  readonly hash: string;
  readonly usersMax: number;
}

/** What determines the figures of a trial, beside the code and the split. Threads do not, nor does the setting's name. */
function askedOf(question: SweepDefinition, { algorithm, params }: NamedSettings, usersMax: number): object {
  const { metric, k, queryPins, randomSeed } = question;
  return {
    algorithm,
    params,
    metric,
    k,
    queryPins: numberOrAll(queryPins),
    users: numberOrAll(usersMax),
    randomSeed,
  };
}

/** JSON has no Infinity. */
function numberOrAll(value: number): number | 'all' {
  return value === Infinity ? 'all' : value;
}

async function measured(
  question: SweepDefinition,
  setting: NamedSettings,
  { purpose, splits, hash, usersMax }: Part,
  options: Pick<ListOptions, 'threads' | 'pool' | 'onProgress'>,
): Promise<Omit<Trial, 'key'>> {
  const { metric, k, queryPins, randomSeed } = question;
  const how = { k, queryPins, randomSeed, usersMax, ...options };
  const { evaluation, perUser } = await evaluateOne(splits, setting, how);
  const { msPerQueryP50, msPerQueryP99, seconds } = evaluation;
  return {
    purpose,
    split: hash,
    setting: JSON.stringify(askedOf(question, setting, usersMax)),
    figures: JSON.stringify(figuresOf(evaluation)),
    perUser: perUser.accuracy[metric],
    msPerQueryP50,
    msPerQueryP99,
    seconds,
  };
}

function figuresOf(evaluation: Evaluation): Figures {
  const names = [
    ...accuracyMetrics,
    'coverage',
    'gini',
    'novelty',
    'diversity',
    'popularity',
    'longTail',
  ] as const;
  const figures = Object.fromEntries(names.map((name) => [name, evaluation[name]]));
  return { users: evaluation.users, ...figures } as unknown as Figures;
}

function keepsTo({ p50Ms = Infinity, p99Ms = Infinity }: SweepDefinition['limits'], trial: Trial): boolean {
  return trial.msPerQueryP50 <= p50Ms && trial.msPerQueryP99 <= p99Ms;
}
