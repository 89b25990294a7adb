import { rmSync } from 'node:fs';
import path from 'node:path';
import {
  type PinBoardGraph,
  type WalkScratch,
  TopPins,
  buildGraph,
  createWalkScratch,
  walkFrom,
  nodeCount,
  nextBelow,
  pixie,
  pixieDefaults,
  randomStream,
  saveCount,
  sharedInt32Array,
} from '../../engine/index.ts';
import { syntheticBoards } from '../../graph-data/index.ts';
import { type BenchCase, hashOf, median } from './case.ts';
import { type NativeRound, NativeWalks, visitsChecksum } from './native/native-walks.ts';
import { oneWalkerKernel } from './one-walker-kernel.ts';

const steps = 200_000;
const restartProbability = 0.5;

/**
 * The kernel against walks on the same arrays and queries, in alternating rounds: one walker, and if `executable` is there, two
 * native walks (scripts/bench/native), for which the arrays are written to `folder`. In processor time, as other processes may use the machine.
 * Throws if two walks that make the same
 * steps count different visits.
 */
export async function benchKernel(
  name: string,
  graph: PinBoardGraph,
  rounds: number,
  executable: string | undefined,
  folder: string,
): Promise<BenchCase> {
  const pins = queriesOf(graph, 24);
  const scratch = createWalkScratch();
  const { visits } = scratch;
  const run = (walk: typeof oneWalkerKernel | typeof walkFrom): NativeRound => {
    let [ns, checksum] = [0, 0];
    for (const [seed, pin] of pins.entries()) {
      const started = process.threadCpuUsage();
      visits.begin(steps, nodeCount(graph.pinToBoard));
      walk(graph, pin, steps, restartProbability, seed, scratch);
      ns += 1000 * process.threadCpuUsage(started).user;
      checksum = (checksum + visitsChecksum(visits)) >>> 0;
    }
    return { ns, checksum };
  };
  visits.begin(steps, nodeCount(graph.pinToBoard));
  const queries = { steps, restartProbability, log2Capacity: visits.log2Capacity, pins };
  const file = path.join(folder, 'graph.arrays');
  const native = executable === undefined ? undefined : new NativeWalks(executable, file, graph);
  const others = {
    'one walker': () => run(oneWalkerKernel),
    'native, one walker': () => native?.run('one', queries),
    'native, interleaved': () => native?.run('interleaved', queries),
  };
  const ratios = Object.fromEntries(Object.keys(others).map((other): [string, number[]] => [other, []]));
  const speeds: number[] = [];
  // Of the walks with one walker, and of the interleaved ones.
  const checksums = [new Set<number>(), new Set<number>()] as const;
  for (let round = 0; round <= rounds; round++) {
    const { ns, checksum } = run(walkFrom);
    checksums[1].add(checksum);
    if (round > 0) speeds.push((1000 * pins.length * steps) / ns); // the first round warms up
    for (const [other, walk] of Object.entries(others)) {
      const result = await walk();
      if (result === undefined) continue;
      checksums[other === 'native, interleaved' ? 1 : 0].add(result.checksum);
      if (round > 0) ratios[other]!.push(result.ns / ns);
    }
  }
  native?.close();
  rmSync(file, { force: true });
  if (checksums.some(({ size }) => size !== 1)) throw new Error(`${name}: different visits`);
  return {
    name,
    value: median(speeds),
    unit: 'M steps/s',
    ratios: Object.fromEntries(
      Object.entries(ratios).map(([other, values]) => [other, values.length > 0 ? median(values) : null]),
    ),
    hash: hashOf(pins.slice(0, 5).map((pin) => visitsOf(graph, pin, scratch))),
  };
}

/** A whole query: walk, ranking, top 20. */
export function benchQuery(name: string, graph: PinBoardGraph, rounds: number): BenchCase {
  const queryPins = queriesOf(graph, 24);
  const scratch = createWalkScratch();
  const times: number[] = [];
  let lists: unknown[] = [];
  for (let round = 0; round <= rounds; round++) {
    lists = queryPins.map((pin) => {
      const top = new TopPins(20);
      const started = performance.now();
      pixie(graph, { pins: [pin], weights: [1] }, pixieDefaults, 1, scratch, top);
      const best = top.drain();
      if (round > 0) times.push(performance.now() - started); // the first round warms up
      return best;
    });
  }
  return { name, value: median(times), unit: 'ms', ratios: {}, hash: hashOf(lists) };
}

/** A synthetic graph, generated in memory. */
export function syntheticGraph(saves: number): PinBoardGraph {
  const boardCount = Math.floor(saves / 6.6);
  const pinCount = Math.floor(saves / 4);
  const boards = new Int32Array(saves);
  const pins = new Int32Array(saves);
  let size = 0;
  for (const each of syntheticBoards({ pins: pinCount, boards: boardCount, saves, topics: 50 })) {
    boards.fill(each.board, size, size + each.pins.length);
    pins.set(each.pins, size);
    size += each.pins.length;
  }
  return buildGraph({ boards, pins, pinCount, boardToUser: sharedInt32Array(boardCount), userCount: 1 });
}

/** Query pins drawn by degree, as in requests. */
export function queriesOf(graph: PinBoardGraph, count: number): number[] {
  const stream = randomStream(2026);
  const saves = saveCount(graph);
  return Array.from({ length: count }, () => graph.boardToPin.neighbors[nextBelow(stream, saves)]!);
}

/** The visit counts of a walk, by pin. */
export function visitsOf(graph: PinBoardGraph, pin: number, scratch: WalkScratch): [number, number][] {
  const { visits } = scratch;
  visits.begin(steps, nodeCount(graph.pinToBoard));
  walkFrom(graph, pin, steps, restartProbability, 1, scratch);
  return [...visits.touched.subarray(0, visits.size)]
    .map((slot): [number, number] => [visits.entries[2 * slot]!, visits.entries[2 * slot + 1]!])
    .toSorted((a, b) => a[0] - b[0]);
}
