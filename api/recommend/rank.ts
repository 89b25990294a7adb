import {
  type AlgorithmName,
  type IsExcluded,
  type Params,
  type PinBoardGraph,
  type PinCommunities,
  type Query,
  type ScoredPin,
  type OnStep,
  type Stats,
  type Engine,
  type Target,
  EngineError,
  TopPins,
  correctHubs,
  degreeOf,
  diversify,
  nodeCount,
} from '../../engine/index.ts';
import type { LoadedSnapshot } from '../../graph-data/index.ts';
import { Problem } from '../base/index.ts';
import type { SaveCounts } from './recent-saves.ts';
import type { RecommendationRequest } from '../contract/index.ts';
import { widen } from './backfill.ts';

/** The items of an answer by index, best first, and how they were found. */
export interface Ranking {
  readonly best: readonly ScoredPin[];
  readonly stats: Stats;
  /** Whether the algorithm alone found too few, and others were added from further away. */
  readonly widened: boolean;
}

export interface RankedBy {
  readonly name: AlgorithmName;
  readonly params: Params;
}

export interface RankOptions {
  readonly isExcluded: IsExcluded;
  /** The best score of the first page, if this is a later one. */
  readonly bestScore?: number | undefined;
  /** For random walks alone. */
  readonly onStep?: OnStep | undefined;
  /** In place of an algorithm: rank by these counts. */
  readonly recent?: SaveCounts | undefined;
}

/** Candidates that diversity and hub correction choose from, for each item of the answer. */
const poolPerItem = 5;

/** What the algorithm found, then from further away, corrected, cut by relevance and made diverse. */
export function rank(
  engine: Engine,
  snapshot: LoadedSnapshot,
  query: Query,
  { name, params }: RankedBy,
  request: RecommendationRequest,
  { isExcluded, bestScore, onStep, recent }: RankOptions,
): Ranking {
  const { target, limit, diversity, hubCorrection, minRelevance, randomSeed } = request;
  const count = targetCount(snapshot.graph, target);
  const isReranked = diversity > 0 || hubCorrection !== 0;
  const poolSize = Math.max(1, Math.min(isReranked ? limit * poolPerItem : limit, count));
  const ask = (algorithm: AlgorithmName, given: Params, exclude: IsExcluded) => {
    const top = new TopPins(poolSize);
    const options = target === 'pins' && onStep === undefined ? undefined : { target, onStep };
    try {
      const stats = engine.recommend(algorithm, query, given, randomSeed, top, exclude, options);
      return { stats, found: top.drain() };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const pointer = error.field === 'target' ? '/target' : `/params/${error.field}`;
      throw refused(pointer, error.code, error.message);
    }
  };
  const { stats, found } =
    recent === undefined
      ? ask(name, params, isExcluded)
      : mostSaved(recent, snapshot.graph, target, poolSize, isExcluded);
  const ranked = [...found];
  let widened = false;
  // Filters and exclusions must not shorten an answer: what the walk missed is looked for without chance.
  if (ranked.length < Math.min(limit, count) && name !== 'popular') {
    const known = new Set(ranked.map(({ pin }) => pin));
    const isKnown: IsExcluded = (node) => known.has(node) || isExcluded(node);
    const further = widen(engine, query, target, poolSize, isKnown);
    widened = further.length > 0;
    const lowest = ranked.at(-1)?.score ?? Infinity;
    // Their scores are of another kind: they rank below what the algorithm found, in their own order.
    for (const { pin, score } of further) ranked.push({ pin, score: Math.min(score, lowest) });
  }
  const corrected =
    snapshot.pageRank === undefined ? ranked : correctHubs(ranked, snapshot.pageRank, hubCorrection);
  // Sharpened scores can be below 0: with no minimum asked for, all of them stay.
  const best = bestScore ?? corrected[0]?.score ?? 0;
  const lowestRelevant = minRelevance === 0 ? -Infinity : Math.min(minRelevance * best, best);
  const relevant = corrected.filter(({ score }) => score >= lowestRelevant);
  if (target !== 'pins') return { best: relevant.slice(0, limit), stats, widened };
  return { best: diversify(relevant, limit, diversity, communitiesOf(snapshot)), stats, widened };
}

/** What is ranked by communities and PageRank are pins. Throws `invalid-request` for other targets. */
export function assertRankable({ target, diversity, hubCorrection }: RecommendationRequest): void {
  if (target === 'pins' || (diversity === 0 && hubCorrection === 0)) return;
  const field = diversity > 0 ? 'diversity' : 'hubCorrection';
  throw refused(`/${field}`, 'invalid-parameter', `${field} is for pins, not for ${target}`);
}

/** What is saved most: pins on most boards, boards of most pins, users with most saves. O(boards) but for pins. */
export function rankPopular(
  engine: Engine,
  { target, limit }: RecommendationRequest,
  isExcluded: IsExcluded,
  recent: SaveCounts | undefined,
): Ranking {
  const { graph } = engine;
  const k = Math.max(1, Math.min(limit, targetCount(graph, target)));
  if (recent !== undefined) {
    const { stats, found } = mostSaved(recent, graph, target, k, isExcluded);
    return { best: found, stats, widened: false };
  }
  const top = new TopPins(k);
  if (target === 'pins') {
    const stats = engine.popular(top, isExcluded);
    return { best: top.drain(), stats, widened: false };
  }
  const saves = new Float64Array(targetCount(graph, target));
  for (let board = 0; board < nodeCount(graph.boardToPin); board++) {
    const degree = degreeOf(graph.boardToPin, board);
    if (degree > 0) saves[target === 'boards' ? board : graph.boardToUser[board]!]! += degree;
  }
  const { stats, found } = mostSaved([...saves.entries()], graph, target, k, isExcluded);
  return { best: found, stats, widened: false };
}

/** Those with most saves, of what the graph has. */
function mostSaved(
  counts: SaveCounts,
  graph: PinBoardGraph,
  target: Target,
  k: number,
  isExcluded: IsExcluded,
): { readonly stats: Stats; readonly found: ScoredPin[] } {
  const top = new TopPins(k);
  const known = targetCount(graph, target);
  let candidates = 0;
  for (const [node, saves] of counts) {
    if (saves === 0 || node >= known) continue;
    if (target === 'pins' && degreeOf(graph.pinToBoard, node) === 0) continue;
    candidates++;
    if (top.wouldKeep(node, saves) && !isExcluded(node)) top.offer(node, saves);
  }
  return { stats: { candidates }, found: top.drain() };
}

/** Those of the pins that the build knew: a live graph has more. */
export function communitiesOf({ communities }: LoadedSnapshot): PinCommunities {
  if (communities === undefined) return { levels: 0, pinCount: 0, pins: new Int32Array(0) };
  const { levels, pins } = communities;
  return { levels, pinCount: pins.length / levels, pins };
}

function targetCount({ pinToBoard, boardToPin, userCount }: PinBoardGraph, target: Target): number {
  if (target === 'users') return userCount;
  return nodeCount(target === 'pins' ? pinToBoard : boardToPin);
}

function refused(pointer: string, code: string, detail: string): Problem {
  return new Problem('invalid-request', detail, [{ pointer, code, detail }]);
}
