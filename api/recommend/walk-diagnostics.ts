import { Work } from '../../engine/base/index.ts';
import { type PinIndex, degreeOf } from '../../engine/graph/index.ts';
import type { Query } from '../../engine/index.ts';
import { type Pipeline, pipelineFor } from '../../engine/pipeline/index.ts';
import { type TracedPath, type TracedQueryPin, WalkTrace } from '../../engine/trace/index.ts';
import type { LoadedSnapshot, Store } from '../../graph-data/index.ts';
import { Problem } from '../base/index.ts';
import type {
  RecommendationRequest,
  RecommendationResult,
  RecommendedItem,
  WalkResponse,
  WalkedItem,
} from '../contract/index.ts';
import type { Recommender } from './recommend.ts';

/** Diagnostics of the walk of one request, and the steps that led to its list. */
export interface WalkDiagnostics extends Pick<WalkResponse, 'steps' | 'restarts' | 'convergence'> {
  /** The list itself, with reasons and titles. */
  readonly result: RecommendationResult;
  /** Most steps first, ties to the smaller index. */
  readonly queryPins: readonly DiagnosedQueryPin[];
  /** For each item, best first, the steps that ended at the pin or passed the board, by query pin. */
  readonly visits: readonly DiagnosedVisits[];
  readonly paths: readonly DiagnosedPath[];
  /** The trace by index, for drawing. */
  readonly trace: WalkTrace;
}

export type DiagnosedQueryPin = WalkResponse['queryPins'][number] & { readonly index: PinIndex };
export interface DiagnosedVisits {
  readonly total: number;
  readonly byQueryPin: WalkedItem['visitsByQueryPin'];
}
export type ConvergencePoint = WalkResponse['convergence'][number];

export interface DiagnosedPath {
  readonly walker: number;
  /** Keys: pin, board, pin … */
  readonly nodes: readonly string[];
  readonly ended: TracedPath['ended'];
}

/**
 * The request runs again with 1/16, 2/16 … of its steps and the same seed. A shorter walk has the same walkers with the
 * same random numbers, so its steps are the first steps of the full walk, walker by walker. Two things blur this: rounding
 * moves a step from one query pin to another, and with `earlyStop` each walk ends by its own visits.
 */
export const convergenceParts = 16;

/** Paths kept at most. */
export const pathsMax = 10_000;

interface DiagnosticsOptions {
  /** Paths to return by keys, 0 (default) to {@link pathsMax}. */
  readonly paths?: number | undefined;
  /** Paths to keep in the trace by index. Default: `paths`. */
  readonly pathsTraced?: number | undefined;
  /** The work of each of the walks. Default: without a limit. */
  readonly nextWork?: (() => Work) | undefined;
}

/**
 * Runs a request as {@link Recommender} does, then once more with a step listener, then with fewer steps: some ten times
 * the work of the list alone. Throws what `recommend` throws, and `invalid-request` for algorithms that do not walk.
 */
