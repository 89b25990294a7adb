import { type PinBoardGraph, nodeCount } from '../graph/index.ts';
import type { Query } from '../query.ts';
import { nextUnit, randomStream } from '../random/index.ts';
import { biasedWalk } from './biased-walk.ts';
import { isTopStable } from './early-stop.ts';
import { type Walk, interleavedWalk, nowhere } from './interleaved-walk.ts';
import type { PixieParams } from './pixie-params.ts';
import type { WalkScratch } from './scratch.ts';
import type { VisitTable } from './visit-table.ts';
import { sharesOfRootSums, sharesOfVisits, boardMasses, spreadVisits } from './shares.ts';
import { shareSteps } from './step-shares.ts';

/** Batches that a walk is cut into when it may end at the end of each. */
const batchCount = 16;
/** Numbers of random streams that no walker of a query pin has: those count up from 0. */
const secondStepStream = 0x4000_0000;
const roundingStream = 0x4000_0001;

export interface WalkedQuery {
  /** Steps whose visits are in `scratch.visits`. */
  readonly steps: number;
  readonly stoppedEarly: boolean;
}

/**
 * Walks from all pins of a query, its weights being final, `steps` in all. Visits go to `scratch.visits`, what they
 * come to for each node to `scratch.shares`.
 */
export function walkQuery(
  graph: PinBoardGraph,
  query: Query,
  steps: number,
  params: PixieParams,
  walk: Walk,
  scratch: WalkScratch,
): WalkedQuery {
  const dealt = shareSteps(query, steps);
  const planned = dealt.reduce((sum, share) => sum + share, 0);
  scratch.visits.begin(steps, nodeCount(graph.pinToBoard));
  let walked: number;
  if (params.earlyStop === 'stable') walked = walkUntilStable(graph, query, dealt, params, walk, scratch);
  else if (params.boost || params.earlyStop === 'visits') {
    walked = walkOneByOne(graph, query, dealt, params, walk, scratch);
  } else {
    const { walkers, visits } = scratch;
    walkers.clear();
    for (const [i, pin] of query.pins.entries()) walkers.addAll(pin, dealt[i]!, 0);
    walked = runWalkers(graph, walk, visits, scratch);
  }
  const { visits, rootSums, shares } = scratch;
  if (params.lastHop === 'spread') {
    // Only clipping needs them one by one.
    if (params.boardSharpening > 0) boardMasses(graph, visits, walk.boardShrinkage, scratch.masses);
    spreadVisits(graph, visits, walk.boardShrinkage, walk.randomSeed, shares);
  } else if (params.boost) sharesOfRootSums(rootSums, walked - visits.visitCountOf(nowhere), shares);
  else
    sharesOfVisits(visits, nodeCount(walk.counts === 'pins' ? graph.pinToBoard : graph.boardToPin), shares);
  return { steps: walked, stoppedEarly: walked < planned };
}

/** Batch by batch, until {@link isTopStable} says so. */
function walkUntilStable(
  graph: PinBoardGraph,
  query: Query,
  shares: readonly number[],
  params: PixieParams,
  walk: Walk,
  scratch: WalkScratch,
): number {
  const { walkers, visits } = scratch;
  const planned = shares.reduce((sum, share) => sum + share, 0);
  let walked = 0;
  for (let batch = 0; batch < batchCount; batch++) {
    walkers.clear();
    for (const [i, pin] of query.pins.entries()) {
      const before = Math.floor((shares[i]! * batch) / batchCount);
      const after = Math.floor((shares[i]! * (batch + 1)) / batchCount);
      walkers.addAll(pin, after - before, batch);
    }
    walked += runWalkers(graph, walk, visits, scratch);
    if (walked < planned && isTopStable(graph, visits, walked / planned, params, scratch.discounts)) break;
  }
  return walked;
}

/** One query pin after another, for what is told by the visits from each: boost, and the paper's early stop. */
function walkOneByOne(
  graph: PinBoardGraph,
  query: Query,
  shares: readonly number[],
  params: PixieParams,
  walk: Walk,
  scratch: WalkScratch,
): number {
  const { walkers, visits, ownVisits, rootSums } = scratch;
  const { earlyStop, earlyStopPins, earlyStopVisits } = params;
  const nodes = nodeCount(walk.counts === 'pins' ? graph.pinToBoard : graph.boardToPin);
  rootSums.begin(nodes);
  let walked = 0;
  for (const [i, pin] of query.pins.entries()) {
    ownVisits.begin(shares[i]!, nodes);
    if (earlyStop === 'visits') ownVisits.reachCount = earlyStopVisits;
    const reachedMax = earlyStop === 'visits' ? earlyStopPins : Infinity;
    walkers.clear();
    walkers.addAll(pin, shares[i]!, 0);
    walked += runWalkers(graph, { ...walk, reachedMax }, ownVisits, scratch);
    for (let place = 0; place < ownVisits.size; place++) {
      const slot = ownVisits.touched[place]!;
      const node = ownVisits.entries[2 * slot]!;
      const count = ownVisits.entries[2 * slot + 1]!;
      if (2 * visits.size >= visits.entries.length / 2) visits.grow();
      visits.add(node, count);
      if (node !== nowhere) rootSums.add(node, Math.sqrt(count));
    }
  }
  return walked;
}

/**
 * Half a step more from wherever the walk led, `steps` of them shared by `scratch.shares`: to a random board.
 * Fills `scratch.background` with what each board then brings to every pin of it: summed over the boards of a
 * pin, that goes with the second steps that end there. The last hop is exact, as in {@link spreadVisits}: drawn,
 * it would drown sharpened scores in noise (docs/quality.md). Returns the steps made.
 */
export function walkSecondSteps(
  graph: PinBoardGraph,
  steps: number,
  walk: Walk,
  scratch: WalkScratch,
): number {
  const { walkers, shares, ownVisits, background } = scratch;
  walkers.clear();
  for (let i = 0; i < shares.size; i++) {
    const pin = shares.nodes[i]!;
    // Rounded up or down at random, so that small shares count; by pin, so that order does not.
    const rounding = nextUnit(randomStream(walk.randomSeed, pin, roundingStream));
    const count = Math.floor(shares.values[pin]! * steps + rounding);
    if (count > 0) walkers.add(pin, count, secondStepStream);
  }
  ownVisits.begin(steps, nodeCount(graph.boardToPin));
  const second: Walk = { ...walk, restartProbability: 1, counts: 'boards', onStep: undefined };
  const walked = runWalkers(graph, second, ownVisits, scratch);
  boardMasses(graph, ownVisits, walk.boardShrinkage, background);
  return walked;
}

/** Runs the walkers of the scratch: in lockstep, or biased one by one. */
function runWalkers(
  graph: PinBoardGraph,
  walk: Walk,
  visits: VisitTable,
  { walkers, lanes }: WalkScratch,
): number {
  return walk.bias === undefined
    ? interleavedWalk(graph, walkers, walk, visits, lanes)
    : biasedWalk(graph, walkers, walk, walk.bias, visits);
}
