import { Work, prices } from '../base/index.ts';
import type { NodeKind } from '../graph/index.ts';
import type { Engine, Stats } from '../algorithms.ts';
import type { LinearWeights } from '../linear/index.ts';
import type { Query } from '../query.ts';
import {
  type IsExcluded,
  type PinCommunities,
  type ScoredPin,
  TopPins,
  correctHubs,
  diversify,
} from '../rank/index.ts';
import type { OnStep } from '../walk/index.ts';
import { backfill } from './backfill.ts';
import type { Pipeline } from './pipeline.ts';
import { type SaveCounts, popularNodes, targetCount } from './popular-nodes.ts';

/** What a pipeline needs to know of the graph beyond its arrays; without it, the stages that would use it do nothing. */
export interface GraphAnalysis {
  readonly pageRank?: Float32Array | undefined;
  readonly communities?: PinCommunities | undefined;
  /** Item weights, for `linear`, which throws without them. */
  readonly linear?: LinearWeights | undefined;
}

interface RunOptions {
  /** Default: pins. */
  readonly target?: NodeKind | undefined;
  /** Items at most, from 1. */
  readonly limit: number;
  readonly randomSeed: number;
  readonly isExcluded: IsExcluded;
  /** The best score of the first page, which `minRelevance` is a share of on later pages. */
  readonly bestScore?: number | undefined;
  /** Called after every step of a walk, for `pixie` alone. */
  readonly onStep?: OnStep | undefined;
  /** Default: without a limit. */
  readonly work?: Work | undefined;
  /** Saves of the window `windowDays`, by node: needed when that is above 0. */
  readonly recentSaves?: ((windowDays: number, target: NodeKind) => SaveCounts) | undefined;
}

/** A list by node index, best first, and how it was made. */
export interface Ranking {
  readonly best: readonly ScoredPin[];
  readonly stats: Stats;
  /** Whether the algorithm found too few, and others were added from further away. */
  readonly backfilled: boolean;
  /** `cold-start`: the query had no pins, and the most saved nodes stand in. */
  readonly fallback: 'cold-start' | null;
}

/** Candidates for each item of the list, where later stages reorder. */
const poolPerItem = 5;

const noCommunities: PinCommunities = { levels: 0, pinCount: 0, pins: new Int32Array(0) };

/**
 * Runs a pipeline: candidates, backfill, hub correction, minimum relevance, diversity. This is what the server, the
 * library, the command and evaluation all run. Same graph, analysis, query, pipeline, options and seed: same list.
 */
export function runPipeline(
  engine: Engine,
  { pageRank, communities = noCommunities, linear }: GraphAnalysis,
  query: Query,
  { candidates, filters, score, rerank, fallback }: Pipeline,
  {
    target = 'pins',
    limit,
    randomSeed,
    isExcluded,
    bestScore,
    onStep,
    work = new Work(),
    recentSaves,
  }: RunOptions,
): Ranking {
  const { algorithm, params, windowDays } = candidates;
  const isColdStart = query.pins.length === 0;
  const isPopular = algorithm === 'popular';
  const count = targetCount(engine.graph, target);
  const recent = windowDays > 0 && (isColdStart || isPopular) ? recentSaves?.(windowDays, target) : undefined;
  if (isColdStart || (isPopular && target !== 'pins')) {
    const { stats, found } = popularNodes(
      engine,
      target,
      Math.max(1, Math.min(limit, count)),
      isExcluded,
      recent,
      work,
    );
    return { best: found, stats, backfilled: false, fallback: isColdStart ? 'cold-start' : null };
  }
  const isReordered = rerank.diversity > 0 || score.hubCorrection !== 0;
  const poolSize = Math.max(1, Math.min(isReordered ? limit * poolPerItem : limit, count));
  const findCandidates = (): { readonly stats: Stats; readonly found: ScoredPin[] } => {
    if (recent !== undefined) return popularNodes(engine, target, poolSize, isExcluded, recent, work);
    const top = new TopPins(poolSize);
    const options = { target, onStep, work, linear };
    const stats = engine.recommend(algorithm, query, params, randomSeed, top, isExcluded, options);
    return { stats, found: top.drain() };
  };
  const { stats, found } = findCandidates();
  // Filters and exclusions must not shorten a list that the graph could fill.
  const isShort = fallback.backfill && !isPopular && found.length < Math.min(limit, count);
  const further = isShort ? backfill(engine, query, target, poolSize, found, isExcluded, work) : [];
  const pool = [...found, ...further];
  work.count(pool.length, prices.candidate);
  if (rerank.diversity > 0) work.count(pool.length * limit, 2 * prices.node);
  const corrected = pageRank === undefined ? pool : correctHubs(pool, pageRank, score.hubCorrection);
  // Sharpened scores can be below 0: without a minimum, all of them stay.
  const best = bestScore ?? corrected[0]?.score ?? 0;
  const lowest = filters.minRelevance === 0 ? -Infinity : Math.min(filters.minRelevance * best, best);
  const relevant = corrected.filter((each) => each.score >= lowest);
  return {
    best:
      target === 'pins'
        ? diversify(relevant, limit, rerank.diversity, communities)
        : relevant.slice(0, limit),
    stats,
    backfilled: further.length > 0,
    fallback: null,
  };
}
