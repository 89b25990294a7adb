import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type PinBoardGraph,
  type PixieParams,
  type Query,
  type NodeKind,
  TopPins,
  type VisitTable,
  WalkTrace,
  createWalkScratch,
  neighborsOf,
  pixie,
} from '../../engine/index.ts';
import { oneWalkerAtATime } from '../reference/one-walker-at-a-time.ts';
import { graphOf, smallGraph, someSaves } from '../graphs.ts';

interface Walked {
  readonly visits: Map<number, number>;
  readonly result: unknown;
}

/** A query of pixie, with or without a trace. */
function walked(
  graph: PinBoardGraph,
  query: Query,
  params: Partial<PixieParams>,
  seed: number,
  target: NodeKind = 'pins',
  trace?: WalkTrace,
): Walked {
  const scratch = createWalkScratch();
  const top = new TopPins(10);
  const stats = pixie(graph, query, params, seed, scratch, top, undefined, { target, onStep: trace?.onStep });
  return { visits: countsOf(scratch.visits), result: { stats, best: top.drain() } };
}

/** Visits by node, except those of lost walkers, which the kernel counts at a node of their own. */
function countsOf({ entries, touched, size }: VisitTable): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < size; i++) {
    const slot = touched[i]!;
    if (entries[2 * slot] !== 0x7fff_ffff) counts.set(entries[2 * slot]!, entries[2 * slot + 1]!);
  }
  return counts;
}

const someWalk = fc.record({
  saves: someSaves,
  picks: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  seed: fc.nat(2 ** 32 - 1),
  target: fc.constantFrom<NodeKind>('pins', 'boards'),
  params: fc.record({
    steps: fc.integer({ min: 1, max: 4_000 }),
    restartProbability: fc.constantFrom(0, 0.3, 1),
    boardShrinkage: fc.constantFrom(0, 1.5, 6),
    earlyStop: fc.constantFrom('none' as const, 'visits' as const),
    earlyStopPins: fc.integer({ min: 1, max: 6 }),
    earlyStopVisits: fc.integer({ min: 1, max: 30 }),
    boost: fc.boolean(),
  }),
});

function queryFrom(saves: readonly (readonly [number, number])[], picks: readonly number[]): Query {
  const pins = [...new Set(picks.map((pick) => saves[pick % saves.length]![1]))];
  return { pins, weights: pins.map((_, i) => 1 + i) };
}

test('a traced walk has the result of an untraced walk, and records exactly its visits', () => {
  fc.assert(
    fc.property(someWalk, ({ saves, picks, seed, target, params }) => {
      const graph = graphOf(saves);
      const query = queryFrom(saves, picks);
      const trace = new WalkTrace(graph, { boardShrinkage: params.boardShrinkage });
      const plain = walked(graph, query, params, seed, target);
      expect(walked(graph, query, params, seed, target, trace)).toEqual(plain);
      expect(countsOf(target === 'pins' ? trace.pinVisits : trace.boardVisits)).toEqual(plain.visits);
    }),
  );
});

test('a traced walk has the result of an untraced walk with an early stop, spreading or sharpening', () => {
  const query = { pins: [0, 4], weights: [1, 2] };
  const several: Partial<PixieParams>[] = [
    { steps: 20_000, earlyStop: 'stable', stableTop: 3 },
    { steps: 20_000, lastHop: 'spread', sharpening: 1, boardSharpening: 0.3, boardShrinkage: 2 },
  ];
  for (const params of several) {
    const trace = new WalkTrace(smallGraph);
    const plain = walked(smallGraph, query, params, 9);
    expect(walked(smallGraph, query, params, 9, 'pins', trace)).toEqual(plain);
    const traced = countsOf(params.lastHop === 'spread' ? trace.boardVisits : trace.pinVisits);
    // The second steps of sharpening are not traced.
    expect(traced).toEqual(plain.visits);
  }
});

test('a traced walk records the visits of the readable twin for each query pin', () => {
  const trace = new WalkTrace(smallGraph, { watched: [0, 1, 2, 3, 4, 5, 6, 7] });
  const query = { pins: [2, 6], weights: [3, 1] };
  walked(smallGraph, query, { steps: 4_000, restartProbability: 0.4 }, 5, 'pins', trace);
  for (const [pin, steps] of [
    [2, 3_000],
    [6, 1_000],
  ] as const) {
    const twin = oneWalkerAtATime(smallGraph, pin, steps, 0.4, 5);
    const traced = trace.queryPin(pin);
    expect(traced.steps).toBe(steps);
    expect(traced.watchedVisits).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((each) => twin.get(each) ?? 0));
  }
});

