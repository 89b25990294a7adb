import type { PinBoardGraph } from '../graph/index.ts';
import type { Lanes } from './lanes.ts';
import type { VisitTable } from './visit-table.ts';
import type { Walk } from './walk.ts';

/**
 * The kernel of {@link interleavedWalk}: `rounds` steps in each of the first `busy` lanes. The caller ensures that every
 * lane has at least `rounds` steps left and that the visit table has room for `rounds · busy` more nodes.
 *
 * It runs in WebAssembly (kernel-module.ts) on the memories of graph, table and lanes: 2.5 to 3 times as fast as the same loops in
 * TypeScript, which its twin in test/reference has (docs/perf-notes.md). Each pass makes one access for all lanes, so that the
 * processor overlaps the cache misses of the walkers.
 */
export function advance(
  graph: PinBoardGraph,
  busy: number,
  rounds: number,
  { restartProbability, boardShrinkage, counts }: Walk,
  visits: VisitTable,
  { kernel, results }: Lanes,
): void {
  const run = kernel.variant(graph, visits, counts, boardShrinkage > 0);
  run(
    busy,
    rounds,
    graph.pinToBoard.neighbors.byteOffset,
    graph.boardToPin.neighbors.byteOffset,
    // draw < p · 2^32, as draw <= the largest integer below.
    Math.ceil(restartProbability * 2 ** 32) - 1,
    restartProbability > 0 ? -1 : 0,
    boardShrinkage,
    32 - visits.log2Capacity,
    visits.size,
    visits.reachCount,
    visits.reached,
  );
  visits.size = results[0]!;
  visits.reached = results[1]!;
}
