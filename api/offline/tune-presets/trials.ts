import {
  type AccuracyMetric,
  type Params,
  type Pipeline,
  type PipelineSettings,
  type SaveSplit,
  accuracyOf,
  rankingParams,
  resolvePipeline,
} from '../../../engine/index.ts';
import { type ListOptions, recommendListsOf } from '../evaluate/index.ts';

/** Length of the measured lists. */
export const k = 20;
/** NDCG decides; recall must not fall. */
export type DecidingMetric = Extract<AccuracyMetric, 'ndcg' | 'recall'>;
/** By user. */
export type Columns = Readonly<Record<DecidingMetric, Float64Array>>;

/** Queries that are run between two looks at the clock. */
const queriesPerLook = 1_024;
/** Of a query beside its steps, and of scoring the same walk once more, in steps of a walk: 0.05 µs each. */
const queryCost = 15_000;
const scoringCost = 5_000;

/** Why nothing more is measured: the planned work is done, or the clock ended it early. */
export type Ended = 'work' | 'clock';

/** The data on which the trials of one preset are measured. */
export interface TrialQueries extends Pick<ListOptions, 'queryPins' | 'known' | 'areUsers'> {
  readonly split: SaveSplit;
  /** Boards or users, in a random order. */
  readonly nodes: Int32Array;
}

export interface TrialOptions extends Pick<
  ListOptions,
  'pool' | 'randomSeed' | 'threads' | 'models' | 'servedAs'
> {
  /** Steps of walks that may be made. */
  readonly workMax: number;
  /** The settings that result from some changes of levers. */
  readonly settingsFor: (changes: Params) => PipelineSettings;
  /** Of an exact query, in steps of a walk. */
  readonly exactCost: number;
  readonly isOver: () => boolean;
  readonly onWork: (work: number) => void;
}

/**
 * Parameters of `pixie` and `paths` that change only the scores of what a query has found, so trials share the
 * query.
 */
const scoringParams: ReadonlySet<string> = new Set([...rankingParams, 'z']);

/** Measures settings of one preset on the same users, each setting once a user. Counts the work before it is done. */
export class Trials {
  readonly #queries: TrialQueries;
  readonly #options: TrialOptions;
  readonly #known = new Map<string, Columns>();
  #work = 0;
  ended: Ended | undefined;

  constructor(queries: TrialQueries, options: TrialOptions) {
    this.#queries = queries;
    this.#options = options;
  }

  /** Of the work that may be done. */
  get workLeft(): number {
    return Math.max(this.#options.workMax - this.#work, 0);
  }

  /**
   * By setting, the metrics of each of the first `users` users. Undefined when that is more work than is left, or when
   * the time is over.
   */
  async measure(settings: readonly Params[], users: number): Promise<readonly Columns[] | undefined> {
    const nodes = this.#queries.nodes.subarray(0, users);
    // Together where the same users are missing, so that they share walks.
    const missing = Map.groupBy(settings, (each) => this.#usersOf(each));
    for (const [from, some] of missing) {
      if (from < nodes.length) await this.#complete(some, nodes, from);
    }
    if (this.ended !== undefined) return undefined;
    return settings.map((each) => sliced(this.#known.get(keyOf(each))!, nodes.length));
  }

  /** The measurements of settings so far, over the users that all of them have been measured on. */
  measured(settings: readonly Params[]): readonly Columns[] {
    const users = Math.min(...settings.map((each) => this.#usersOf(each)));
    return users === 0 ? [] : settings.map((each) => sliced(this.#known.get(keyOf(each))!, users));
  }

  /** Measures settings for all nodes from a place on. */
  async #complete(settings: readonly Params[], nodes: Int32Array, from: number): Promise<void> {
    const { settingsFor, exactCost } = this.#options;
    const pipelines = settings.map((each) => resolvePipeline(settingsFor(each)));
    const work = costOf(pipelines, this.#queries.queryPins, exactCost) * (nodes.length - from);
    if (this.#work + work > this.#options.workMax) this.ended ??= 'work';
    for (let start = from; start < nodes.length && this.ended === undefined; start += queriesPerLook) {
      if (this.#options.isOver()) this.ended = 'clock';
      else await this.#extend(settings, pipelines, nodes.subarray(start, start + queriesPerLook));
    }
    this.#work += work;
    this.#options.onWork(work);
  }

  #usersOf(setting: Params): number {
    return this.#known.get(keyOf(setting))?.ndcg.length ?? 0;
  }

  async #extend(
    settings: readonly Params[],
    pipelines: readonly Pipeline[],
    nodes: Int32Array,
  ): Promise<void> {
    const { split, queryPins, known, areUsers } = this.#queries;
    const { pool, randomSeed, threads, models, servedAs } = this.#options;
    const options = { k, queryPins, known, areUsers, pool, randomSeed, threads, models, servedAs };
    const lists = await recommendListsOf(split, nodes, pipelines, options);
    for (const [i, setting] of settings.entries()) {
      const before = this.#known.get(keyOf(setting));
      const measured = accuracyOf(lists[i]!, split.heldOut);
      this.#known.set(keyOf(setting), {
        ndcg: Float64Array.from([...(before?.ndcg ?? []), ...measured.ndcg]),
        recall: Float64Array.from([...(before?.recall ?? []), ...measured.recall]),
      });
    }
  }
}

/** Steps of a query by all pipelines: those that share a walk, or exact masses, make it once. */
export function costOf(pipelines: readonly Pipeline[], queryPins: number, exactCost: number): number {
  const walks = new Map(
    pipelines.map(({ candidates }) => {
      const { algorithm, params, ...recency } = candidates;
      const ofWalk = Object.entries(params).filter(([name]) => !scoringParams.has(name));
      const most = Number(params['stepsPerQueryPin']) * queryPins;
      const cost = algorithm === 'pixie' ? Math.min(Number(params['steps']), most) : exactCost;
      return [JSON.stringify([algorithm, ofWalk, recency]), cost] as const;
    }),
  );
  const steps = [...walks.values()].reduce((sum, each) => sum + each + queryCost, 0);
  return steps + pipelines.length * scoringCost;
}

function keyOf(setting: Params): string {
  return JSON.stringify(Object.entries(setting).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function sliced(columns: Columns, users: number): Columns {
  return { ndcg: columns.ndcg.subarray(0, users), recall: columns.recall.subarray(0, users) };
}
