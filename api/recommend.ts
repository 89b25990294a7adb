import {
  type AlgorithmName,
  type Params,
  type PinIndex,
  type Query,
  type ReasonScratch,
  type ScoredPin,
  type Stats,
  Engine,
  EngineError,
  TopPins,
  correctHubs,
  createReasonScratch,
  degreeOf,
  diversify,
  findReasons,
  intraListDiversity,
  nodeCount,
} from '../engine/index.ts';
import type { LoadedSnapshot, PinRow, Store } from '../graph-data/index.ts';
import { compileFilter } from './filter.ts';
import { Problem } from './problems.ts';
import { type RecommendationReason, tellReason } from './reason-texts.ts';
import { type RecommendationRequest, resolveAlgorithm } from './schemas.ts';

/** The answer to a recommendation request. */
export interface RecommendationAnswer {
  readonly recommendationId: string;
  readonly graphVersion: string;
  readonly algorithm: {
    readonly name: AlgorithmName;
    /** The preset that was asked for, if any. */
    readonly preset?: string;
    /** As resolved: every parameter that had a part in the answer. */
    readonly params: Params;
  };
  readonly randomSeed: number;
  readonly items: readonly RecommendedPin[];
  /** What the algorithm tells about its work, figures of the answer, and times. */
  readonly stats: Stats & {
    /** Whether the algorithm alone found too few pins, and others were added from further away. */
    readonly widened: boolean;
    /** Mean unlikeness of two items by their communities, 0 to 1. */
    readonly intraListDiversity: number;
    /** Mean number of boards of the items. */
    readonly meanPopularity: number;
    readonly walkMs: number;
    readonly queueMs: number;
  };
  /** Ids of the query that are not in the graph. */
  readonly missing: readonly string[];
  readonly fallback: null;
}

export interface RecommendedPin {
  /** From 1. */
  readonly rank: number;
  readonly pin: string;
  /** Larger is better; for walks and paths, the share of visits, sharpened and discounted. */
  readonly score: number;
  /** Visits of the walk, for walks that count them at pins. */
  readonly visits?: number;
  readonly reason?: RecommendationReason;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface RecommenderDeps {
  readonly store: Store;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  readonly newId: () => string;
}

/** Candidates that diversity and hub correction choose from, for each item of the answer. */
const poolPerItem = 5;

/** Answers recommendation requests one after another, on one set of scratch arrays. */
export class Recommender {
  readonly #deps: RecommenderDeps;
  readonly #reasonScratch: ReasonScratch = createReasonScratch();
  #engine: Engine | undefined;

  constructor(deps: RecommenderDeps) {
    this.#deps = deps;
  }

