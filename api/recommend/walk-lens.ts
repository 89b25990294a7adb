import {
  type Params,
  type PinIndex,
  type Query,
  type TracedPath,
  type TracedQueryPin,
  WalkTrace,
  degreeOf,
} from '../../engine/index.ts';
import type { LoadedSnapshot, Store } from '../../graph-data/index.ts';
import { Problem } from '../base/index.ts';
import type { RecommendationAnswer, RecommendedItem, Recommender } from './recommend.ts';
import { type RecommendationRequest, resolveAlgorithm } from '../contract/index.ts';

/** One answered query under the lens: what its walk did, and how its answer came about. */
export interface WalkLens {
  /** The answer itself, with reasons and titles. */
  readonly answer: RecommendationAnswer;
  readonly steps: {
    /** Steps that the parameters allow this query. */
    readonly planned: number;
    /** Steps from the query pins. */
    readonly walked: number;
    /** Second steps of sharpening, which belong to no query pin. */
    readonly second: number;
    readonly stoppedEarly: boolean;
    /** Steps that led nowhere (`boardShrinkage`), and how many were to be expected. */
    readonly lost: number;
    readonly lostExpected: number;
  };
  /** After how many of the steps that were not lost a walker went home by chance. */
  readonly restarts: {
    readonly probability: number;
    readonly counted: number;
    readonly expected: number;
    /** Of the count, when each step draws on its own. */
    readonly standardDeviation: number;
  };
  /** Most steps first, ties in the order of the graph. */
  readonly queryPins: readonly LensQueryPin[];
  /** For each item, best first, the steps that ended there (boards, users: that went through it), by query pin. */
  readonly visits: readonly LensVisits[];
  /** How the answer comes about: see {@link convergenceParts}. */
  readonly convergence: readonly LensPrefix[];
  readonly paths: readonly LensPath[];
  /** The trace by index, for what is drawn of it. */
  readonly trace: WalkTrace;
}

export interface LensQueryPin {
  readonly pin: string;
  readonly index: PinIndex;
  /** As the query comes to, the largest being 1. */
  readonly weight: number;
  readonly boards: number;
  readonly steps: number;
  readonly restarts: number;
  readonly lost: number;
}

export interface LensVisits {
  readonly total: number;
  /** Most visits first; query pins without any are left out. */
  readonly byQueryPin: readonly { readonly pin: string; readonly visits: number }[];
}

/** The same request with fewer steps. */
export interface LensPrefix {
  /** Steps made, second ones included. */
  readonly steps: number;
  /** Share of the items of the whole walk's answer that this answer has; 1 when there are none. */
  readonly overlap: number;
}

export interface LensPath {
  readonly walker: number;
  /** Keys: pin, board, pin … */
  readonly nodes: readonly string[];
  readonly ended: TracedPath['ended'];
}

/**
 * The same request is asked with 1/16, 2/16 … of the steps planned and the same seed. A walk of fewer steps has the
 * same walkers with the same random numbers, each ending sooner: so its steps are the first steps of the whole walk,
 * walker by walker, and each part is what would have been answered had the walk been that long. Two things blur this:
 * rounding moves a step from one query pin to another, and with `earlyStop` each walk ends by its own figures.
 */
export const convergenceParts = 16;

/** Paths that can be kept at most. */
export const pathsMax = 10_000;

export interface LensOptions {
  /** Paths to tell by their keys, 0 (default) to {@link pathsMax}. */
  readonly paths?: number | undefined;
  /** Paths that the trace has by index, for who looks there. Default: those that are told. */
  readonly pathsTraced?: number | undefined;
}

/**
 * Answers a request as {@link Recommender} does and looks at its walk: the walk is made once more with a listener,
 * then with fewer steps. Some ten times the work of the answer alone. Throws what `recommend` throws, and
 * `invalid-request` for algorithms that do not walk.
 */
