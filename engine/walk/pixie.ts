import { check } from '../check.ts';
import type { PinBoardGraph } from '../graph/index.ts';
import { defaultsOf, resolveParams } from '../params.ts';
import { type Query, assertQuery } from '../query.ts';
import { randomSeedMax } from '../random/index.ts';
import type { IsExcluded, TopPins } from '../rank/index.ts';
import { type Walk, interleavedWalk } from './interleaved-walk.ts';
import { sumOf } from '../vectors/index.ts';
import { type PixieParams, pixieParams } from './pixie-params.ts';
import type { WalkScratch } from './scratch.ts';
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

/** What a walk recommends: its pins, or the boards or users through which it went. */
export type Target = 'pins' | 'boards' | 'users';

/**
 * Pixie's random walks (Eksombatchai et al., WWW 2018, doi:10.1145/3178876.3186183): walks with restart from each
 * query pin, a share of the steps for each, and ranks pins by visits.
 *
 *     score(j) = (V(j) / N − sharpening · B(j) / M) · d_j^-popularityDiscount
 *
 * V are the visits of N steps; B those of M more steps, one from each visit (a share of them: `sharpening`, which
 * makes the variance least). With boost, V(j) is (Σ_q √V_q(j))². With restart probability 1 and start weight
 * 1 − x these are samples of the exact scores of `paths` with y = 1.
 *
 * Offers to `top` every pin visited that is not the query's own and not excluded. With target `boards`, boards
 * that the walk went through; a board's degree is then the number of its pins. The visits of the whole walk stay
 * readable in `scratch.visits` until its next use. When no query pin has a board: no steps, no candidates.
 *
 * Same graph, query, parameters and seed: same answer, and the order of the query pins does not matter.
 * O(steps + candidates · log k). Throws `invalid-parameter` naming the field at fault.
 */
export function pixie(
  graph: PinBoardGraph,
  query: Query,
  given: Partial<PixieParams>,
  randomSeed: number,
  scratch: WalkScratch,
  top: TopPins,
  isExcluded?: IsExcluded,
  target: 'pins' | 'boards' = 'pins',
): PixieStats {
  const params = resolvePixie(graph, query, given, randomSeed, target);
  const { sharpening, popularityDiscount, restartProbability } = params;
  scratch.discounts.begin(-popularityDiscount);
  const walk: Walk = { restartProbability, randomSeed, counts: target, reachedMax: Infinity };
  const budget = Math.min(params.steps, params.stepsPerQueryPin * query.pins.length);
  const weighted =
    params.stepShares === 'paper'
      ? weighByPaper(graph, query, pinDegreeMax(graph))
      : weighByPower(graph, query, params.startWeight);
  const ratio = sharpening > 0 ? 0.1 : 0;
  const firstSteps = Math.ceil(budget / (1 + ratio));
  const { steps, stoppedEarly } = walkQuery(graph, weighted, firstSteps, params, walk, scratch);
  const secondSteps = sharpening > 0 ? walkSecondSteps(graph, ratio, walk, scratch) : 0;
  const candidates = offerVisited(
    graph,
    query,
    params,
    { steps, secondSteps, target },
    scratch,
    top,
    isExcluded,
  );
  return { steps: steps + secondSteps, stoppedEarly, candidates };
}

/** Offers what was visited. Returns how many there are, excluded ones included. */
function offerVisited(
  graph: PinBoardGraph,
  query: Query,
  params: PixieParams,
  walked: { readonly steps: number; readonly secondSteps: number; readonly target: 'pins' | 'boards' },
  scratch: WalkScratch,
  top: TopPins,
  isExcluded: IsExcluded | undefined,
): number {
  const { visits, background, rootSums, discounts } = scratch;
  const { slices, neighbors } = walked.target === 'pins' ? graph.pinToBoard : graph.boardToPin;
  const isQueryPin = new Set(walked.target === 'pins' ? query.pins : []);
  const { steps, secondSteps } = walked;
  let candidates = visits.size;
  for (const pin of isQueryPin) candidates -= Number(visits.visitCountOf(pin) > 0);
  for (let place = 0; place < visits.size; place++) {
    const slot = visits.touched[place]!;
    const node = visits.entries[2 * slot]!;
    const count = params.boost ? rootSums.values[node]! ** 2 : visits.entries[2 * slot + 1]!;
    const discount = discounts.of(slices[2 * node + 1]!);
    // What was visited bounds the score: most nodes are done here.
    let score = (count / steps) * discount;
    if (!top.wouldKeep(node, score)) continue;
    if (secondSteps > 0) {
      const start = slices[2 * node]!;
      const secondShare = sumOf(background.values, neighbors, start, start + slices[2 * node + 1]!);
      score = (count / steps - params.sharpening * secondShare) * discount;
      if (!top.wouldKeep(node, score)) continue;
    }
    if (!isQueryPin.has(node) && isExcluded?.(node) !== true) top.offer(node, score);
  }
  return candidates;
}

/** The parameters, checked, defaults filled in. */
function resolvePixie(
  graph: PinBoardGraph,
  query: Query,
  given: Partial<PixieParams>,
  randomSeed: number,
  target: 'pins' | 'boards',
): PixieParams {
  assertQuery(graph, query);
  const params = resolveParams(pixieParams, given);
  const isSeed = Number.isInteger(randomSeed) && randomSeed >= 0 && randomSeed <= randomSeedMax;
  check(isSeed, 'randomSeed', `${randomSeed} is not an integer in [0, ${randomSeedMax}]`);
  check(params.sharpening === 0 || !params.boost, 'sharpening', 'does not go with boost');
  check(params.sharpening === 0 || target === 'pins', 'sharpening', 'is for pins, not for boards or users');
  check(params.earlyStop !== 'stable' || !params.boost, 'earlyStop', 'stable does not go with boost');
  check(params.earlyStop !== 'stable' || target === 'pins', 'earlyStop', 'stable is for pins');
  return params;
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
  const walk: Walk = { restartProbability, randomSeed, counts: 'pins', reachedMax: Infinity };
  return interleavedWalk(graph, walkers, walk, visits, lanes);
}