test('a traced walk shows that the walkers of a short walk make the first steps of a longer one', () => {
  const stepsOf = (steps: number) => {
    const byWalker = new Map<string, string[]>();
    const scratch = createWalkScratch();
    pixie(smallGraph, { pins: [0, 5], weights: [1, 1] }, { steps }, 3, scratch, new TopPins(5), undefined, {
      onStep: (home, substream, board, end, restarts) => {
        const walker = `${home}/${substream}`;
        byWalker.set(walker, [...(byWalker.get(walker) ?? []), `${board} ${end} ${restarts}`]);
      },
    });
    return byWalker;
  };
  const [short, long] = [stepsOf(2_000), stepsOf(8_000)];
  expect(short.size).toBe(128);
  for (const [walker, steps] of short) expect(long.get(walker)!.slice(0, steps.length)).toEqual(steps);
});

test('a traced walk keeps paths along edges of the graph that end as they claim', () => {
  fc.assert(
    fc.property(someWalk, ({ saves, picks, seed, params }) => {
      const graph = graphOf(saves);
      const query = queryFrom(saves, picks);
      const trace = new WalkTrace(graph, { pathsPerQueryPin: 5 });
      walked(graph, query, params, seed, 'pins', trace);
      for (const queryPin of query.pins) {
        const paths = trace.pathsOf(queryPin);
        expect(paths.length).toBeLessThanOrEqual(5);
        for (const { nodes, ended } of paths) {
          expect(nodes[0]).toBe(queryPin);
          expect(nodes.length % 2).toBe(ended === 'lost' ? 0 : 1);
          for (let i = 1; i < nodes.length; i++) {
            const [pin, board] = i % 2 === 1 ? [nodes[i - 1]!, nodes[i]!] : [nodes[i]!, nodes[i - 1]!];
            expect(neighborsOf(graph.pinToBoard, pin)).toContain(board);
          }
        }
      }
    }),
  );
});

test('a traced walk covers every step with its paths if all paths are kept', () => {
  const trace = new WalkTrace(smallGraph, { pathsPerQueryPin: Infinity });
  const params = { steps: 3_000, restartProbability: 0.3, boardShrinkage: 2 };
  walked(smallGraph, { pins: [4], weights: [1] }, params, 8, 'pins', trace);
  const paths = trace.pathsOf(4);
  const boards = paths.reduce((sum, { nodes }) => sum + (nodes.length >> 1), 0);
  const { steps, restarts, lost } = trace.queryPin(4);
  expect(boards).toBe(steps);
  const endings = (ended: string) => paths.filter((path) => path.ended === ended).length;
  expect([endings('restart'), endings('lost')]).toEqual([restarts, lost]);
  // The last path of each of 64 walkers is unfinished, unless it just restarted.
  expect(endings('steps')).toBeLessThanOrEqual(64);
  expect(endings('steps')).toBeGreaterThan(0);
});

test('a traced walk counts as many restarts and lost steps as expected', () => {
  const trace = new WalkTrace(smallGraph, { boardShrinkage: 3 });
  const params = { steps: 100_000, restartProbability: 0.25, boardShrinkage: 3 };
  walked(smallGraph, { pins: [0], weights: [1] }, params, 2, 'pins', trace);
  const { steps, restarts, lost, lostExpected } = trace.queryPin(0);
  const kept = steps - lost;
  expect(Math.abs(restarts - kept / 4)).toBeLessThan(5 * Math.sqrt((kept * 3) / 16));
  expect(Math.abs(lost - lostExpected)).toBeLessThan(5 * Math.sqrt(lostExpected));
  expect(lost).toBeGreaterThan(0);
});

test('a traced walk is empty for a pin without boards', () => {
  const trace = new WalkTrace(smallGraph, { watched: [1], pathsPerQueryPin: 3 });
  walked(smallGraph, { pins: [8], weights: [1] }, { steps: 100 }, 1, 'pins', trace);
  expect(trace.queryPin(8)).toMatchObject({ steps: 0, restarts: 0, watchedVisits: [0] });
  expect(trace.pathsOf(8)).toEqual([]);
});
