import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Work } from '../../engine/base/index.ts';
import { spread } from '../../engine/exact/spread.ts';
import { type Adjacency, type PinBoardGraph, neighborsOf, nodeCount } from '../../engine/index.ts';
import { PowerTable, SparseVector } from '../../engine/sparse/index.ts';
import { keysOf, numberIn } from '../scores.ts';
import { adjacencyOf, graphOf, someSaves } from '../graphs.ts';

/** Fails on any access: shows which branch of `spread` runs. */
const untouchable: Adjacency = new Proxy({} as Adjacency, {
  get: (_, name) => expect.unreachable(`read ${String(name)}`),
});
const withRoom = ({ slices, neighbors }: Adjacency, room: number): Adjacency => {
  const larger = new Int32Array(room);
  larger.set(neighbors);
  return adjacencyOf(slices, larger);
};
const unread = ({ slices, neighbors }: Adjacency): Adjacency =>
  adjacencyOf(slices, new Int32Array(neighbors.length).fill(-1));

function spreadFrom(
  graph: PinBoardGraph,
  masses: ReadonlyMap<number, number>,
  exponent: number,
  direction: Parameters<typeof spread>[0],
): Map<number, number> {
  const [from, to, power] = [new SparseVector(), new SparseVector(), new PowerTable()];
  from.begin(nodeCount(graph.pinToBoard));
  to.begin(nodeCount(graph.boardToPin));
  power.begin(exponent);
  for (const [pin, mass] of masses) from.add(pin, mass);
  spread(direction, from, power, to, new Work());
  return new Map([...to.nodes.subarray(0, to.size)].map((board) => [board, to.values[board]!]));
}

test('scattering and gathering agree, on either side of the threshold of a sixteenth of the edges', () => {
  const masses = fc.array(fc.tuple(fc.nat(14), numberIn(0.1, 9)), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(someSaves, masses, numberIn(-2, 2), (saves, pairs, exponent) => {
      const graph = graphOf(saves, 15);
      const { pinToBoard, boardToPin } = graph;
      const from = new Map(pairs.filter(([pin]) => neighborsOf(pinToBoard, pin).length > 0));
      const edges = [...from.keys()].reduce((sum, pin) => sum + neighborsOf(pinToBoard, pin).length, 0);
      if (edges === 0) return;
      const expected = new Map<number, number>();
      for (const [pin, mass] of from) {
        const boards = neighborsOf(pinToBoard, pin);
        for (const board of boards) {
          expected.set(board, (expected.get(board) ?? 0) + mass * boards.length ** exponent);
        }
      }
      // The length of `neighbors` moves the threshold: from 16 · edges on `spread` scatters, below it gathers.
      const roomy = { forth: withRoom(pinToBoard, Math.max(16 * edges, saves.length)), back: untouchable };
      const scattered = spreadFrom(graph, from, exponent, roomy);
      const room = 16 * edges - 1;
      const tight = {
        forth: room < saves.length ? pinToBoard : withRoom(pinToBoard, room),
        back: boardToPin,
      };
      const gathered = spreadFrom(graph, from, exponent, {
        ...tight,
        forth: tight.forth === pinToBoard ? pinToBoard : unread(tight.forth),
      });
      for (const found of [scattered, gathered]) {
        expect(keysOf(found)).toEqual(keysOf(expected));
        for (const [board, value] of expected) {
          expect(Math.abs(found.get(board)! - value)).toBeLessThanOrEqual(1e-13 * value);
        }
      }
    }),
  );
});