export function diagnoseWalk(
  { recommender, store }: { readonly recommender: Recommender; readonly store: Store },
  snapshot: LoadedSnapshot,
  request: RecommendationRequest,
  { paths = 0, pathsTraced = paths, nextWork = () => new Work() }: DiagnosticsOptions = {},
): WalkDiagnostics {
  assertWalks(request);
  const explained = { ...request, explain: true, fields: ['title', ...request.fields] };
  const result = recommender.recommend(snapshot, explained, { work: nextWork() });
  const { query } = recommender.resolve(snapshot, request);
  const pipeline = pipelineFor(request.pipeline, query);
  const { params } = pipeline.candidates;
  // The second walk need not explain missing pins.
  const again = { ...request, pipeline, whyNot: [] };
  const trace = new WalkTrace(snapshot.graph, {
    target: request.target,
    watched: result.items.map((item) => store.indexOf(request.target, keyOf(item))!),
    boardShrinkage: Number(params['boardShrinkage']),
    pathsPerQueryPin: Math.ceil(Math.min(pathsTraced, pathsMax) / Math.max(query.pins.length, 1)),
  });
  const isWalked = result.fallback === null;
  if (isWalked) recommender.recommend(snapshot, again, { onStep: trace.onStep, work: nextWork() });

  const planned = Math.min(Number(params['steps']), Number(params['stepsPerQueryPin']) * query.pins.length);
  const traced = query.pins.map((pin) => trace.queryPin(pin));
  return {
    result,
    ...stepFigures(result, traced, planned, Number(params['restartProbability'])),
    queryPins: queryPinsOf(snapshot, store, query, trace),
    visits: result.items.map((_, place) => visitsAt(place, traced, store)),
    convergence: isWalked
      ? convergenceOf(
          (shorter) => recommender.recommend(snapshot, shorter, { work: nextWork() }),
          again,
          result,
          planned,
        )
      : [],
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

function assertWalks({ pipeline: { candidates } }: RecommendationRequest): void {
  if (candidates.algorithm === 'pixie') return;
  const detail = `${candidates.algorithm} does not walk: name pixie or a preset of it`;
  throw new Problem('invalid-request', `/algorithm: ${detail}`, [
    { pointer: '/algorithm', code: 'invalid-parameter', detail },
  ]);
}

function stepFigures(
  { stats }: RecommendationResult,
  traced: readonly TracedQueryPin[],
  planned: number,
  probability: number,
): Pick<WalkDiagnostics, 'steps' | 'restarts'> {
  const sumOf = (name: 'steps' | 'lost' | 'lostExpected' | 'restarts'): number =>
    traced.reduce((sum, each) => sum + each[name], 0);
  const walked = sumOf('steps');
  const lost = sumOf('lost');
  const drawn = walked - lost;
  return {
    steps: {
      planned,
      walked,
      second: (stats.steps ?? 0) - walked,
      stoppedEarly: stats.stoppedEarly === true,
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

function visitsAt(place: number, traced: readonly TracedQueryPin[], store: Store): DiagnosedVisits {
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
): DiagnosedQueryPin[] {
  const largest = weights.reduce((max, weight) => Math.max(max, weight), 0);
  return pins
    .map((index, i): DiagnosedQueryPin => {
      const { steps, restarts, lost } = trace.queryPin(index);
      const boards = degreeOf(graph.pinToBoard, index);
      const pin = store.keyAt('pins', index) ?? '';
      return { pin, index, weight: weights[i]! / largest, boards, steps, restarts, lost };
    })
    .toSorted((a, b) => b.steps - a.steps || a.index - b.index);
}

function convergenceOf(
  recommend: (request: RecommendationRequest) => RecommendationResult,
  request: RecommendationRequest,
  whole: RecommendationResult,
  planned: number,
): ConvergencePoint[] {
  const wanted = whole.items.map(keyOf);
  return Array.from({ length: convergenceParts }, (_, i) => {
    const steps = Math.ceil((planned * (i + 1)) / convergenceParts);
    const shorter = { ...request, pipeline: withSteps(request.pipeline, steps) };
    const part = i + 1 === convergenceParts ? whole : recommend(shorter);
    const found = new Set(part.items.map(keyOf));
    const both = wanted.filter((key) => found.has(key)).length;
    return {
      steps: part.stats.steps ?? 0,
      overlap: wanted.length === 0 ? 1 : both / wanted.length,
    };
  });
}

function withSteps({ candidates, ...stages }: Pipeline, steps: number): Pipeline {
  return { ...stages, candidates: { ...candidates, params: { ...candidates.params, steps } } };
}

function keyOf({ pin, board, user }: RecommendedItem): string {
  return pin ?? board ?? user ?? '';
}

/** The first of each list, then the second of each, and so on. */
function interleaved<Value>(lists: readonly (readonly Value[])[]): Value[] {
  const longest = lists.reduce((max, { length }) => Math.max(max, length), 0);
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}
