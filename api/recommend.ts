import { type WalkScratch, TopPins, createWalkScratch, nodeCount, pixie } from '../engine/index.ts';
import type { LoadedSnapshot, PinRow, Store } from '../graph-data/index.ts';
import { Problem } from './problems.ts';
import type { RecommendationRequest } from './schemas.ts';

/** The answer to a recommendation request. */
export interface RecommendationAnswer {
  readonly recommendationId: string;
  readonly graphVersion: string;
  readonly algorithm: { readonly name: 'pixie'; readonly params: RecommendationRequest['params'] };
  readonly randomSeed: number;
  readonly items: readonly RecommendedPin[];
  readonly stats: {
    /** Steps that were walked. */
    readonly steps: number;
    readonly stoppedEarly: boolean;
    /** Distinct pins that the walk came upon and that could have been recommended. */
    readonly candidates: number;
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
  /** Share of the walk's visits, 0 to 1. */
  readonly score: number;
  readonly visits: number;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface RecommenderDeps {
  readonly store: Store;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  readonly newId: () => string;
}

/** Answers recommendation requests one after another, on one set of scratch arrays. */
export class Recommender {
  readonly #deps: RecommenderDeps;
  readonly #scratch: WalkScratch = createWalkScratch();

  constructor(deps: RecommenderDeps) {
    this.#deps = deps;
  }

  /**
   * Same snapshot, request and seed: the same items. Throws the problem `unknown-pin` when none of the
   * query's pins is in the graph; the pins that are not are listed in `missing`.
   */
  recommend(snapshot: LoadedSnapshot, request: RecommendationRequest): RecommendationAnswer {
    const { store, now, newId } = this.#deps;
    const { graph } = snapshot;
    const { weights, missing } = this.#resolveQuery(snapshot, request);
    const excluded = new Set(request.exclude.pins.map((pin) => store.pinIndexOf(pin)));
    const top = new TopPins(Math.min(request.limit, nodeCount(graph.pinToBoard)));
    const started = now();
    const stats = pixie(
      graph,
      { pins: [...weights.keys()], weights: [...weights.values()] },
      request.params,
      request.randomSeed,
      this.#scratch,
      top,
      (pin) => excluded.has(pin),
    );
    const best = top.drain();
    const walkMs = now() - started;

    const items: RecommendedPin[] = [];
    for (const { pin, score } of best) {
      const row = store.pinAt(pin);
      if (row === undefined) continue;
      const visits = this.#scratch.visits.visitCountOf(pin);
      const item = { rank: items.length + 1, pin: row.key, score, visits };
      items.push(request.fields.length === 0 ? item : { ...item, fields: pick(row, request.fields) });
    }
    return {
      recommendationId: newId(),
      graphVersion: snapshot.version,
      algorithm: { name: 'pixie', params: request.params },
      randomSeed: request.randomSeed,
      items,
      stats: { ...stats, walkMs: Math.round(walkMs * 1000) / 1000, queueMs: 0 },
      missing,
      fallback: null,
    };
  }

  /** Weights by pin index, and the pins that the graph does not have. */
  #resolveQuery(
    snapshot: LoadedSnapshot,
    request: RecommendationRequest,
  ): { weights: Map<number, number>; missing: string[] } {
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
    return { weights, missing: [...missing] };
  }
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
