import { type PinBoardGraph, type PinIndex, degreeOf } from '../graph/index.ts';
import { randomStream } from '../random/index.ts';
import { VisitTable } from './visit-table.ts';

/**
 * Walkers that advance in lockstep. 64 is part of the answer: it decides how the steps of a query are
 * dealt to random streams. Speed was the same from 32 to 256.
 */
export const walkerCount = 64;

/** What one walk reuses from another: one a worker, never shared between threads. */
export interface WalkScratch {
  readonly visits: VisitTable;
  readonly pins: Int32Array;
  readonly cursors: Int32Array;
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly boardDraws: Float64Array;
  readonly pinDraws: Float64Array;
  readonly restartMasks: Int32Array;
  readonly slots: Int32Array;
  readonly firstProbes: Int32Array;
}

/** Fresh scratch for {@link interleavedWalk}. */
export function createWalkScratch(): WalkScratch {
  return {
    visits: new VisitTable(),
    pins: new Int32Array(walkerCount),
    cursors: new Int32Array(walkerCount),
    low: new Int32Array(walkerCount),
    high: new Int32Array(walkerCount),
    boardDraws: new Float64Array(walkerCount),
    pinDraws: new Float64Array(walkerCount),
    restartMasks: new Int32Array(walkerCount),
    slots: new Int32Array(walkerCount),
    firstProbes: new Int32Array(walkerCount),
  };
}

/**
 * Random walk with restart from one query pin, its visits added to `scratch.visits`. Returns the steps made:
 * `steps`, or 0 from a pin without boards.
 *
 * One step goes from a pin to a random board of it, to a random pin of that board, and counts a visit there;
 * then, with `restartProbability`, the walker is put back on the query pin (Eksombatchai et al., WWW 2018,
 * algorithm 1, doi:10.1145/3178876.3186183). The steps are dealt to {@link walkerCount} independent walkers,
 * walker `w` drawing from random stream `(queryPin, w)`: board, pin, restart, in this order.
 *
 * A single walker waits for memory at every hop. Independent walkers do not wait for each other, so each pass
 * below makes one array access for all of them, and the processor overlaps the misses. Each walker is a
 * Markov chain of its own: the distribution is that of one walker. Against one walker at a time: 2.2 to 3.9
 * times as fast (`npm run bench`, kernel cases).
 *
 * O(steps). The caller has checked the parameters ({@link pixie}) and the graph.
 */
export function interleavedWalk(
  graph: PinBoardGraph,
  queryPin: PinIndex,
  steps: number,
  restartProbability: number,
  randomSeed: number,
  scratch: WalkScratch,
): number {
  if (degreeOf(graph.pinToBoard, queryPin) === 0) return 0;
  const { visits, pins, low, high } = scratch;
  for (let w = 0; w < walkerCount; w++) {
    const stream = randomStream(randomSeed, queryPin, w);
    pins[w] = queryPin;
    low[w] = stream.low;
    high[w] = stream.high;
  }
  let stepsLeft = steps;
  while (stepsLeft > 0) {
    // As many rounds as fit before the table could be half full: no check inside the loop.
    const walkers = Math.min(stepsLeft, walkerCount);
    const room = visits.touched.length - visits.size;
    if (room < walkers) {
      visits.grow();
      continue;
    }
    const rounds = Math.floor(Math.min(room, stepsLeft) / walkers);
    advance(graph, queryPin, walkers, rounds, restartProbability, scratch);
    stepsLeft -= rounds * walkers;
  }
  return steps;
}

/** The kernel: `rounds` steps of each of the first `walkers` walkers. */
function advance(
  graph: PinBoardGraph,
  queryPin: PinIndex,
  walkers: number,
  rounds: number,
  restartProbability: number,
  scratch: WalkScratch,
): void {
  const pinSlices = graph.pinToBoard.slices;
  const pinNeighbors = graph.pinToBoard.neighbors;
  const boardSlices = graph.boardToPin.slices;
  const boardNeighbors = graph.boardToPin.neighbors;
  const { visits, pins, cursors, low, high, boardDraws, pinDraws, restartMasks, slots, firstProbes } =
    scratch;
  const { entries, touched, log2Capacity } = visits;
  const mask = 2 ** log2Capacity - 1;
  const shift = 32 - log2Capacity;
  const restartBelow = restartProbability * 2 ** 32;
  let size = visits.size;

  for (let round = 0; round < rounds; round++) {
    // All draws of the round first: nextUint32() of engine/random three times, inlined. The passes below
    // are then short enough for the processor to see a dozen walkers ahead. 1.15 to 1.2 times as fast as
    // drawing within each pass (docs/perf-notes.md).
    for (let w = 0; w < walkers; w++) {
      let a = low[w]!;
      let b = high[w]! ^ a;
      boardDraws[w] = (Math.imul(a, 0x9e3779bb) >>> 0) * 2 ** -32;
      a = ((a << 26) | (a >>> 6)) ^ b ^ (b << 9);
      b = ((b << 13) | (b >>> 19)) ^ a;
      pinDraws[w] = (Math.imul(a, 0x9e3779bb) >>> 0) * 2 ** -32;
      a = ((a << 26) | (a >>> 6)) ^ b ^ (b << 9);
      b = ((b << 13) | (b >>> 19)) ^ a;
      // All ones or all zeros: a mask instead of a branch that is guessed wrong half of the time.
      restartMasks[w] = -Number(Math.imul(a, 0x9e3779bb) >>> 0 < restartBelow);
      low[w] = ((a << 26) | (a >>> 6)) ^ b ^ (b << 9);
      high[w] = (b << 13) | (b >>> 19);
    }
    // Pin -> the place of a random board in its slice -> that board.
    for (let w = 0; w < walkers; w++) {
      const pin = pins[w]!;
      cursors[w] = pinSlices[2 * pin]! + ((boardDraws[w]! * pinSlices[2 * pin + 1]!) | 0);
    }
    for (let w = 0; w < walkers; w++) cursors[w] = pinNeighbors[cursors[w]!]!;
    // Board -> the place of a random pin in its slice -> that pin.
    for (let w = 0; w < walkers; w++) {
      const board = cursors[w]!;
      cursors[w] = boardSlices[2 * board]! + ((pinDraws[w]! * boardSlices[2 * board + 1]!) | 0);
    }
    for (let w = 0; w < walkers; w++) cursors[w] = boardNeighbors[cursors[w]!]!;
    // Read each pin's first slot, for nothing but its way into the cache: the branches of the next pass are
    // hard to guess, and a wrong guess throws away the reads ahead. 1.03 to 1.1 times as fast at 50 M saves.
    for (let w = 0; w < walkers; w++) {
      const slot = Math.imul(cursors[w]!, 0x9e3779b1) >>> shift;
      slots[w] = slot;
      firstProbes[w] = entries[2 * slot]!;
    }
    // Count the visit (VisitTable.add, inlined), then restart or stay.
    for (let w = 0; w < walkers; w++) {
      const pin = cursors[w]!;
      let slot = slots[w]!;
      while (entries[2 * slot] !== pin) {
        if (entries[2 * slot]! < 0) {
          entries[2 * slot] = pin;
          entries[2 * slot + 1] = 0;
          touched[size++] = slot;
          break;
        }
        slot = (slot + 1) & mask;
      }
      entries[2 * slot + 1]!++;
      pins[w] = pin ^ ((pin ^ queryPin) & restartMasks[w]!);
    }
  }
  visits.size = size;
}
