import { Work, check, defaultsOf, prices, resolveParams } from '../base/index.ts';
import { type NodeKind, type PinBoardGraph, nodeCount } from '../graph/index.ts';
import { type Query, normalizeQuery } from '../query.ts';
import { randomSeedMax } from '../random/index.ts';
import { type IsExcluded, type Specificity, type TopPins, offerCandidates } from '../rank/index.ts';
import { interleavedWalk } from './interleaved-walk.ts';
import type { OnStep, Walk } from './walk.ts';
import { type PixieParams, checkPixieParams, pixieParams } from './pixie-params.ts';
import type { WalkScratch, Walked } from './scratch.ts';
import { sharpenBoards } from './sharpen-boards.ts';
import { pinDegreeMax, weighByPaper, weighByPower } from './step-shares.ts';
import { walkQuery, walkSecondSteps } from './walk-query.ts';

/** The defaults of {@link pixieParams}. */
export const pixieDefaults: PixieParams = defaultsOf(pixieParams);

interface PixieStats {
  /** Steps made, including the second steps of sharpening. */
  readonly steps: number;
  readonly stoppedEarly: boolean;
  /** Distinct nodes with a score before exclusion; query pins count only if `includeQueryPins`. */
  readonly candidates: number;
}

/** Share of the work that steps may take; spreading and ranking take the rest. */
const stepsShare = 1 / 2;

/** Share of the steps spent on second steps: a tenth suffices, because their last hop is exact (docs/quality.md). */
const secondStepsShare = 0.1;

export interface PixieOptions {
  /** Default: pins. */
  readonly target?: NodeKind | undefined;
  /** Called after every step, except the second steps of sharpening. */
  readonly onStep?: OnStep | undefined;
  /** Default: none. */
  readonly specificity?: Specificity | undefined;
  /** Default: without a limit. */
  readonly work?: Work | undefined;
  /**
   * Whether to score the last walk again if it was the same one: same graph, query object, seed and parameters, but for
   * those that only affect ranking. For comparing pipelines. Default: false.
   */
  readonly reusesWalk?: boolean | undefined;
}

/**
 * Pixie (Eksombatchai et al., WWW 2018, doi:10.1145/3178876.3186183): random walks with restart from every query pin,
 * the steps divided among the query pins. Pins are ranked by visits:
 *
 *     score(j) = (V(j) / N − λ · B(j) / M) · d_j^-popularityDiscount,   λ = sharpening · n / (n + sharpeningPins)
 *
 * for n query pins; d_j is the degree of j, V(j) its visits in N steps. B(j) are its visits in M second steps, a tenth of
 * all steps, each made from a pin drawn by its share of V. With board sharpening, V comes from the boards that remain
 * after clipping as in `paths`. With boost, V(j) is (Σ_q √V_q(j))² over the query pins q (Eq. 3). With restart
 * probability 1 and start weight 1 − x, the scores are estimates of those of `paths` with y = 1.
 *
 * Offers every visited pin to `top`, except excluded ones and, unless `includeQueryPins`, the query's own. With target
 * `boards`, offers the boards the walk passes, d_j being the number of pins of a board; with `users`, their owners, without
 * discount. `scratch.visits` keeps the visits of the walk until its next use. If no query pin has a board, there are no
 * steps and no candidates.
 *
 * Deterministic for a seed; the order of query pins does not matter. O(steps + candidates · log k). Throws
 * `invalid-parameter` naming the field at fault.
 */
export function pixie(
  graph: PinBoardGraph,
  queryGiven: Query,
  paramsGiven: Partial<PixieParams>,
  randomSeed: number,
  scratch: WalkScratch,
  top: TopPins,
  isExcluded?: IsExcluded,
  { target = 'pins', onStep, specificity, work = new Work(), reusesWalk = false }: PixieOptions = {},
): PixieStats {
  const query = normalizeQuery(graph, queryGiven);
  const params = resolveParams(pixieParams, paramsGiven);
  const isSeed = Number.isInteger(randomSeed) && randomSeed >= 0 && randomSeed <= randomSeedMax;
  check(isSeed, 'randomSeed', `${randomSeed} is not an integer in [0, ${randomSeedMax}]`);
  checkPixieParams(params, target);
  scratch.discounts.begin(-params.popularityDiscount);
  const planned = Math.min(params.steps, params.stepsPerQueryPin * query.pins.length);
  // Before the first step, so that all query pins get their share of the work budget.
  const budget = work.take(planned, 1, stepsShare);
  const lambda = params.sharpening * (query.pins.length / (query.pins.length + params.sharpeningPins));
  // A single step leaves none for second steps.
  const hasSecondSteps = (lambda > 0 || params.boardSharpening > 0) && budget > 1;
  const name = reusesWalk ? nameOf(params, randomSeed, target, budget, hasSecondSteps) : undefined;
  const { last } = scratch;
  const isSame =
    name !== undefined && last?.graph === graph && isSameWalk(last.query, queryGiven) && last.name === name;
  const plan = { graph, query, params, budget, hasSecondSteps, randomSeed, target, onStep };
  const walked = isSame ? last.walked : walkFor(plan, scratch, work);
  scratch.last = name === undefined ? undefined : { graph, query: queryGiven, name, walked };
  const { steps, secondSteps, stoppedEarly } = walked;
  const { shares, reached, discounts, background } = scratch;
  const scoring = { discounts, lambda: secondSteps > 0 ? lambda : 0, background, specificity, work };
  const candidates = offerCandidates(
    graph,
    query,
    target,
    hasSecondSteps ? reached : shares,
    scoring,
    top,
    isExcluded,
  );
  return { steps: steps + secondSteps, stoppedEarly, candidates };
}

