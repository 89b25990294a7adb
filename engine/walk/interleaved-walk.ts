import { type PinBoardGraph, type PinIndex, degreeOf } from '../graph/index.ts';
import { randomStream } from '../random/index.ts';
import type { FeatureBias } from './biased-walk.ts';
import type { VisitTable } from './visit-table.ts';
import type { WalkerList } from './walker-list.ts';

/** Walkers that advance in lockstep. No part of the answer. */
const laneCount = 64;
/** Rounds between two looks at {@link VisitTable.reached}, when somebody waits for it. */
const roundsPerLook = 16;

/** The node at which visits of lost walkers are counted: no pin's index. */
export const nowhere = 0x7fff_ffff;

/** How walkers walk, and what is counted. */
export interface Walk {
  /** Chance, after each step, of going back home; 0 to 1. */
  readonly restartProbability: number;
  readonly randomSeed: number;
  /**
   * Pins that every board is taken to have besides its own: a walker that draws one of these is lost. Its visit is
   * counted at {@link nowhere}, and it starts anew from home. From a board of d pins that happens with
   * probability c / (d + c).
   */
  readonly boardShrinkage: number;
  /** Where each step's visit is counted: at the pin where it ends, or at the board through which it goes, also
   * when the walker is lost there. */
  readonly counts: 'pins' | 'boards';
  /** The walk ends when this many nodes have `visits.reachCount` visits; Infinity for none. */
  readonly reachedMax: number;
  /** A wish for a feature: for `biasedWalk` alone. */
  readonly bias?: FeatureBias | undefined;
  /** Hears of every step, to look at a walk. Changes nothing of it but its speed. */
  readonly onStep?: StepListener | undefined;
}

/**
 * Told of one step: the walker (its home pin and the number of its random stream), the board through which it went,
 * the pin where it ended (-1: lost, see `boardShrinkage`), and whether the next step starts from home. Steps of one
 * walker come in their order, those of different walkers in turn.
 */
export type StepListener = (
  home: PinIndex,
  substream: number,
  board: number,
  end: PinIndex,
  goesHome: boolean,
) => void;

/** The lanes of the kernel. One a thread, never shared between threads. */
export interface Lanes {
  /** Place in the list of the walker in each lane. */
  readonly walkers: Int32Array;
  readonly pins: Int32Array;
  readonly homes: Int32Array;
  readonly stepsLeft: Int32Array;
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly boards: Int32Array;
  readonly cursors: Int32Array;
  readonly boardDraws: Float64Array;
  readonly pinDraws: Float64Array;
  readonly restartMasks: Int32Array;
  readonly places: Int32Array;
  readonly slots: Int32Array;
  readonly firstProbes: Int32Array;
}

export function createLanes(): Lanes {
  return {
    walkers: new Int32Array(laneCount),
    pins: new Int32Array(laneCount),
    homes: new Int32Array(laneCount),
    stepsLeft: new Int32Array(laneCount),
    low: new Int32Array(laneCount),
    high: new Int32Array(laneCount),
    boards: new Int32Array(laneCount),
    cursors: new Int32Array(laneCount),
    boardDraws: new Float64Array(laneCount),
    pinDraws: new Float64Array(laneCount),
    restartMasks: new Int32Array(laneCount),
    places: new Int32Array(laneCount),
    slots: new Int32Array(laneCount),
    firstProbes: new Int32Array(laneCount),
  };
}

/**
 * Random walks with restart of many walkers, their visits added to a table. Returns the steps made: all of the
 * walkers', fewer when `reachedMax` ended the walk; a walker whose home has no boards makes none.
 *
 * One step goes from a pin to a random board of it, to a random pin of that board, and counts a visit; then,
 * with `restartProbability`, the walker is put back home (Eksombatchai et al., WWW 2018, algorithm 1,
 * doi:10.1145/3178876.3186183). A walker draws from its own random stream: board, pin, restart, in this order.
 *
 * A single walker waits for memory at every hop. Independent walkers do not wait for each other, so each pass
 * below makes one array access for all lanes, and the processor overlaps the misses. Each walker is a Markov
 * chain of its own: the distribution is that of one walker. Against one walker at a time: 2.2 to 3.9 times as
 * fast (`npm run bench`, kernel cases).
 *
 * O(steps + walkers). The caller has checked the parameters ({@link pixie}) and the graph.
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
  const board = (lane: number): boolean => {
    while (next < walkers.size && degreeOf(graph.pinToBoard, walkers.homes[next]!) === 0) next++;
    if (next === walkers.size) return false;
    seat(walkers, next++, lane, walk.randomSeed, lanes);
    return true;
  };
  let busy = 0;
  while (busy < laneCount && board(busy)) busy++;

  let steps = 0;
  while (busy > 0 && reachedNodes(visits) < walk.reachedMax) {
    // As many rounds as fit before the table could be half full: no check inside the kernel.
    const room = visits.touched.length - visits.size;
    if (room < busy) {
      visits.grow();
      continue;
    }
    let rounds = Math.floor(room / busy);
    if (walk.reachedMax < Infinity) rounds = Math.min(rounds, roundsPerLook);
    for (let lane = 0; lane < busy; lane++) rounds = Math.min(rounds, stepsLeft[lane]!);
    if (walk.onStep === undefined) advance(graph, busy, rounds, walk, visits, lanes);
    else {
      // The same steps, round by round: what a round leaves in the lanes tells all about it.
      for (let round = 0; round < rounds; round++) {
        advance(graph, busy, 1, walk, visits, lanes);
        tellRound(busy, walkers, lanes, walk.onStep);
      }
    }
    steps += rounds * busy;
    for (let lane = busy - 1; lane >= 0; lane--) {
      stepsLeft[lane]! -= rounds;
      if (stepsLeft[lane] === 0 && !board(lane)) moveLane(lanes, --busy, lane);
    }
  }
  return steps;
}

function tellRound(busy: number, { substreams }: WalkerList, lanes: Lanes, onStep: StepListener): void {
  const { walkers, homes, boards, cursors, restartMasks } = lanes;
  for (let lane = 0; lane < busy; lane++) {
    const end = cursors[lane]!;
    const substream = substreams[walkers[lane]!]!;
    onStep(homes[lane]!, substream, boards[lane]!, end === nowhere ? -1 : end, restartMasks[lane] !== 0);
  }
}

/** Nodes with `reachCount` visits: lost walkers' node is none. */
function reachedNodes(visits: VisitTable): number {
  const { reached, reachCount } = visits;
  return reached === 0 ? 0 : reached - Number(visits.visitCountOf(nowhere) >= reachCount);
}

