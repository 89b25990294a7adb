import type { PinIndex } from '../graph/index.ts';
import { randomStream } from '../random/index.ts';
import type { WalkerList } from './walker-list.ts';

/** Walkers that advance in lockstep. The result does not depend on it. */
export const laneCount = 64;

/** The state of the kernel: every array has one entry per lane. One per thread. */
export interface Lanes {
  /** Index of the lane's walker in the list. */
  readonly walkers: Int32Array;
  readonly pins: Int32Array;
  readonly homes: Int32Array;
  readonly stepsLeft: Int32Array;
  /** Random state, see `RandomStream`. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly boards: Int32Array;
  readonly cursors: Int32Array;
  readonly boardDraws: Float64Array;
  readonly pinDraws: Float64Array;
  readonly restartMasks: Int32Array;
  readonly pinsBehind: Int32Array;
  readonly slots: Int32Array;
  readonly firstProbes: Int32Array;
}

export function createLanes(): Lanes {
  const ints = (): Int32Array => new Int32Array(laneCount);
  return {
    walkers: ints(),
    pins: ints(),
    homes: ints(),
    stepsLeft: ints(),
    low: ints(),
    high: ints(),
    boards: ints(),
    cursors: ints(),
    boardDraws: new Float64Array(laneCount),
    pinDraws: new Float64Array(laneCount),
    restartMasks: ints(),
    pinsBehind: ints(),
    slots: ints(),
    firstProbes: ints(),
  };
}

/** Puts a waiting walker on a lane, at its home. */
export function startLane(
  lanes: Lanes,
  lane: number,
  walkers: WalkerList,
  walker: number,
  randomSeed: number,
): void {
  const home: PinIndex = walkers.homes[walker]!;
  const stream = randomStream(randomSeed, home, walkers.substreams[walker]);
  lanes.walkers[lane] = walker;
  lanes.pins[lane] = home;
  lanes.homes[lane] = home;
  lanes.stepsLeft[lane] = walkers.steps[walker]!;
  lanes.low[lane] = stream.low;
  lanes.high[lane] = stream.high;
}

/** Moves a walker from one lane to another. */
export function moveLane(
  { walkers, pins, homes, stepsLeft, low, high }: Lanes,
  from: number,
  to: number,
): void {
  walkers[to] = walkers[from]!;
  pins[to] = pins[from]!;
  homes[to] = homes[from]!;
  stepsLeft[to] = stepsLeft[from]!;
  low[to] = low[from]!;
  high[to] = high[from]!;
}
