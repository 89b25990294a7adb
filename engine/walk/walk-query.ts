import { type Work, prices } from '../base/index.ts';
import { type PinBoardGraph, nodeCount } from '../graph/index.ts';
import type { Query } from '../query.ts';
import { isTopStable } from './early-stop.ts';
import { interleavedWalk } from './interleaved-walk.ts';
import type { Walk } from './walk.ts';
import type { PixieParams } from './pixie-params.ts';
import type { ReachedPins } from './reached-pins.ts';
import type { WalkScratch } from './scratch.ts';
import { boardMasses, sharesOfRootSums, sharesOfVisits } from './shares.ts';
import { shareSteps } from './step-shares.ts';
import { lostNode } from './lane-layout.ts';

/** Batches of a walk that may stop after each of them. */
const batchCount = 16;
/** Random substreams beyond those of the walkers, which count up from 0. */
const secondStepStream = 0x4000_0000;
const roundingStream = 0x4000_0001;

interface WalkedQuery {
  /** Steps whose visits are in `scratch.visits`. */
  readonly steps: number;
  readonly stoppedEarly: boolean;
}

/**
 * Walks `steps` steps from the pins of a query, divided by its weights. Fills `scratch.visits`, and `scratch.shares` with
 * the share of each node, or `reached` if it is given.
 */
export function walkQuery(
  graph: PinBoardGraph,
  query: Query,
  steps: number,
  params: PixieParams,
  walk: Walk,
  scratch: WalkScratch,
  work: Work,
  reached?: ReachedPins,
): WalkedQuery {
  const stepsByPin = shareSteps(query, steps);
  const planned = stepsByPin.reduce((sum, each) => sum + each, 0);
  scratch.visits.begin(steps, nodeCount(graph.pinToBoard));
  let walked: number;
  if (params.earlyStop === 'stable') {
    walked = walkUntilStable(graph, query, stepsByPin, params, walk, scratch, work);
  } else if (params.boost || params.earlyStop === 'visits') {
    walked = walkPinByPin(graph, query, stepsByPin, params, walk, scratch);
  } else {
    const { walkers, visits } = scratch;
    walkers.clear();
    for (const [i, pin] of query.pins.entries()) walkers.addAll(pin, stepsByPin[i]!, 0);
    walked = interleavedWalk(graph, scratch.walkers, walk, visits, scratch.lanes);
  }
  const { visits, rootSums, shares } = scratch;
  if (params.lastHop === 'spread') {
    // Board sharpening passes over the boards again.
    if (params.boardSharpening > 0) work.take(visits.size, prices.node);
    scratch.spreader.spreadVisits(graph, visits, walk.boardShrinkage, walk.randomSeed, shares, work, reached);
  } else if (params.boost) sharesOfRootSums(rootSums, walked - visits.visitCountOf(lostNode), shares);
  else {
    if (reached === undefined)
      shares.begin(nodeCount(walk.counts === 'pins' ? graph.pinToBoard : graph.boardToPin));
    else reached.begin(graph);
    sharesOfVisits(visits, reached ?? shares);
  }
  return { steps: walked, stoppedEarly: walked < planned };
}

/** Walks batch by batch until {@link isTopStable}. */
function walkUntilStable(
  graph: PinBoardGraph,
  query: Query,
  stepsByPin: readonly number[],
  params: PixieParams,
  walk: Walk,
  scratch: WalkScratch,
  work: Work,
): number {
  const { walkers, visits } = scratch;
  const planned = stepsByPin.reduce((sum, each) => sum + each, 0);
  let walked = 0;
  for (let batch = 0; batch < batchCount; batch++) {
    walkers.clear();
    for (const [i, pin] of query.pins.entries()) {
      const before = Math.floor((stepsByPin[i]! * batch) / batchCount);
      const after = Math.floor((stepsByPin[i]! * (batch + 1)) / batchCount);
      walkers.addAll(pin, after - before, batch);
    }
    walked += interleavedWalk(graph, scratch.walkers, walk, visits, scratch.lanes);
    work.count(visits.size, prices.node);
    if (walked < planned && isTopStable(graph, visits, walked / planned, params, scratch.discounts)) break;
  }
  return walked;
}

/** Walks from one query pin after another, because boost and the paper's early stop need the visits from each. */
function walkPinByPin(
  graph: PinBoardGraph,
  query: Query,
  stepsByPin: readonly number[],
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
    ownVisits.begin(stepsByPin[i]!, nodes);
    if (earlyStop === 'visits') ownVisits.reachCount = earlyStopVisits;
    const reachedMax = earlyStop === 'visits' ? earlyStopPins : Infinity;
    walkers.clear();
    walkers.addAll(pin, stepsByPin[i]!, 0);
    walked += interleavedWalk(graph, walkers, { ...walk, reachedMax }, ownVisits, scratch.lanes);
    for (let j = 0; j < ownVisits.size; j++) {
      const slot = ownVisits.touched[j]!;
      const node = ownVisits.entries[2 * slot]!;
      const count = ownVisits.entries[2 * slot + 1]!;
      if (2 * visits.size >= visits.entries.length / 2) visits.grow();
      visits.add(node, count);
      if (node !== lostNode) rootSums.add(node, Math.sqrt(count));
    }
  }
  return walked;
}

/**
 * The second steps of sharpening: half a step, to a random board, from pins drawn by the shares of `scratch.reached`, `steps` times. Fills
 * `scratch.background` with the mass that each board then gives to each of its pins; summed over the boards of a pin, it
 * is proportional to the second steps that end there. As in {@link Spreader}, the last hop is not drawn: its noise
 * would exceed the sharpened scores (docs/quality.md). Returns the steps made.
 */
export function walkSecondSteps(
  graph: PinBoardGraph,
  steps: number,
  walk: Walk,
  scratch: WalkScratch,
  work: Work,
): number {
  const { walkers, reached, ownVisits, background } = scratch;
  walkers.clear();
  // Stochastic rounding keeps small shares; one stream per pin makes it independent of order.
  const rounding = { randomSeed: walk.randomSeed, substream: roundingStream };
  reached.roundSteps(steps, rounding, (pin, count) => walkers.add(pin, count, secondStepStream));
  ownVisits.begin(steps, nodeCount(graph.boardToPin));
  const second: Walk = { ...walk, restartProbability: 1, counts: 'boards', onStep: undefined };
  const walked = interleavedWalk(graph, scratch.walkers, second, ownVisits, scratch.lanes);
  boardMasses(graph, ownVisits, walk.boardShrinkage, background, work);
  return walked;
}