export function lookAtWalk(
  { recommender, store }: { readonly recommender: Recommender; readonly store: Store },
  snapshot: LoadedSnapshot,
  asked: RecommendationRequest,
  { paths = 0, pathsTraced = paths }: LensOptions = {},
): WalkLens {
  const { params } = walkingAlgorithm(asked);
  const answer = recommender.recommend(snapshot, {
    ...asked,
    explain: true,
    fields: ['title', ...asked.fields],
  });
  const { query } = recommender.resolve(snapshot, asked);
  const trace = new WalkTrace(snapshot.graph, {
    target: asked.target,
    watched: answer.items.map((item) => store.indexOf(asked.target, keyOf(item))!),
    boardShrinkage: Number(params['boardShrinkage']),
    pathsPerQueryPin: Math.ceil(Math.min(pathsTraced, pathsMax) / Math.max(query.pins.length, 1)),
  });
  const isWalked = answer.fallback === null;
  if (isWalked) recommender.recommend(snapshot, asked, { onStep: trace.onStep });

  const planned = Math.min(Number(params['steps']), Number(params['stepsPerQueryPin']) * query.pins.length);
  const traced = query.pins.map((pin) => trace.queryPin(pin));
  return {
    answer,
    ...stepFigures(answer, traced, planned, Number(params['restartProbability'])),
    queryPins: queryPinsOf(snapshot, store, query, trace),
    visits: answer.items.map((_, place) => visitsAt(place, traced, store)),
    convergence: isWalked ? convergenceOf(recommender, snapshot, asked, answer, planned) : [],
    paths: interleaved(query.pins.map((pin) => trace.pathsOf(pin)))
      .slice(0, paths)
      .map(({ walker, nodes, ended }) => ({
        walker,
        nodes: nodes.map((node, i) => store.keyAt(i % 2 === 0 ? 'pins' : 'boards', node) ?? ''),
        ended,
      })),
    trace,
  };
}

function walkingAlgorithm(asked: RecommendationRequest): { readonly params: Params } {
  const { name, params } = resolveAlgorithm(asked);
  if (name === 'pixie') return { params };
  const detail = `${name} does not walk: ask for pixie or a preset of it`;
  throw new Problem('invalid-request', `/algorithm: ${detail}`, [
    { pointer: '/algorithm', code: 'invalid-parameter', detail },
  ]);
}

function stepFigures(
  { stats }: RecommendationAnswer,
  traced: readonly TracedQueryPin[],
  planned: number,
  probability: number,
): Pick<WalkLens, 'steps' | 'restarts'> {
  const sumOf = (name: 'steps' | 'lost' | 'lostExpected' | 'restarts'): number =>
    traced.reduce((sum, each) => sum + each[name], 0);
  const walked = sumOf('steps');
  const lost = sumOf('lost');
  const drawn = walked - lost;
  return {
    steps: {
      planned,
      walked,
      second: Number(stats['steps'] ?? 0) - walked,
      stoppedEarly: stats['stoppedEarly'] === true,
      lost,
      lostExpected: sumOf('lostExpected'),
    },
    restarts: {
      probability,
      counted: sumOf('restarts'),
      expected: drawn * probability,
      standardDeviation: Math.sqrt(drawn * probability * (1 - probability)),
    },
  };
}

function visitsAt(place: number, traced: readonly TracedQueryPin[], store: Store): LensVisits {
  const byQueryPin = traced
    .map(({ pin, watchedVisits }) => ({ pin, visits: watchedVisits[place]! }))
    .filter(({ visits }) => visits > 0)
    .toSorted((a, b) => b.visits - a.visits || a.pin - b.pin)
    .map(({ pin, visits }) => ({ pin: store.keyAt('pins', pin) ?? '', visits }));
  return { total: byQueryPin.reduce((sum, { visits }) => sum + visits, 0), byQueryPin };
}

function queryPinsOf(
  { graph }: LoadedSnapshot,
  store: Store,
  { pins, weights }: Query,
  trace: WalkTrace,
): LensQueryPin[] {
  const largest = weights.reduce((max, weight) => Math.max(max, weight), 0);
  return pins
    .map((index, i): LensQueryPin => {
      const { steps, restarts, lost } = trace.queryPin(index);
      const boards = degreeOf(graph.pinToBoard, index);
      const pin = store.keyAt('pins', index) ?? '';
      return { pin, index, weight: weights[i]! / largest, boards, steps, restarts, lost };
    })
    .toSorted((a, b) => b.steps - a.steps || a.index - b.index);
}

function convergenceOf(
  recommender: Recommender,
  snapshot: LoadedSnapshot,
  asked: RecommendationRequest,
  whole: RecommendationAnswer,
  planned: number,
): LensPrefix[] {
  const wanted = whole.items.map(keyOf);
  return Array.from({ length: convergenceParts }, (_, i) => {
    const steps = Math.ceil((planned * (i + 1)) / convergenceParts);
    const request = { ...asked, params: { ...asked.params, steps } };
    const part = i + 1 === convergenceParts ? whole : recommender.recommend(snapshot, request);
    const found = new Set(part.items.map(keyOf));
    const both = wanted.filter((key) => found.has(key)).length;
    return {
      steps: Number(part.stats['steps'] ?? 0),
      overlap: wanted.length === 0 ? 1 : both / wanted.length,
    };
  });
}

function keyOf({ pin, board, user }: RecommendedItem): string {
  return pin ?? board ?? user ?? '';
}

/** The first of each list, then the second of each … */
function interleaved<Value>(lists: readonly (readonly Value[])[]): Value[] {
  const longest = lists.reduce((max, { length }) => Math.max(max, length), 0);
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}
