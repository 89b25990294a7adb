import { Work, prices } from '../base/index.ts';
import { type NodeKind, degreeOf } from '../graph/index.ts';
import type { PinContent } from '../content/index.ts';
import type { Engine, Stats } from './algorithms.ts';
import type { LinearWeights } from '../linear/index.ts';
import type { Query } from '../query.ts';
import {
  type IsExcluded,
  type PinCommunities,
  type ScoredPin,
  calibrate,
  correctHubs,
  diversify,
} from '../rank/index.ts';
import type { OnStep } from '../walk/index.ts';
import { backfill } from './backfill.ts';
import { explore } from './explore.ts';
import { CandidateFinder } from './find-candidates.ts';
import type { Pipeline } from './pipeline.ts';
import { pipelineFor } from './query-size.ts';
import { type RankedPin, fillRareSlots } from './rare-slots.ts';
import type { SaveCounts } from './popular-nodes.ts';
import { type ScoreByModel, rankByModel } from './rank-by-model.ts';
import { type TracedPin, tracePins } from './trace-pins.ts';

/** Facts about the graph beyond its arrays; without them, the stages that would use them do nothing. */
export interface GraphAnalysis {
  readonly pageRank?: Float32Array | undefined;
  readonly communities?: PinCommunities | undefined;
  /** Item weights, for `linearShare`, and for `linear`, which throws without them. */
  readonly linear?: LinearWeights | undefined;
  /** What pins say, for `virtualWeight`. */
  readonly content?: PinContent | undefined;
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
  /** Whether a walk, or masses of `paths`, that were the last ones too are scored again. Default: false. */
  readonly reusesWalk?: boolean | undefined;
  /** Default: without a limit. */
  readonly work?: Work | undefined;
  /** Saves of the window `windowDays`, by node: needed when that is above 0. */
  readonly recentSaves?: ((windowDays: number, target: NodeKind) => SaveCounts) | undefined;
  /** Needed for pins when the pipeline has a `model`. */
  readonly scoreByModel?: ScoreByModel | undefined;
  /** Nodes whose place is wanted, whether or not they are in the list; none of them excluded. The list stays the same. */
  readonly traced?: readonly number[] | undefined;
  /** Candidates that are returned beside the list, for promoted pins; the list stays the same. Default: 0. */
  readonly visitedMax?: number | undefined;
}

/** A list by node index, best first, and how it was made. */
export interface Ranking {
  readonly best: readonly RankedPin[];
  readonly stats: Stats;
  /** Whether the algorithm found too few, and others were added from further away. */
  readonly backfilled: boolean;
  /** `cold-start`: the query had no pins, and the most saved nodes stand in. */
  readonly fallback: 'cold-start' | null;
  /** Of the traced nodes, in their order. */
  readonly traced: readonly TracedPin[];
  /** The best candidates before all later stages, with the scores of the walk; none on a cold start. */
  readonly visited: readonly ScoredPin[];
  /** What ran: the pipeline for a query of this size ({@link pipelineFor}). */
  readonly pipeline: Pipeline;
}

/** Candidates for each item of the list, where later stages reorder. */
const poolPerItem = 5;

/** Candidates among which a traced node is looked for. */
const tracedMax = 100_000;

const noCommunities: PinCommunities = { levels: 0, pinCount: 0, pins: new Int32Array(0) };

/**
 * Runs a pipeline: candidates, blend, virtual saves, backfill, hub correction, model, minimum relevance, calibration or
 * diversity, exploration, rare pins. This is what the server, the library, the command and evaluation all run. Same graph, analysis,
 * query, pipeline, options and seed: same list.
 */
