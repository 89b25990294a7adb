import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import type { Query } from '../query.ts';
import { nextUnit, randomStream } from '../random/index.ts';
import { isTopStable } from './early-stop.ts';
import { type Walk, interleavedWalk } from './interleaved-walk.ts';
import type { PixieParams } from './pixie-params.ts';
import type { WalkScratch } from './scratch.ts';
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
 * Walks from all pins of a query, its weights being final, `steps` in all. Visits go to `scratch.visits`; with
 * boost, Σ √visits to `scratch.rootSums`.
 */
export function walkQuery(
  graph: PinBoardGraph,
  query: Query,
  steps: number,
  params: PixieParams,
  walk: Walk,
  scratch: WalkScratch,
): WalkedQuery {
  const shares = shareSteps(query, steps);
  const planned = shares.reduce((sum, share) => sum + share, 0);
  scratch.visits.begin(steps, nodeCount(graph.pinToBoard));
  let walked: number;
  if (params.earlyStop === 'stable') walked = walkUntilStable(graph, query, shares, params, walk, scratch);
  else if (params.boost || params.earlyStop === 'visits') {
    walked = walkOneByOne(graph, query, shares, params, walk, scratch);
  } else {
    const { walkers, visits, lanes } = scratch;
    walkers.clear();
    for (const [i, pin] of query.pins.entries()) walkers.addAll(pin, shares[i]!, 0);
    walked = interleavedWalk(graph, walkers, walk, visits, lanes);
  }
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
  const { walkers, visits, lanes } = scratch;
  const planned = shares.reduce((sum, share) => sum + share, 0);
  let walked = 0;
  for (let batch = 0; batch < batchCount; batch++) {
    walkers.clear();
    for (const [i, pin] of query.pins.entries()) {
      const before = Math.floor((shares[i]! * batch) / batchCount);
      const after = Math.floor((shares[i]! * (batch + 1)) / batchCount);
      walkers.addAll(pin, after - before, batch);
    }
    walked += interleavedWalk(graph, walkers, walk, visits, lanes);
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
  const { walkers, visits, ownVisits, rootSums, lanes } = scratch;
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
    walked += interleavedWalk(graph, walkers, { ...walk, reachedMax }, ownVisits, lanes);
    for (let place = 0; place < ownVisits.size; place++) {
      const slot = ownVisits.touched[place]!;
      const node = ownVisits.entries[2 * slot]!;
      const count = ownVisits.entries[2 * slot + 1]!;
      if (2 * visits.size >= visits.entries.length / 2) visits.grow();
      visits.add(node, count);
      rootSums.add(node, Math.sqrt(count));
    }
  }
  return walked;
}

/**
 * Half a step more from wherever the walk counted a visit, `ratio` times as many as there are visits (1 at most):
 * to a random board. Fills `scratch.background` with each board's share of these, divided by its degree: summed
 * over the boards of a pin, that is the chance of a whole second step to end there. Taking the last hop exactly
 * for the few pins that matter, instead of drawing it, is what keeps sharpened scores from drowning in noise
 * (docs/quality.md). Returns the steps made.
 */
export function walkSecondSteps(
  graph: PinBoardGraph,
  ratio: number,
  walk: Walk,
  scratch: WalkScratch,
): number {
  const { walkers, visits, ownVisits, background, lanes } = scratch;
  walkers.clear();
  let planned = 0;
  for (let place = 0; place < visits.size; place++) {
    const slot = visits.touched[place]!;
    const pin = visits.entries[2 * slot]!;
    // Rounded up or down at random, so that rare visits keep their share; by pin, so that order does not count.
    const exact = visits.entries[2 * slot + 1]! * ratio;
    const count = Math.floor(exact + nextUnit(randomStream(walk.randomSeed, pin, roundingStream)));
    if (count === 0) continue;
    walkers.add(pin, count, secondStepStream);
    planned += count;
  }
  ownVisits.begin(planned, nodeCount(graph.boardToPin));
  const steps = interleavedWalk(
    graph,
    walkers,
    { ...walk, restartProbability: 1, counts: 'boards' },
    ownVisits,
    lanes,
  );
  background.begin(nodeCount(graph.boardToPin));
  for (let place = 0; place < ownVisits.size; place++) {
    const slot = ownVisits.touched[place]!;
    const board = ownVisits.entries[2 * slot]!;
    background.add(board, ownVisits.entries[2 * slot + 1]! / steps / degreeOf(graph.boardToPin, board));
  }
  return steps;
}
