import { check, defaultsOf, resolveParams } from '../base/index.ts';
import { type PinBoardGraph, degreeOf } from '../graph/index.ts';
import { type Query, checkedQuery } from '../query.ts';
import { randomSeedMax } from '../random/index.ts';
import type { IsExcluded, TopPins } from '../rank/index.ts';
import type { FeatureBias } from './biased-walk.ts';
import { type StepListener, type Walk, interleavedWalk } from './interleaved-walk.ts';
import { clip, sumOf } from '../sparse/index.ts';
import { type PixieParams, pixieParams } from './pixie-params.ts';
import type { WalkScratch } from './scratch.ts';
import { secondMassesOf, spreadMasses } from './shares.ts';
import { pinDegreeMax, weighByPaper, weighByPower } from './step-shares.ts';
import { walkQuery, walkSecondSteps } from './walk-query.ts';

/** {@link pixieParams}' defaults: those of the paper's own service. */
export const pixieDefaults: PixieParams = defaultsOf(pixieParams);

export interface PixieStats {
  /** Steps made, the second ones of sharpening included. */
  readonly steps: number;
  readonly stoppedEarly: boolean;
  /** Distinct pins visited, the query's own aside. */
  readonly candidates: number;
}

/** Share of the steps that sharpening takes: a tenth is enough, as their last hop is exact (docs/quality.md). */
const secondStepsShare = 0.1;

/** What a walk recommends: its pins, or the boards or users through which it went. */
export type Target = 'pins' | 'boards' | 'users';

export interface PixieOptions {
  /** Default: pins. */
  readonly target?: Target | undefined;
  /** Needs a graph whose slices are sorted by the feature: `sortByFeature`. */
  readonly bias?: FeatureBias | undefined;
  /** Hears of every step, the second ones of sharpening aside. Not with a bias. */
  readonly onStep?: StepListener | undefined;
}

/**
 * Pixie's random walks (Eksombatchai et al., WWW 2018, doi:10.1145/3178876.3186183): walks with restart from each
 * query pin, a share of the steps for each, and ranks pins by visits.
 *
 *     score(j) = (V(j) / N − λ · B(j) / M) · d_j^-popularityDiscount,   λ = sharpening · n / (n + sharpeningPins)
 *
 * for a query of n pins. V are the visits of N steps; B those of M more steps, one from each of a share of the
 * visits, a tenth of all steps. With board sharpening, V is what the boards bring that are left when clipped as in
 * `paths`. With boost, V(j) is (Σ_q √V_q(j))². With restart probability 1 and start weight
 * 1 − x these are samples of the exact scores of `paths` with y = 1.
 *
 * Offers to `top` every pin visited that is not the query's own and not excluded. With target `boards`, boards
 * that the walk went through, a board's degree being the number of its pins; with `users`, their owners. The visits of the whole walk stay
 * readable in `scratch.visits` until its next use. When no query pin has a board: no steps, no candidates.
 *
 * Same graph, query, parameters and seed: same answer, and the order of the query pins does not matter.
 * O(steps + candidates · log k). Throws `invalid-parameter` naming the field at fault.
 */
export function pixie(
  graph: PinBoardGraph,
  asked: Query,
  given: Partial<PixieParams>,
  randomSeed: number,
  scratch: WalkScratch,
  top: TopPins,
  isExcluded?: IsExcluded,
  { target = 'pins', bias, onStep }: PixieOptions = {},
): PixieStats {
  const query = checkedQuery(graph, asked);
  const params = resolvePixie(given, randomSeed, target);
  checkBias(bias);
  check(bias === undefined || onStep === undefined, 'bias', 'does not go with a listener to steps');
  const { popularityDiscount, restartProbability, boardShrinkage } = params;
  scratch.discounts.begin(-popularityDiscount);
  const counts = params.lastHop === 'spread' || target !== 'pins' ? 'boards' : 'pins';
  const reachedMax = Infinity;
  const walk: Walk = { restartProbability, boardShrinkage, randomSeed, counts, reachedMax, bias, onStep };
  const budget = Math.min(params.steps, params.stepsPerQueryPin * query.pins.length);
  const weighted =
    params.stepShares === 'paper'
      ? weighByPaper(graph, query, pinDegreeMax(graph))
      : weighByPower(graph, query, params.startWeight, params.pinShrinkage);
  const sharpening = params.sharpening * (query.pins.length / (query.pins.length + params.sharpeningPins));
  // Of one step there is nothing to spare.
  const hasSecondSteps = (sharpening > 0 || params.boardSharpening > 0) && budget > 1;
  const secondSteps = hasSecondSteps ? Math.ceil(budget * secondStepsShare) : 0;
  const { steps, stoppedEarly } = walkQuery(graph, weighted, budget - secondSteps, params, walk, scratch);
  const walkedSecond = hasSecondSteps ? walkSecondSteps(graph, secondSteps, walk, scratch) : 0;
  if (params.boardSharpening > 0 && walkedSecond > 0) {
    secondMassesOf(graph, scratch, boardShrinkage, randomSeed);
    const secondSum = scratch.background.sum() / walkedSecond;
    clip(scratch.masses, scratch.seconds, secondSum, params.boardSharpening);
    spreadMasses(graph, scratch.masses, randomSeed, scratch.shares);
  }
  if (target === 'users') shareByUser(graph, scratch);
  const candidates = offerVisited(
    graph,
    query,
    walkedSecond > 0 ? sharpening : 0,
    target,
    scratch,
    top,
    isExcluded,
  );
  return { steps: steps + walkedSecond, stoppedEarly, candidates };
}