export function runPipeline(
  engine: Engine,
  { pageRank, communities = noCommunities, linear, content }: GraphAnalysis,
  queryGiven: Query,
  pipelineGiven: Pipeline,
  {
    target = 'pins',
    limit,
    randomSeed,
    isExcluded: isExcludedGiven,
    bestScore,
    onStep,
    reusesWalk = false,
    work = new Work(),
    recentSaves,
    scoreByModel,
    traced = [],
    visitedMax = 0,
  }: RunOptions,
): Ranking {
  const pipeline = pipelineFor(pipelineGiven, queryGiven);
  const { filters, score, rerank, fallback } = pipeline;
  const candidates = new CandidateFinder({
    engine,
    target,
    pipeline,
    query: queryGiven,
    randomSeed,
    isExcluded: isExcludedGiven,
    reusesWalk: reusesWalk || visitedMax > 0,
    work,
    linear,
    content,
    recentSaves,
  });
  const { count, isByCount, query, isExcluded } = candidates;
  /** All candidates, best first, as far as they are kept. */
  const findAll = (): readonly ScoredPin[] => {
    const all = candidates.find(tracedMax).found;
    work.count(all.length, prices.candidate);
    if (score.linearShare === 0) return all;
    // Blending needs longer lists, which change scores a little: items of the shown list keep their rank.
    const shown = new Set(found.map(({ pin }) => pin));
    return [...found, ...all.filter(({ pin }) => !shown.has(pin))];
  };
  const { calibration } = rerank;
  const isReranked = rerank.diversity > 0 || calibration > 0;
  const isModelled = !isByCount && score.model !== '' && target === 'pins';
  const isReordered = !isByCount && (isReranked || isModelled || score.hubCorrection !== 0);
  const { rareShare, exploreShare } = rerank;
  const wanted = exploreShare > 0 ? Math.max(limit, rerank.explorePins) : limit;
  const reordered = Math.max(
    wanted * (isReranked || !isModelled ? poolPerItem : 1),
    isModelled ? score.modelCandidates : 0,
  );
  const poolSize = isReordered ? reordered : wanted;
  // One pass over the candidates serves both, where a shorter list is the beginning of a longer one.
  const size = candidates.isByRank ? Math.max(poolSize, visitedMax) : poolSize;
  const { stats, found: first } = candidates.find(size, onStep);
  const found = size === poolSize ? first : first.slice(0, poolSize);
  const visitedOf = (): readonly ScoredPin[] =>
    candidates.isByRank ? first.slice(0, visitedMax) : candidates.find(visitedMax).found;
  if (isByCount) {
    const places = tracePins(traced, {
      best: found,
      relevant: found,
      pool: found,
      lowest: -Infinity,
      isReordered,
      findAll,
    });
    return {
      best: found,
      stats,
      backfilled: false,
      fallback: queryGiven.pins.length === 0 ? 'cold-start' : null,
      traced: places,
      visited: [],
      pipeline,
    };
  }
  // Filters and exclusions must not shorten a list that the graph could fill.
  const isPopular = pipeline.candidates.algorithm === 'popular';
  const isShort = fallback.backfill && !isPopular && found.length < Math.min(wanted, count);
  const further = isShort
    ? backfill(engine, query, target, Math.max(1, Math.min(poolSize, count)), found, isExcluded, work)
    : [];
  const pool = [...found, ...further];
  work.count(pool.length, prices.candidate);
  if (isReranked) work.count(pool.length * wanted, 2 * prices.node);
  const corrected = pageRank === undefined ? pool : correctHubs(pool, pageRank, score.hubCorrection);
  const modelled = isModelled ? rankByModel(corrected, score.model, scoreByModel, work) : undefined;
  const rankedPool = modelled?.ranked ?? corrected;
  // Sharpened scores can be below 0: without a minimum, all of them stay.
  const bestOfAll = bestScore ?? rankedPool[0]?.score ?? 0;
  const lowest =
    filters.minRelevance === 0 ? -Infinity : Math.min(filters.minRelevance * bestOfAll, bestOfAll);
  const relevant = rankedPool.filter((each) => each.score >= lowest);
  const rank = (k: number): readonly ScoredPin[] => {
    if (target !== 'pins') return relevant.slice(0, k);
    if (calibration > 0) return calibrate(relevant, k, calibration, query, communities);
    return diversify(relevant, k, rerank.diversity, communities);
  };
  const ranked = rank(wanted);
  const explored = exploreShare > 0 ? explore(ranked, limit, rerank, randomSeed, work) : ranked;
  const best = rareShare === 0 ? explored : withRare();
  // Without a place in the list, a pin has the next ones that a longer list would give.
  const isBeyond = traced.some((pin) => !best.some((each) => each.pin === pin));
  if (isBeyond && isReranked) work.count(relevant.length ** 2, 2 * prices.node);
  const shown = new Set(best.map(({ pin }) => pin));
  const rest = isBeyond ? rank(relevant.length).filter(({ pin }) => !shown.has(pin)) : [];
  const places = tracePins(traced, {
    best,
    relevant: [...best, ...rest],
    pool: rankedPool,
    lowest,
    isReordered,
    findAll,
  });
  return {
    best: modelled?.restore(best) ?? best,
    stats,
    backfilled: further.length > 0,
    fallback: null,
    traced: places,
    visited: visitedMax === 0 ? [] : visitedOf(),
    pipeline,
  };

  function withRare(): readonly RankedPin[] {
    const savesMax = engine.rareSavesMax(work);
    const isRare = (pin: number): boolean => degreeOf(engine.graph.pinToBoard, pin) <= savesMax;
    const ranks = new Set(ranked.map(({ pin }) => pin));
    const isOther: IsExcluded = (pin) => !isRare(pin) || ranks.has(pin) || isExcluded(pin);
    const findRare = (k: number): readonly ScoredPin[] => {
      const rare = candidates.find(k, undefined, isOther).found;
      const scored = pageRank === undefined ? rare : correctHubs(rare, pageRank, score.hubCorrection);
      return scored.filter((each) => each.score >= lowest);
    };
    return fillRareSlots(ranked, rerank.rareShare, isRare, findRare, randomSeed, work);
  }
}