/** Gives a lane to a waiting walker. */
function seat(walkers: WalkerList, walker: number, lane: number, randomSeed: number, lanes: Lanes): void {
  const home = walkers.homes[walker]!;
  const stream = randomStream(randomSeed, home, walkers.substreams[walker]);
  lanes.walkers[lane] = walker;
  lanes.pins[lane] = home;
  lanes.homes[lane] = home;
  lanes.stepsLeft[lane] = walkers.steps[walker]!;
  lanes.low[lane] = stream.low;
  lanes.high[lane] = stream.high;
}

function moveLane({ walkers, pins, homes, stepsLeft, low, high }: Lanes, from: number, to: number): void {
  walkers[to] = walkers[from]!;
  pins[to] = pins[from]!;
  homes[to] = homes[from]!;
  stepsLeft[to] = stepsLeft[from]!;
  low[to] = low[from]!;
  high[to] = high[from]!;
}

/** The kernel: `rounds` steps in each of the first `busy` lanes. */
function advance(
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
  const { restartMasks, places, slots, firstProbes } = lanes;
  const losesWalkers = boardShrinkage > 0;
  const counted = counts === 'boards' ? boards : cursors;
  const { entries, touched, log2Capacity, reachCount } = visits;
  const mask = 2 ** log2Capacity - 1;
  const shift = 32 - log2Capacity;
  const restartBelow = restartProbability * 2 ** 32;
  let size = visits.size;
  let reached = visits.reached;

  for (let round = 0; round < rounds; round++) {
    // All draws of the round first: nextUint32() of engine/random three times, inlined. The passes below
    // are then short enough for the processor to see a dozen walkers ahead. 1.15 to 1.2 times as fast as
    // drawing within each pass (docs/perf-notes.md).
    for (let w = 0; w < busy; w++) {
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
    for (let w = 0; w < busy; w++) {
      const pin = pins[w]!;
      // The degree before the start, here and below: a live graph is written meanwhile (engine/live).
      const place = (boardDraws[w]! * pinSlices[2 * pin + 1]!) | 0;
      cursors[w] = pinSlices[2 * pin]! + place;
    }
    for (let w = 0; w < busy; w++) boards[w] = pinNeighbors[cursors[w]!]!;
    // Board -> the place of a random pin in its slice -> that pin.
    for (let w = 0; w < busy; w++) {
      const board = boards[w]!;
      const degree = boardSlices[2 * board + 1]!;
      const place = (pinDraws[w]! * (degree + boardShrinkage)) | 0;
      cursors[w] = boardSlices[2 * board]! + place;
      places[w] = degree - 1 - place;
    }
    if (losesWalkers) {
      // Below 0 past the board's pins: such a walker reads the last of them instead, and goes nowhere and home.
      for (let w = 0; w < busy; w++) {
        const left = places[w]!;
        const lost = left >> 31;
        restartMasks[w]! |= lost;
        // Of a board that has just lost all its pins, the last one would be at -1 if its slice starts at 0.
        cursors[w] = boardNeighbors[Math.max(cursors[w]! + (left & lost), 0)]! | (lost & nowhere);
      }
    } else {
      for (let w = 0; w < busy; w++) cursors[w] = boardNeighbors[cursors[w]!]!;
    }
    // Read each node's first slot, for nothing but its way into the cache: the branches of the next pass are
    // hard to guess, and a wrong guess throws away the reads ahead. 1.03 to 1.1 times as fast at 50 M saves.
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
