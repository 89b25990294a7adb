import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, expect, test } from 'vitest';
import {
  type PinBoardGraph,
  LiveGraph,
  degreeOf,
  neighborsOf,
  nextBelow,
  randomStream,
  sharedInt32Array,
  sizeOf,
  withReserve,
} from '../../engine/index.ts';
import { normalForm } from '../normal-form.ts';
import { graphOf } from '../graphs.ts';
import {
  type Readings,
  type Round,
  components,
  groupAt,
  groups,
  stopAt,
  nodesPerGroup,
  readerName,
  startedAt,
} from './live-reader.ts';

/** Threads that read while this thread writes. */
const readers = [1, 2, 3].map(() => {
  return new Worker(new URL('live-reader.ts', import.meta.url), { workerData: readerName });
});
afterAll(() => Promise.all(readers.map((reader) => reader.terminate())));

const rounds = Number(process.env['PINWALK_HAMMER'] ?? 2);
const writesPerGroup = 8_000;
const nodesPerSide = groups * nodesPerGroup;

/** Every pin and every board has two neighbors in its group and component, except those of component 0. */
function startGraph(slots: number): PinBoardGraph {
  const saves = Array.from({ length: nodesPerSide }, (_, i) => i)
    .filter((node) => node % components !== 0)
    .flatMap((node) => {
      const isLast = node % nodesPerGroup >= nodesPerGroup - components;
      const other = node + components - (isLast ? nodesPerGroup : 0);
      return [
        [node, node],
        [node, other],
      ] as const;
    });
  return withReserve(graphOf(saves, nodesPerSide), { slots, pins: 0, boards: 0, users: 0 });
}

/** Runs the readers concurrently with `write`, and adds up their readings. */
async function hammer(
  graph: PinBoardGraph,
  seed: number,
  write: (control: Int32Array) => void,
): Promise<Readings> {
  const control = sharedInt32Array(3);
  const queries = readers.map(async (reader) => (await once(reader, 'message'))[0] as Readings);
  for (const [i, reader] of readers.entries()) {
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    reader.postMessage({ graph, control, seed: 10 * seed + i } satisfies Round);
  }
  await expect.poll(() => Atomics.load(control, startedAt), { interval: 1 }).toBe(readers.length);
  write(control);
  Atomics.store(control, stopAt, 1);
  const sum: Readings = { slices: 0, walks: 0, queries: 0, wrong: 0, nonFinite: 0 };
  for (const readings of await Promise.all(queries)) {
    for (const name of Object.keys(sum) as (keyof Readings)[]) sum[name] += readings[name];
  }
  return sum;
}

/** A board and a pin of one component in a group. */
function somePair(stream: ReturnType<typeof randomStream>, group: number): [board: number, pin: number] {
  const first = group * nodesPerGroup + 1 + nextBelow(stream, components - 1);
  const some = () => first + components * nextBelow(stream, nodesPerGroup / components);
  return [some(), some()];
}

function spin(): void {
  const waste = new Float64Array(1);
  for (let i = 0; i < 500; i++) waste[0]! += i;
}

test(
  `threads that read during writes find only neighbors and finite scores in ${rounds} rounds`,
  async () => {
    const total: Readings = { slices: 0, walks: 0, queries: 0, wrong: 0, nonFinite: 0 };
    const writes = { moves: 0, added: 0, removed: 0 };
    for (let round = 0; round < rounds; round++) {
      const graph = startGraph(1_500_000);
      const live = new LiveGraph(graph, sizeOf(graph));
      const stream = randomStream(round);
      const readings = await hammer(graph, round, (control) => {
        for (let i = 0; i < groups * writesPerGroup; i++) {
          const group = Math.floor(i / writesPerGroup);
          Atomics.store(control, groupAt, group);
          const [board, pin] = somePair(stream, group);
          const { slots } = live.remaining;
          // First mostly additions, so that slices move; then mostly removals, down to nodes without neighbors.
          const adds = nextBelow(stream, 100) < (i % writesPerGroup < writesPerGroup / 2 ? 95 : 30);
          if (adds) writes.added += Number(live.addSave(board, pin) === 'added');
          else if (degreeOf(graph.boardToPin, board) > 0) {
            const pins = neighborsOf(graph.boardToPin, board);
            writes.removed += Number(live.removeSave(board, pins[nextBelow(stream, pins.length)]!));
          }
          writes.moves += Number(live.remaining.slots < slots);
        }
      });
      const saves = [...graph.boardToPin.slices.keys()]
        .filter((i) => i % 2 === 0)
        .flatMap((i) => [...neighborsOf(graph.boardToPin, i / 2)].map((pin) => [i / 2, pin] as const));
      expect(normalForm(graph).pinToBoard).toEqual(graphOf(saves, nodesPerSide).pinToBoard);
      for (const name of Object.keys(total) as (keyof Readings)[]) total[name] += readings[name];
    }
    if (process.env['PINWALK_HAMMER'] !== undefined)
      process.stderr.write(`${JSON.stringify({ ...total, ...writes })}\n`);
    expect([total.wrong, total.nonFinite]).toEqual([0, 0]);
    expect(Math.min(total.slices, total.walks, total.queries)).toBeGreaterThan(0);
    expect(Math.min(writes.moves, writes.added, writes.removed)).toBeGreaterThan(1_000 * rounds);
  },
  60_000 * rounds,
);

/** Appends that always move the slice, with a pause where the order is wrong. */
test.each(['the degree before the start', 'the degree before the neighbor'])(
  'threads that read during writes find wrong neighbors if the writer publishes %s',
  async (fault) => {
    const graph = startGraph(4_000_000);
    const { slices, neighbors } = graph.pinToBoard;
    const stream = randomStream(9);
    let end = nodesPerSide * 2;
    const append = (pin: number, board: number): void => {
      const [from, degree] = [slices[2 * pin]!, slices[2 * pin + 1]!];
      const to = end;
      end += degree + 1;
      neighbors.copyWithin(to, from, from + degree);
      const steps = [
        () => (neighbors[to + degree] = board),
        () => Atomics.store(slices, 2 * pin, to),
        () => Atomics.store(slices, 2 * pin + 1, degree + 1),
      ] as const;
      const [neighborStep, startStep, degreeStep] = steps;
      const order =
        fault === 'the degree before the start'
          ? [neighborStep, degreeStep, spin, startStep]
          : [startStep, degreeStep, spin, neighborStep];
      for (const step of order) step();
    };
    const { wrong } = await hammer(graph, 99, () => {
      for (let i = 0; i < 60_000 && end < neighbors.length - 10_000; i++) {
        const [board, pin] = somePair(stream, 0);
        append(pin, board);
      }
    });
    expect(wrong).toBeGreaterThan(0);
  },
);