/** Offers what was visited. Returns how many there are, excluded ones included. */
function offerVisited(
  graph: PinBoardGraph,
  query: Query,
  sharpening: number,
  target: Target,
  { shares, background, discounts }: WalkScratch,
  top: TopPins,
  isExcluded: IsExcluded | undefined,
): number {
  const { slices, neighbors } = target === 'pins' ? graph.pinToBoard : graph.boardToPin;
  if (target === 'pins' && query.areOffered !== true) for (const pin of query.pins) shares.values[pin] = 0;
  let secondMass = 0;
  if (sharpening > 0) {
    for (let i = 0; i < background.size; i++) {
      const board = background.nodes[i]!;
      secondMass += background.values[board]! * degreeOf(graph.boardToPin, board);
    }
  }
  let candidates = 0;
  for (let i = 0; i < shares.size; i++) {
    const node = shares.nodes[i]!;
    const share = shares.values[node]!;
    if (share === 0) continue;
    candidates++;
    const degree = target === 'users' ? 1 : slices[2 * node + 1]!;
    const discount = discounts.of(degree);
    // The first step bounds the score: most nodes are done here.
    let score = share * discount;
    if (!top.wouldKeep(node, score)) continue;
    if (secondMass > 0) {
      const start = slices[2 * node]!;
      const second = sumOf(background.values, neighbors, start, start + degree) / secondMass;
      score = (share - sharpening * second) * discount;
      if (!top.wouldKeep(node, score)) continue;
    }
    if (isExcluded?.(node) !== true) top.offer(node, score);
  }
  return candidates;
}

/** The parameters, checked, defaults filled in. */
function resolvePixie(given: Partial<PixieParams>, randomSeed: number, target: Target): PixieParams {
  const params = resolveParams(pixieParams, given);
  const isSeed = Number.isInteger(randomSeed) && randomSeed >= 0 && randomSeed <= randomSeedMax;
  check(isSeed, 'randomSeed', `${randomSeed} is not an integer in [0, ${randomSeedMax}]`);
  checkPixieParams(params, target);
  return params;
}

/** Throws `invalid-parameter` for parameters that are sound one by one, but do not go together. */
export function checkPixieParams(params: PixieParams, target: Target): void {
  check(params.sharpening === 0 || !params.boost, 'sharpening', 'does not go with boost');
  check(params.sharpening === 0 || target === 'pins', 'sharpening', 'is for pins, not for boards or users');
  const isSpread = params.lastHop === 'spread';
  check(params.boardSharpening === 0 || isSpread, 'boardSharpening', 'goes with lastHop spread only');
  check(!isSpread || !params.boost, 'lastHop', 'spread does not go with boost');
  check(!isSpread || target === 'pins', 'lastHop', 'spread is for pins');
  check(!isSpread || params.earlyStop === 'none', 'lastHop', 'spread does not go with earlyStop');
  check(params.earlyStop !== 'stable' || !params.boost, 'earlyStop', 'stable does not go with boost');
  check(params.earlyStop !== 'stable' || target === 'pins', 'earlyStop', 'stable is for pins');
  const isDiscounted = params.popularityDiscount !== 0;
  check(!isDiscounted || target !== 'users', 'popularityDiscount', 'is for pins and boards, not for users');
}

function checkBias(bias: FeatureBias | undefined): void {
  if (bias === undefined) return;
  const { feature, probability } = bias;
  check(Number.isInteger(feature) && feature >= 0, 'bias', `feature ${feature} is not an integer from 0`);
  check(probability >= 0 && probability <= 1, 'bias', `probability ${probability} is not in [0, 1]`);
}

/** Turns shares of boards into shares of the users who own them. */
function shareByUser(graph: PinBoardGraph, { shares, rootSums: users }: WalkScratch): void {
  users.begin(graph.userCount);
  for (let i = 0; i < shares.size; i++) {
    const board = shares.nodes[i]!;
    users.add(graph.boardToUser[board]!, shares.values[board]!);
  }
  shares.begin(graph.userCount);
  for (let i = 0; i < users.size; i++) shares.add(users.nodes[i]!, users.values[users.nodes[i]!]!);
}

/**
 * One walk from one pin, its visits added to `scratch.visits`, which the caller has begun: the kernel alone, for
 * experiments and benchmarks. Returns the steps made: `steps`, or 0 from a pin without boards.
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
