import type { PinBoardGraph } from '../graph/index.ts';
import type { Walk } from './walk.ts';
import type { Lanes } from './lanes.ts';
import type { VisitTable } from './visit-table.ts';

/** The node at which visits of lost walkers are counted; larger than every pin index. */
export const lostNode = 0x7fff_ffff;

/**
 * The kernel of {@link interleavedWalk}: `rounds` steps in each of the first `busy` lanes. The caller ensures that every
 * lane has at least `rounds` steps left and that the visit table has room for `rounds · busy` more nodes.
 *
 * Each pass makes one array access for all lanes, so that the processor overlaps the cache misses of the walkers. The
 * degree of a slice is always read before its start, because a live graph is written concurrently (engine/live).
 */
export function advance(
  graph: PinBoardGraph,
  busy: number,
  rounds: number,
  { restartProbability, boardShrinkage, counts }: Walk,
  visits: VisitTable,
  lanes: Lanes,
): void {
  const pinSlices = graph.pinToBoard.slices;
  const pinNeighbors = graph.pinToBoard.neighbors;
  const boardSlices = graph.boardToPin.slices;
  const boardNeighbors = graph.boardToPin.neighbors;
  const { pins, homes, low, high, boards, cursors, boardDraws, pinDraws } = lanes;
  const { restartMasks, pinsBehind, slots, firstProbes } = lanes;
  const losesWalkers = boardShrinkage > 0;
  const counted = counts === 'boards' ? boards : cursors;
  const { entries, touched, log2Capacity, reachCount } = visits;
  const mask = 2 ** log2Capacity - 1;
  const shift = 32 - log2Capacity;
  const restartBelow = restartProbability * 2 ** 32;
  let size = visits.size;
  let reached = visits.reached;

  for (let round = 0; round < rounds; round++) {
    // All draws of the round first: nextUint32() of engine/random three times, inlined. This keeps the passes below short
    // enough for the processor to run a dozen walkers ahead: 1.15 to 1.2 times as fast as drawing within each pass
    // (docs/perf-notes.md).
    for (let w = 0; w < busy; w++) {
      let a = low[w]!;
      let b = high[w]! ^ a;
      boardDraws[w] = (Math.imul(a, 0x9e3779bb) >>> 0) * 2 ** -32;
      a = ((a << 26) | (a >>> 6)) ^ b ^ (b << 9);
      b = ((b << 13) | (b >>> 19)) ^ a;
      pinDraws[w] = (Math.imul(a, 0x9e3779bb) >>> 0) * 2 ** -32;
      a = ((a << 26) | (a >>> 6)) ^ b ^ (b << 9);
      b = ((b << 13) | (b >>> 19)) ^ a;
      // All ones or all zeros: a mask instead of a branch that is mispredicted half of the time.
      restartMasks[w] = -Number(Math.imul(a, 0x9e3779bb) >>> 0 < restartBelow);
      low[w] = ((a << 26) | (a >>> 6)) ^ b ^ (b << 9);
      high[w] = (b << 13) | (b >>> 19);
    }
    // Pin -> position of a random board in its slice -> that board.
    for (let w = 0; w < busy; w++) {
      const pin = pins[w]!;
      const offset = (boardDraws[w]! * pinSlices[2 * pin + 1]!) | 0;
      cursors[w] = pinSlices[2 * pin]! + offset;
    }
    for (let w = 0; w < busy; w++) boards[w] = pinNeighbors[cursors[w]!]!;
    // Board -> position of a random pin in its slice -> that pin.
    for (let w = 0; w < busy; w++) {
      const board = boards[w]!;
      const degree = boardSlices[2 * board + 1]!;
      const offset = (pinDraws[w]! * (degree + boardShrinkage)) | 0;
      cursors[w] = boardSlices[2 * board]! + offset;
      pinsBehind[w] = degree - 1 - offset;
    }
    if (losesWalkers) {
      // Negative for a phantom pin: the walker reads the board's last pin instead, is counted as lost and restarts.
      for (let w = 0; w < busy; w++) {
        const behind = pinsBehind[w]!;
        const lost = behind >> 31;
        restartMasks[w]! |= lost;
        // The last pin of a board that just lost all its pins would be at -1 if its slice starts at 0.
        cursors[w] = boardNeighbors[Math.max(cursors[w]! + (behind & lost), 0)]! | (lost & lostNode);
      }
    } else {
      for (let w = 0; w < busy; w++) cursors[w] = boardNeighbors[cursors[w]!]!;
    }
    // Prefetch each node's first slot: the branches of the next pass are hard to predict, and a misprediction discards
    // the reads ahead. 1.03 to 1.1 times as fast at 50 M saves (docs/perf-notes.md).
    for (let w = 0; w < busy; w++) {
      const slot = Math.imul(counted[w]!, 0x9e3779b1) >>> shift;
      slots[w] = slot;
      firstProbes[w] = entries[2 * slot]!;
    }
    // Count the visit (VisitTable.add, inlined), then restart or stay.
    for (let w = 0; w < busy; w++) {
      const node = counted[w]!;
      let slot = slots[w]!;
      while (entries[2 * slot] !== node) {
        if (entries[2 * slot]! < 0) {
          entries[2 * slot] = node;
          entries[2 * slot + 1] = 0;
          touched[size++] = slot;
          break;
        }
        slot = (slot + 1) & mask;
      }
      const count = entries[2 * slot + 1]! + 1;
      entries[2 * slot + 1] = count;
      reached += Number(count === reachCount);
      const pin = cursors[w]!;
      pins[w] = pin ^ ((pin ^ homes[w]!) & restartMasks[w]!);
    }
  }
  visits.size = size;
  visits.reached = reached;
}
