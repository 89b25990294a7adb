import {
  type AccuracyMetric,
  type RecommendedPins,
  type SaveSplit,
  accuracyMetrics,
  linearBuildParams,
  resolveParams,
} from '../../../engine/index.ts';
import type { Trial, TrialPurpose, TrialStore } from '../../../graph-data/index.ts';
import {
  type Evaluation,
  type EvaluationPool,
  type ListOptions,
  type NamedSettings,
  type OfflineModels,
  evaluateOne,
  modelState,
} from '../evaluate/index.ts';
import type { SweepPlan, SweepSplits } from './plan-sweep.ts';
import type { SweepDefinition } from './sweep-definition.ts';
import { codeHash, splitHash, trialKey } from './trial-key.ts';

/** The metrics of a trial: the same for the same saves, split, setting and code. */
export interface Figures extends Readonly<Record<AccuracyMetric, number>>, RecommendedPins {
  readonly users: number;
  readonly diversity: number;
}

/** The data that a trial is measured on. */
export interface Part {
  readonly purpose: TrialPurpose;
  readonly splits: readonly SaveSplit[];
  /** Of the splits. */
  readonly hash: string;
  readonly usersMax: number;
}

export interface SweepProgress {
  /** The trial that is running. */
  readonly what: string;
  /** Finished queries and all queries, both with those of stored trials. */
  readonly done: number;
  readonly total: number;
  /** Queries of trials that were already stored. */
  readonly kept: number;
}

export interface SweepOptions {
  readonly store: TrialStore;
  readonly threads: number;
  /** For settings with a `model`. */
  readonly models?: OfflineModels | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SweepProgress) => void) | undefined;
}

/** Runs the trials of a sweep. Each is stored when it completes; a stored trial does not run again. */
export class SweepTrials {
  readonly #sweep: SweepDefinition;
  readonly #queries: number;
  readonly #options: SweepOptions;
  readonly #pool: EvaluationPool;
  readonly #code: string = codeHash();
  #done = 0;
  #kept = 0;

  constructor(sweep: SweepDefinition, { queries }: SweepPlan, options: SweepOptions, pool: EvaluationPool) {
    this.#sweep = sweep;
    this.#queries = queries;
    this.#options = options;
    this.#pool = pool;
  }

  /** The trial of a setting on a part of the data. Throws the reason of an aborted signal. */
  async run(
    setting: NamedSettings,
    part: Part,
    what: string,
  ): Promise<{ readonly trial: Trial; readonly figures: Figures }> {
    const { store, signal, threads, models } = this.#options;
    signal?.throwIfAborted();
    const input = trialInput(this.#sweep, setting, part.usersMax, models);
    const key = trialKey(this.#code, part.hash, input);
    const stored = store.get(key);
    const onProgress = (ofTrial: number, ofTrialMax: number): void => {
      const done = this.#done + ofTrial;
      const total = Math.max(this.#queries, this.#done + ofTrialMax);
      this.#options.onProgress?.({ what, done, total, kept: this.#kept });
    };
    const options = { threads, models, pool: this.#pool, onProgress };
    const measure = () => measureTrial(this.#sweep, setting, input, part, options);
    const trial = stored ?? store.put({ key, ...(await measure()) });
    const figures = JSON.parse(trial.figures) as Figures;
    const queries = Math.min(part.usersMax, figures.users) * part.splits.length;
    this.#done += queries;
    if (stored !== undefined) this.#kept += queries;
    return { trial, figures };
  }
}

/** The number of trials of the first round that are already stored. */
export function countStoredTrials(
  sweep: SweepDefinition,
  { validation }: SweepSplits,
  { settings, rungs }: SweepPlan,
  store: TrialStore,
  models: OfflineModels | undefined,
): number {
  const [code, split] = [codeHash(), splitHash(validation)];
  const isStored = (setting: NamedSettings): boolean =>
    store.get(trialKey(code, split, trialInput(sweep, setting, rungs[0]!.users, models))) !== undefined;
  return settings.filter(isStored).length;
}

/** What determines the metrics of a trial beside code and split: neither the number of threads nor, without a model, the setting's name. */
function trialInput(
  sweep: SweepDefinition,
  { name, algorithm, params }: NamedSettings,
  usersMax: number,
  models: OfflineModels | undefined,
): object {
  const label = params['model'] ?? '';
  const { metric, k, queryPins, randomSeed, linear } = sweep;
  return {
    algorithm,
    params,
    ...(linear && { linear: resolveParams(linearBuildParams, linear) }),
    // A model knows lists by the name that they are served under.
    ...(models && label !== '' && { servedAs: name, models: modelState(models, String(label)) }),
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

async function measureTrial(
  sweep: SweepDefinition,
  setting: NamedSettings,
  input: object,
  { purpose, splits, hash, usersMax }: Part,
  options: Pick<ListOptions, 'threads' | 'pool' | 'models' | 'onProgress'>,
): Promise<Omit<Trial, 'key'>> {
  const { metric, k, queryPins, randomSeed } = sweep;
  const { evaluation, perUser } = await evaluateOne(splits, setting, {
    k,
    queryPins,
    randomSeed,
    usersMax,
    ...options,
  });
  const { msPerQueryP50, msPerQueryP99, seconds } = evaluation;
  return {
    purpose,
    split: hash,
    setting: JSON.stringify(input),
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
