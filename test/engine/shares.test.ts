import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Work, createWalkScratch, degreeOf, neighborsOf, nextBelow, nextUnit, nodeCount, randomStream } from '../../engine/index.ts'; // prettier-ignore
import { Shares } from '../../engine/walk/shares-vector.ts';
import { ReachedPins } from '../../engine/walk/reached-pins.ts';
import { Spreader } from '../../engine/walk/spreader.ts';
import { windowOf } from '../../engine/walk/window.ts';
import { graphOf } from '../graphs.ts';
import { numberIn } from '../scores.ts';
import { spreadVisits as twin } from '../reference/typescript-spread.ts';

/** The nodes that are handed out, and their values. */
function valuesOf(shares: Shares): Map<number, number> {
  const nodes = [...shares.nodes.subarray(0, shares.list())];
  return new Map(nodes.map((node) => [node, shares.values[node]!]));
}

/** The pins that are handed out, and their values. */
function sharesOf(pins: ReachedPins): Map<number, number> {
  const found = new Map<number, number>();
  pins.restart();
  for (let size = pins.next(0); size > 0; size = pins.next(0)) {
    for (let i = 0; i < size; i++) found.set(pins.nodes[i]!, pins.values[pins.positions[i]!]!);
  }
  return found;
}

function ascending(values: ReadonlyMap<number, number>): Map<number, number> {
  return new Map([...values].toSorted(([a], [b]) => a - b));
}

test('shares hold what was added since they began, in ascending order, in memory of any earlier size', () => {
  const shares = new Shares();
  const lengths = fc.constantFrom(1, 7, 8, 9, 127, 128, 129, 3000);
  const additions = (length: number): fc.Arbitrary<[number, number][]> =>
    fc.array(fc.tuple(fc.nat(length - 1), numberIn(0.1, 9)), { maxLength: 300 });
  const uses = lengths.chain((length) => fc.tuple(fc.constant(length), additions(length), numberIn(0, 9)));
  fc.assert(
    fc.property(uses, ([length, added, least]) => {
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
    }),
    { numRuns: 300 },
  );
});

/**
 * Boards of 0 to 3 pins, many more than runs that wait at once, some of 40 and some of more than 512 pins. The first pin is on more boards
 * than a byte counts, and pins are so far apart that they fill several buckets of `ReachedPins`.
 */
const boards = 2_500;
const pins = 900;
const apart = 200;
const stream = randomStream(7);
const sizeOf = (board: number): number => {
  if (board % 100 === 99) return 600;
  return board % 10 === 9 ? 40 : nextBelow(stream, 4);
};
const graph = graphOf(
  Array.from({ length: boards }, (_, board) => {
    const from = nextBelow(stream, pins);
    const own = Array.from({ length: sizeOf(board) }, (_pin, i) => apart * ((from + i) % pins));
    return [...new Set(board % 5 === 0 ? [0, ...own] : own)].map((pin) => [board, pin] as const);
  }).flat(),
  apart * pins,
);
const live = { ...graph, writes: new Int32Array(new SharedArrayBuffer(8)) };

// The same spreader for all tables, so that it is linked to one after another.
const spreader = new Spreader();
const reached = new ReachedPins(spreader.runs);
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
      spreader.spreadVisits(graph, visits, shrinkage, seed, shares, new Work(workMax), reached);
      expect([...ascending(sharesOf(reached))]).toEqual([...ascending(values)]);
      expect([reached.divisor, reached.nonzero]).toEqual([total, values.size]);
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

