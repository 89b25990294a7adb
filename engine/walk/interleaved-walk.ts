import { type PinBoardGraph, degreeOf } from '../graph/index.ts';
import { laneCount, lostNode } from './lane-layout.ts';
import { type Lanes, moveLane, startLane } from './lanes.ts';
import type { VisitTable } from './visit-table.ts';
import { advance } from './walk-kernel.ts';
import type { OnStep, Walk } from './walk.ts';
import type { WalkerList } from './walker-list.ts';

/** Rounds between two checks of {@link VisitTable.reached}, if the walk may stop early. */
const roundsPerCheck = 16;

/**
 * Random walks with restart. Adds the visits of all walkers to a table and returns the number of steps: the sum of the
 * walkers' steps, or fewer if `reachedMax` ended the walk. A walker whose home has no boards makes no steps.
 *
 * A step goes from a pin to a random board of it, then to a random pin of that board, and counts one visit; then, with
 * `restartProbability`, the walker returns home (Eksombatchai et al., WWW 2018, algorithm 1,
 * doi:10.1145/3178876.3186183). Every walker draws from its own random stream: board, pin, restart, in this order.
 *
 * A single walker waits for memory at every hop; independent walkers advanced in lockstep overlap their cache misses.
 * Every walker is a Markov chain of its own, so the distribution of visits is that of walking one by one. The
 * effect is in docs/performance.md (`npm run bench`, kernel cases).
 *
 * O(steps + walkers). The caller has validated the parameters ({@link pixie}) and the graph.
 */
export function interleavedWalk(
  graph: PinBoardGraph,
  walkers: WalkerList,
  walk: Walk,
  visits: VisitTable,
  lanes: Lanes,
): number {
  const { stepsLeft } = lanes;
  let next = 0;
  const fillLane = (lane: number): boolean => {
    while (next < walkers.size && degreeOf(graph.pinToBoard, walkers.homes[next]!) === 0) next++;
    if (next === walkers.size) return false;
    startLane(lanes, lane, walkers, next++, walk.randomSeed);
    return true;
  };
  let busy = 0;
  while (busy < laneCount && fillLane(busy)) busy++;

  let steps = 0;
  while (busy > 0 && reachedNodes(visits) < walk.reachedMax) {
    // As many rounds as fit before the table could be half full, so that the kernel need not check.
    const room = visits.touched.length - visits.size;
    if (room < busy) {
      visits.grow();
      continue;
    }
    let rounds = Math.floor(room / busy);
    if (walk.reachedMax < Infinity) rounds = Math.min(rounds, roundsPerCheck);
    for (let lane = 0; lane < busy; lane++) rounds = Math.min(rounds, stepsLeft[lane]!);
    if (walk.onStep === undefined) advance(graph, busy, rounds, walk, visits, lanes);
    else {
      // The same steps, one round at a time: after a round, the lanes hold everything about its steps.
      for (let round = 0; round < rounds; round++) {
        advance(graph, busy, 1, walk, visits, lanes);
        reportRound(busy, walkers, lanes, walk.onStep);
      }
    }
    steps += rounds * busy;
    for (let lane = busy - 1; lane >= 0; lane--) {
      stepsLeft[lane]! -= rounds;
      if (stepsLeft[lane] === 0 && !fillLane(lane)) moveLane(lanes, --busy, lane);
    }
  }
  return steps;
}

function reportRound(busy: number, { substreams }: WalkerList, lanes: Lanes, onStep: OnStep): void {
  const { walkers, homes, boards, cursors, restartMasks } = lanes;
  for (let lane = 0; lane < busy; lane++) {
    const end = cursors[lane]!;
    const substream = substreams[walkers[lane]!]!;
    onStep(homes[lane]!, substream, boards[lane]!, end === lostNode ? -1 : end, restartMasks[lane] !== 0);
  }
}

/** Number of nodes with `reachCount` visits, not counting {@link lostNode}. */
function reachedNodes(visits: VisitTable): number {
  const { reached, reachCount } = visits;
  return reached === 0 ? 0 : reached - Number(visits.visitCountOf(lostNode) >= reachCount);
}
