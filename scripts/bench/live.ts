import { Command } from 'commander';
import {
  type PinBoardGraph,
  LiveGraph,
  buildGraph,
  createWalkScratch,
  neighborsOf,
  nextBelow,
  nextUnit,
  nodeCount,
  randomStream,
  saveCount,
  sizeOf,
  walkFrom,
  withReserve,
} from '../../engine/index.ts';
import { jsonOption } from '../commands/shared/options.ts';
import { printJson } from '../output.ts';
import { type BenchCase, describeMachine, hashOf, median, printTable } from './case.ts';
import { queriesOf, syntheticGraph, visitsOf } from './kernel.ts';

interface BenchOptions {
  small?: true;
  json?: true;
}

/** Sizes of a real run, and of a smoke test. */
const full = { rounds: 15, saves: { '2M': 2.3e6, '20M': 20e6 } };
const small = { rounds: 1, saves: { '2M': 20_000, '20M': 60_000 } };

/** Share of all saves that are appended after the build: a fifth of those in the build. */
const lateShare = 1 / 6;
const steps = 200_000;

await new Command('bench:live')
  .description('Benchmark of live graphs: appending a fifth more saves, and walks afterwards.')
  .option('--small', 'tiny sizes, as a smoke test')
  .addOption(jsonOption())
  .action((options: BenchOptions) => {
    const { rounds, saves } = options.small === true ? small : full;
    const cases = Object.entries(saves).flatMap(([name, count]) => benchLive(name, count, rounds));
    const report = { machine: describeMachine(), cases };
    if (options.json === true) printJson(report);
    else printTable(report);
  })
  .parseAsync();

function benchLive(size: string, saves: number, rounds: number): BenchCase[] {
  process.stderr.write(`bench: ${size} saves …\n`);
  const fresh = syntheticGraph(saves);
  const late = lateSaves(fresh);
  const base = without(fresh, late);
  const live = new LiveGraph(
    withReserve(base, { slots: 3 * saves, pins: 0, boards: 0, users: 0 }),
    sizeOf(base),
  );
  const { slots } = live.remaining;
  const [boards, pins] = [0, 1].map((side) => Int32Array.from(late, (save) => save[side]!));
  const started = performance.now();
  const { added } = live.addSaves(boards!, pins!);
  const appended = (1000 * added) / (performance.now() - started);
  if (added < late.length) throw new Error(`${late.length - added} saves were not added`);
  const slotsPerSave = (slots - live.remaining.slots) / late.length;
  const walked = walksAgainst(live.graph, fresh, rounds);
  const removed = removalsPerSecond(live, late);
  const hash = hashOf(queriesOf(fresh, 5).map((pin) => visitsOf(live.graph, pin, createWalkScratch())));
  const figure = (name: string, value: number, unit: string, ratios: BenchCase['ratios'] = {}): BenchCase => {
    return { name: `${name}/${size}`, value, unit, ratios, hash };
  };
  return [
    figure('live-append', appended, 'saves/s'),
    figure('live-slots', slotsPerSave, 'slots/save'),
    figure('live-kernel', walked.speed, 'M steps/s', { 'a fresh build': walked.ratio }),
    figure('live-remove', removed, 'saves/s'),
  ];
}

/** A random share of the saves, shuffled, since live saves arrive in no order. */
function lateSaves({ boardToPin }: PinBoardGraph): [board: number, pin: number][] {
  const stream = randomStream(7);
  const late: [number, number][] = [];
  for (let board = 0; board < nodeCount(boardToPin); board++) {
    for (const pin of neighborsOf(boardToPin, board)) {
      if (nextUnit(stream) < lateShare) late.push([board, pin]);
    }
  }
  for (let i = late.length - 1; i > 0; i--) {
    const j = nextBelow(stream, i + 1);
    [late[i], late[j]] = [late[j]!, late[i]!];
  }
  return late;
}

function without(graph: PinBoardGraph, late: readonly (readonly [number, number])[]): PinBoardGraph {
  const isLate = new Set(late.map(([board, pin]) => board * nodeCount(graph.pinToBoard) + pin));
  const size = saveCount(graph) - late.length;
  const boards = new Int32Array(size);
  const pins = new Int32Array(size);
  let at = 0;
  for (let board = 0; board < nodeCount(graph.boardToPin); board++) {
    for (const pin of neighborsOf(graph.boardToPin, board)) {
      if (isLate.has(board * nodeCount(graph.pinToBoard) + pin)) continue;
      boards[at] = board;
      pins[at++] = pin;
    }
  }
  const { boardToUser, userCount } = graph;
  return buildGraph({ boards, pins, pinCount: nodeCount(graph.pinToBoard), boardToUser, userCount });
}

function removalsPerSecond(live: LiveGraph, saves: readonly (readonly [number, number])[]): number {
  const started = performance.now();
  let removed = 0;
  for (const [board, pin] of saves) removed += Number(live.removeSave(board, pin));
  const rate = (1000 * removed) / (performance.now() - started);
  if (removed < saves.length) throw new Error(`${saves.length - removed} saves were missing`);
  return rate;
}

/** The kernel on both graphs in CPU time, alternating on the same queries. */
function walksAgainst(
  graph: PinBoardGraph,
  baseline: PinBoardGraph,
  rounds: number,
): { speed: number; ratio: number } {
  const queryPins = queriesOf(baseline, 24);
  const scratch = createWalkScratch();
  const run = (walked: PinBoardGraph, pin: number, seed: number): number => {
    const before = process.threadCpuUsage().user;
    scratch.visits.begin(steps, nodeCount(walked.pinToBoard));
    walkFrom(walked, pin, steps, 0.5, seed, scratch);
    return Math.max(process.threadCpuUsage().user - before, 1);
  };
  const speeds: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    for (const [seed, pin] of queryPins.entries()) {
      const [first, second] = (round + seed) % 2 === 0 ? [graph, baseline] : [baseline, graph];
      const times = new Map([
        [first, run(first, pin, seed)],
        [second, run(second, pin, seed)],
      ]);
      if (round === 0) continue; // warms up
      speeds.push(steps / times.get(graph)!);
      ratios.push(times.get(baseline)! / times.get(graph)!);
    }
  }
  return { speed: median(speeds), ratio: median(ratios) };
}