test('second steps are rounded as by a plain loop, and handed out by ascending pin', () => {
  const values = fc.array(numberIn(0, 1), { minLength: 1, maxLength: pins, size: 'max' });
  let most = 0;
  fc.assert(
    fc.property(
      values,
      numberIn(0.5, 30),
      fc.integer({ min: 1, max: 20_000 }),
      fc.nat(),
      fc.nat(),
      (drawnValues, divisor, steps, seed, substream) => {
        const units = drawnValues.map((_, pin) => nextUnit(randomStream(seed, pin, substream)));
        // Every other one is at the edge between two counts, where the last bit decides.
        const given = drawnValues.map((value, pin) =>
          pin % 2 === 0 ? value : ((1 + (pin % 50) - units[pin]!) / steps) * divisor,
        );
        reached.begin(graph);
        for (const [pin, value] of [...given.entries()].toReversed()) reached.add(pin, value);
        reached.divisor = divisor;
        const drawn: [number, number][] = [];
        reached.roundSteps(steps, { randomSeed: seed, substream }, (...each) => drawn.push(each));
        const counts = given.map((value, pin): [number, number] => [
          pin,
          value === 0 ? 0 : Math.floor((value / divisor) * steps + units[pin]!),
        ]);
        expect(drawn).toEqual(counts.filter(([, count]) => count > 0));
        most = Math.max(most, drawn.length);
      },
    ),
    { numRuns: 20 },
  );
  expect(most).toBeGreaterThan(500);
});

test.each([
  ['an immutable', false],
  ['a live', true],
])(
  'shares in %s graph are divided by degrees, summed over boards and given back as by plain loops, to the last bit',
  (_, isLive) => {
    const read = isLive ? live : graph;
    const visited = fc.uniqueArray(fc.nat(boards - 1), { minLength: 1, maxLength: boards, size: 'max' });
    // Some pins have just lost all their boards.
    if (isLive) for (let pin = 0; pin < 20 * apart; pin++) graph.pinToBoard.slices[2 * pin + 1] = 0;
    fc.assert(
      fc.property(
        visited,
        numberIn(0, 20),
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        (given, shrinkage, seed, each) => {
          visits.begin(given.length, boards);
          for (const board of given) visits.add(board, 1);
          spreader.spreadVisits(read, visits, shrinkage, seed, new Shares(), new Work(), reached);
          const spread = given.map((board) => windowPins(board, seed)).filter((own) => own.length > 0);
          const added = sharesOf(reached);
          const { divisor } = reached;
          const shareOf = (pin: number, excess: number): number =>
            (added.get(pin)! / divisor - excess) / Math.max(degreeOf(graph.pinToBoard, pin), 1);
          const sumOf = (own: number[], excess: number): number =>
            own.reduce((sum, pin) => sum + shareOf(pin, excess), 0);
          const numbered = spread.map((_own, i) => i);
          reached.readDegrees();
          expect(numbered.map((i) => reached.pinCountOf(i))).toEqual(spread.map((own) => own.length));
          expect(numbered.map((i) => reached.sumWindow(i, i / 1e5))).toEqual(
            spread.map((own, i) => sumOf(own, i / 1e5)),
          );

          reached.divideByDegree();
          expect(reached.divisor).toBe(1);
          expect([...sharesOf(reached)]).toEqual([...added.keys()].map((pin) => [pin, shareOf(pin, 0)]));
          reached.sumBoards(spread.length);
          expect([...reached.amounts.subarray(0, spread.length)]).toEqual(spread.map((own) => sumOf(own, 0)));

          const expected = new Map<number, number>();
          for (const [i, own] of spread.entries()) {
            const amount = i % each === 0 ? i + 0.1 : 0;
            reached.amounts[i] = amount;
            if (amount > 0) for (const pin of own) expected.set(pin, (expected.get(pin) ?? 0) + amount);
          }
          reached.addBoards(spread.length);
          expect([...ascending(sharesOf(reached))]).toEqual([...ascending(expected)]);
        },
      ),
      { numRuns: 20 },
    );
  },
);

/** The pins of a board's window. */
function windowPins(board: number, seed: number): number[] {
  const own = neighborsOf(graph.boardToPin, board);
  const { count, offset } = windowOf(board, own.length, seed);
  return Array.from({ length: count }, (_, i) => own[(offset + i) % own.length]!);
}
