import type { PinIndex } from '../graph/index.ts';
import { randomStream } from '../random/index.ts';
import { Kernel } from './kernel.ts';
import { laneCount } from './lane-layout.ts';
import type { WalkerList } from './walker-list.ts';

/** The state of the kernel: every array has one entry per lane. One per thread. */
export interface Lanes {
  /** Index of the lane's walker in the list. */
  readonly walkers: Int32Array;
  readonly stepsLeft: Int32Array;
  readonly pins: Int32Array;
  readonly homes: Int32Array;
  /** Random state, see `RandomStream`. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** Of the last step: the board passed, the pin reached, and -1 if the walker returned home, else 0. */
  readonly boards: Int32Array;
  readonly cursors: Int32Array;
  readonly restartMasks: Int32Array;
  /** Size and `reached` of the visit table, after the kernel ran. */
  readonly results: Int32Array;
  /** Holds all arrays but the first two, and what else the kernel needs. */
  readonly kernel: Kernel;
}

export function createLanes(): Lanes {
  const kernel = new Kernel();
  return {
    walkers: new Int32Array(laneCount),
    stepsLeft: new Int32Array(laneCount),
    pins: kernel.lanes('pins'),
    homes: kernel.lanes('homes'),
    low: kernel.lanes('low'),
    high: kernel.lanes('high'),
    boards: kernel.lanes('boards'),
    cursors: kernel.lanes('cursors'),
    restartMasks: kernel.lanes('restartMasks'),
    results: kernel.lanes('results'),
    kernel,
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
