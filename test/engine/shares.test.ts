import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Work, createWalkScratch, nextBelow, nodeCount, randomStream } from '../../engine/index.ts';
import { Shares } from '../../engine/walk/shares-vector.ts';
import { Spreader } from '../../engine/walk/spreader.ts';
import { graphOf } from '../graphs.ts';
import { numberIn } from '../scores.ts';
import { spreadVisits as twin } from '../reference/typescript-spread.ts';

/** The nodes that are handed out, and their values. */
function valuesOf(shares: Shares): Map<number, number> {
  const nodes = [...shares.nodes.subarray(0, shares.list())];
  return new Map(nodes.map((node) => [node, shares.values[node]!]));
}

function ascending(values: ReadonlyMap<number, number>): Map<number, number> {
  return new Map([...values].toSorted(([a], [b]) => a - b));
}

test('shares hold what was added since they began, in ascending order, in memory of any earlier size', () => {
  const shares = new Shares();
  const lengths = fc.constantFrom(1, 7, 8, 9, 127, 128, 129, 3000);
  const additions = (length: number): fc.Arbitrary<[number, number][]> =>
    fc.array(fc.tuple(fc.nat(length - 1), numberIn(0.1, 9)), { maxLength: 300 });
  const uses = lengths.chain((length) =>
    fc.tuple(fc.constant(length), additions(length), numberIn(0, 9), numberIn(0.5, 3)),
  );
  fc.assert(
    fc.property(uses, ([length, added, least, divisor]) => {
      shares.begin(length);
      const expected = new Map<number, number>();
      for (const [node, amount] of added) {
        shares.add(node, amount);
        expected.set(node, (expected.get(node) ?? 0) + amount);
      }
      expect([...valuesOf(shares)]).toEqual([...ascending(expected)]);
      expect(shares.nonzero).toBe(expected.size);

      shares.restart();
      const handedOut: number[] = [];
      for (let size = shares.next(least); size > 0; size = shares.next(least)) {
        // 32, and the rest of the group of 128 nodes that the last one is in.
        expect(size).toBeLessThanOrEqual(32 + 128);
        handedOut.push(...shares.nodes.subarray(0, size));
      }
      const above = [...ascending(expected)].filter(([, value]) => value > least);
      expect(handedOut).toEqual(above.map(([node]) => node));
      expect(shares.nonzero).toBe(expected.size);

      shares.divisor = divisor;
      shares.divide();
      expect(shares.divisor).toBe(1);
      for (const [node, value] of valuesOf(shares)) expect(value).toBe(expected.get(node)! / divisor);
    }),
    { numRuns: 300 },
  );
});

/** Boards of 0 to 3 pins, many more than runs that wait at once, some of 40 and some of more than 512 pins. */
const boards = 2_500;
const pins = 900;
const stream = randomStream(7);
const sizeOf = (board: number): number => {
  if (board % 100 === 99) return 600;
  return board % 10 === 9 ? 40 : nextBelow(stream, 4);
};
const graph = graphOf(
  Array.from({ length: boards }, (_, board) => {
    const from = nextBelow(stream, pins);
    return Array.from({ length: sizeOf(board) }, (_pin, i) => [board, (from + i) % pins] as const);
  }).flat(),
  pins,
);

// The same spreader for all tables, so that it is linked to one after another.
const spreader = new Spreader();
const { visits } = createWalkScratch();

test('the last hop is spread as its readable twin does, to the last bit, also where the work ends it', () => {
  const shares = new Shares();
  const someVisits = fc.uniqueArray(fc.tuple(fc.nat(boards - 1), fc.integer({ min: 1, max: 50 })), {
    maxLength: boards,
    size: 'max',
    selector: ([board]) => board,
  });
  const shrinkages = fc.oneof(fc.constant(0), numberIn(0.1, 20));
  const works = fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 3000 }));
  let [full, cut] = [0, 0];
  fc.assert(
    fc.property(someVisits, shrinkages, works, fc.nat(), (visited, shrinkage, workMax, seed) => {
      visits.begin(visited.length, nodeCount(graph.boardToPin));
      for (const [board, count] of visited) {
        if (2 * visits.size >= visits.entries.length / 2) visits.grow();
        visits.add(board, count);
      }
      const order = [...visits.touched.subarray(0, visits.size)].map((slot): [number, number] => [
        visits.entries[2 * slot]!,
        visits.entries[2 * slot + 1]!,
      ]);
      const [work, twinWork] = [new Work(workMax), new Work(workMax)];
      spreader.spreadVisits(graph, visits, shrinkage, seed, shares, work);
      const { values, total } = twin(graph, order, shrinkage, seed, twinWork);
      expect([...valuesOf(shares)]).toEqual([...ascending(values)]);
      expect(shares.divisor).toBe(total);
      expect([work.used, work.isExhausted]).toEqual([twinWork.used, twinWork.isExhausted]);
      full += Number(visits.size > 1500 && !work.isExhausted);
      cut += Number(work.isExhausted);
    }),
    { numRuns: 60 },
  );
  expect(full).toBeGreaterThan(0);
  expect(cut).toBeGreaterThan(5);
});