  /**
   * Same snapshot, request and seed: the same items. Throws the problem `unknown-pin` when none of the query's pins
   * is in the graph (those that are not are listed in `missing`), and `invalid-request` for parameters that do not
   * go together.
   */
  recommend(snapshot: LoadedSnapshot, request: RecommendationRequest): RecommendationAnswer {
    const { store, now, newId } = this.#deps;
    const { query, missing } = this.#resolveQuery(snapshot, request);
    const algorithm = resolveAlgorithm(request);
    if (this.#engine?.graph !== snapshot.graph) this.#engine = new Engine(snapshot.graph);
    const started = now();
    const { best, stats, widened } = this.#rank(this.#engine, snapshot, query, algorithm, request);
    const walkMs = now() - started;
    const reasons = request.explain
      ? findReasons(
          snapshot.graph,
          query,
          best.map(({ pin }) => pin),
          this.#reasonScratch,
        )
      : [];
    const countsPins = algorithm.name === 'pixie' && algorithm.params['lastHop'] === 'drawn';
    const { visits } = this.#engine.walkScratch;
    const items = best.map(({ pin, score }, place): RecommendedPin => {
      const row = store.pinAt(pin);
      const reason = reasons[place];
      return {
        rank: place + 1,
        pin: row?.key ?? '',
        score,
        ...(countsPins && { visits: visits.visitCountOf(pin) }),
        ...(reason !== undefined && { reason: tellReason(reason, store) }),
        ...(request.fields.length > 0 && row !== undefined && { fields: pick(row, request.fields) }),
      };
    });
    const pins = best.map(({ pin }) => pin);
    const boards = pins.reduce((sum, pin) => sum + degreeOf(snapshot.graph.pinToBoard, pin), 0);
    return {
      recommendationId: newId(),
      graphVersion: snapshot.version,
      algorithm,
      randomSeed: request.randomSeed,
      items,
      stats: {
        ...stats,
        widened,
        intraListDiversity: intraListDiversity(pins, communitiesOf(snapshot)),
        meanPopularity: pins.length === 0 ? 0 : boards / pins.length,
        walkMs: Math.round(walkMs * 1000) / 1000,
        queueMs: 0,
      },
      missing,
      fallback: null,
    };
  }

  /** The items of the answer: what the algorithm found, then from further away, then made diverse. */
  #rank(
    engine: Engine,
    snapshot: LoadedSnapshot,
    query: Query,
    { name, params }: RecommendationAnswer['algorithm'],
    request: RecommendationRequest,
  ): { best: readonly ScoredPin[]; stats: Stats; widened: boolean } {
    const { limit, diversity, hubCorrection, minRelevance, randomSeed } = request;
    const pinCount = nodeCount(snapshot.graph.pinToBoard);
    const isReranked = diversity > 0 || hubCorrection !== 0;
    const poolSize = Math.min(isReranked ? limit * poolPerItem : limit, pinCount);
    const isExcluded = this.#exclusions(request);
    const ask = (algorithm: AlgorithmName, given: Params, exclude: typeof isExcluded) => {
      const top = new TopPins(poolSize);
      try {
        return {
          stats: engine.recommend(algorithm, query, given, randomSeed, top, exclude),
          found: top.drain(),
        };
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        const fault = { pointer: `/params/${error.field}`, code: error.code, detail: error.message };
        throw new Problem('invalid-request', error.message, [fault]);
      }
    };
    const { stats, found } = ask(name, params, isExcluded);
    const ranked = [...found];
    let widened = false;
    // Filters and exclusions must not shorten an answer: what the walk missed is looked for without chance.
    if (ranked.length < Math.min(limit, pinCount) && name !== 'popular') {
      const known = new Set(ranked.map(({ pin }) => pin));
      const further = ask('ppr', widerParams, (pin) => known.has(pin) || isExcluded(pin)).found;
      widened = further.length > 0;
      const lowest = ranked.at(-1)?.score ?? Infinity;
      // Their scores are of another kind: they rank below what the algorithm found, in their own order.
      for (const { pin, score } of further) ranked.push({ pin, score: Math.min(score, lowest) });
    }
    const corrected =
      snapshot.pageRank === undefined ? ranked : correctHubs(ranked, snapshot.pageRank, hubCorrection);
    // Sharpened scores can be below 0: with no minimum asked for, all of them stay.
    const lowestRelevant = minRelevance === 0 ? -Infinity : minRelevance * (corrected[0]?.score ?? 0);
    const relevant = corrected.filter(({ score }) => score >= lowestRelevant);
    return { best: diversify(relevant, limit, diversity, communitiesOf(snapshot)), stats, widened };
  }

  #exclusions({ exclude, filter }: RecommendationRequest): (pin: PinIndex) => boolean {
    const { store } = this.#deps;
    const excluded = new Set(exclude.pins.map((pin) => store.pinIndexOf(pin)));
    if (filter === undefined) return (pin) => excluded.has(pin);
    const passes = compileFilter(filter);
    return (pin) => {
      if (excluded.has(pin)) return true;
      const row = store.pinAt(pin);
      return row === undefined || !passes(row);
    };
  }

  /** The query by pin index, and the pins that the graph does not have. */
  #resolveQuery(
    snapshot: LoadedSnapshot,
    request: RecommendationRequest,
  ): { query: Query; missing: string[] } {
    const pinCount = nodeCount(snapshot.graph.pinToBoard);
    const weights = new Map<number, number>();
    const missing = new Set<string>();
    for (const { pin, weight } of request.query) {
      const index = this.#deps.store.pinIndexOf(pin);
      // A pin that came after the build is in the database and not yet in the graph.
      if (index === undefined || index >= pinCount) missing.add(pin);
      else weights.set(index, (weights.get(index) ?? 0) + weight);
    }
    if (weights.size === 0) {
      const names = [...missing].map((pin) => JSON.stringify(pin)).join(', ');
      throw new Problem('unknown-pin', `the graph does not have ${names}`);
    }
    return { query: { pins: [...weights.keys()], weights: [...weights.values()] }, missing: [...missing] };
  }
}

/** For answers that came back short: everything that some 200,000 boards reach from the query. */
const widerParams: Params = { restartProbability: 0.3, residualMax: 1e-9, boardsMax: 200_000 };

function communitiesOf({ communities, graph }: LoadedSnapshot): {
  levels: number;
  pinCount: number;
  pins: Int32Array;
} {
  const pinCount = nodeCount(graph.pinToBoard);
  return { levels: communities?.levels ?? 0, pinCount, pins: communities?.pins ?? new Int32Array(0) };
}

function pick(row: PinRow, fields: readonly string[]): Record<string, unknown> {
  const stored = new Map<string, unknown>([...Object.entries(row.attributes), ...Object.entries(row)]);
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = field === 'key' || field === 'attributes' ? undefined : stored.get(field);
      return value === undefined || value === null ? [] : [[field, value]];
    }),
  );
}