/** Whether pins may be recommended does not change where walkers go. */
function isSameWalk(a: Query, b: Query): boolean {
  return a.pins === b.pins && a.weights === b.weights;
}

interface WalkPlan {
  readonly graph: PinBoardGraph;
  readonly query: Query;
  readonly params: PixieParams;
  /** Steps, with the second steps. */
  readonly budget: number;
  readonly hasSecondSteps: boolean;
  readonly randomSeed: number;
  readonly target: NodeKind;
  readonly onStep: OnStep | undefined;
}

/** Walks, and leaves what scores are made of in `scratch`: shares or reached pins, and the background. */
function walkFor(
  { graph, query, params, budget, hasSecondSteps, randomSeed, target, onStep }: WalkPlan,
  scratch: WalkScratch,
  work: Work,
): Walked {
  const { restartProbability, boardShrinkage } = params;
  const counts = params.lastHop === 'spread' || target !== 'pins' ? 'boards' : 'pins';
  const reachedMax = Infinity;
  const walk: Walk = { restartProbability, boardShrinkage, randomSeed, counts, reachedMax, onStep };
  if (params.stepShares === 'paper') work.count(nodeCount(graph.pinToBoard), prices.node);
  const weighted =
    params.stepShares === 'paper'
      ? weighByPaper(graph, query, pinDegreeMax(graph))
      : weighByPower(graph, query, params.startWeight, params.pinShrinkage);
  const secondSteps = hasSecondSteps ? Math.ceil(budget * secondStepsShare) : 0;
  const { steps, stoppedEarly } = walkQuery(
    graph,
    weighted,
    budget - secondSteps,
    params,
    walk,
    scratch,
    work,
    hasSecondSteps ? scratch.reached : undefined,
  );
  const walkedSecond = hasSecondSteps ? walkSecondSteps(graph, secondSteps, walk, scratch, work) : 0;
  if (params.boardSharpening > 0 && walkedSecond > 0) {
    const { boardSharpening } = params;
    const secondSum = scratch.background.sum() / walkedSecond;
    sharpenBoards(scratch.reached, { boardShrinkage, boardSharpening, secondSum }, work);
  }
  if (target === 'users') shareByUser(graph, scratch);
  return { steps, secondSteps: walkedSecond, stoppedEarly };
}

/** Parameters that affect ranking only, not the walk. */
export const rankingParams: readonly (keyof PixieParams)[] = [
  'popularityDiscount',
  'sharpening',
  'sharpeningPins',
];

/** All that a walk depends on beside its graph and query. */
function nameOf(params: PixieParams, ...others: readonly unknown[]): string {
  return JSON.stringify([Object.entries(params).filter(([name]) => !isRanking(name)), others]);
}

function isRanking(name: string): boolean {
  return rankingParams.some((each) => each === name);
}

/** Turns shares of boards into shares of their owners. */
function shareByUser(graph: PinBoardGraph, { shares, rootSums: users }: WalkScratch): void {
  users.begin(graph.userCount);
  const boards = shares.list();
  for (let i = 0; i < boards; i++) {
    const board = shares.nodes[i]!;
    users.add(graph.boardToUser[board]!, shares.values[board]!);
  }
  const { divisor } = shares;
  shares.begin(graph.userCount);
  for (let i = 0; i < users.size; i++) shares.add(users.nodes[i]!, users.values[users.nodes[i]!]!);
  shares.divisor = divisor;
}

/**
 * The bare kernel: one walk from one pin, its visits added to `scratch.visits`, on which the caller has called `begin`.
 * Returns the steps made: `steps`, or 0 from a pin without boards.
 */
export function walkFrom(
  graph: PinBoardGraph,
  queryPin: number,
  steps: number,
  restartProbability: number,
  randomSeed: number,
  { walkers, visits, lanes }: WalkScratch,
): number {
  walkers.clear();
  walkers.addAll(queryPin, steps, 0);
  const walk: Walk = {
    restartProbability,
    boardShrinkage: 0,
    randomSeed,
    counts: 'pins',
    reachedMax: Infinity,
  };
  return interleavedWalk(graph, walkers, walk, visits, lanes);
}
