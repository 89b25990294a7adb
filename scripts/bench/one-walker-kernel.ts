import { type PinBoardGraph, type PinIndex, type WalkScratch, randomStream } from '../../engine/index.ts';

/**
 * The baseline: the walk of the Pixie paper's pseudocode with a single walker, on the same arrays, random generator and
 * visit table as the interleaved kernel.
 */
export function oneWalkerKernel(
  graph: PinBoardGraph,
  queryPin: PinIndex,
  steps: number,
  restartProbability: number,
  randomSeed: number,
  scratch: WalkScratch,
): void {
  const pinSlices = graph.pinToBoard.slices;
  const pinNeighbors = graph.pinToBoard.neighbors;
  const boardSlices = graph.boardToPin.slices;
  const boardNeighbors = graph.boardToPin.neighbors;
  const { visits } = scratch;
  const restartBelow = restartProbability * 2 ** 32;
  const stream = randomStream(randomSeed, queryPin, 0);
  let { low: a, high: b } = stream;
  let pin = queryPin;
  for (let stepsLeft = steps; stepsLeft > 0;) {
    const room = visits.touched.length - visits.size;
    if (room === 0) {
      visits.grow();
      continue;
    }
    const count = Math.min(room, stepsLeft);
    const { entries, touched, log2Capacity } = visits;
    const mask = 2 ** log2Capacity - 1;
    const shift = 32 - log2Capacity;
    let size = visits.size;
    for (let step = 0; step < count; step++) {
      let draw = (Math.imul(a, 0x9e3779bb) >>> 0) * 2 ** -32;
      b ^= a;
      a = ((a << 26) | (a >>> 6)) ^ b ^ (b << 9);
      b = (b << 13) | (b >>> 19);
      const board = pinNeighbors[pinSlices[2 * pin]! + ((draw * pinSlices[2 * pin + 1]!) | 0)]!;
      draw = (Math.imul(a, 0x9e3779bb) >>> 0) * 2 ** -32;
      b ^= a;
      a = ((a << 26) | (a >>> 6)) ^ b ^ (b << 9);
      b = (b << 13) | (b >>> 19);
      pin = boardNeighbors[boardSlices[2 * board]! + ((draw * boardSlices[2 * board + 1]!) | 0)]!;
      let slot = Math.imul(pin, 0x9e3779b1) >>> shift;
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
      const restart = Math.imul(a, 0x9e3779bb) >>> 0;
      b ^= a;
      a = ((a << 26) | (a >>> 6)) ^ b ^ (b << 9);
      b = (b << 13) | (b >>> 19);
      if (restart < restartBelow) pin = queryPin;
    }
    visits.size = size;
    stepsLeft -= count;
  }
}
