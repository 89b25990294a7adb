import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ScoredPin,
  type VirtualSavesParams,
  Engine,
  TopPins,
  VirtualSaves,
  contentLinks,
  degreeOf,
} from '../../engine/index.ts';
import { graphOf } from '../graphs.ts';
import { numberIn, queryOf, someQueries } from '../scores.ts';

/** Pin 5 has no saves and is like pins 0 and 1; pin 4 has one, and is like pin 3. */
const graph = graphOf([[0, 0], [0, 1], [1, 1], [1, 2], [2, 3], [2, 4]], 6); // prettier-ignore
const near: Record<number, ScoredPin[]> = {
  4: [{ pin: 3, score: 0.5 }],
  5: [{ pin: 0, score: 0.6 }, { pin: 1, score: 0.2 }, { pin: 2, score: 0 }], // prettier-ignore
};

function offered(
  found: ScoredPin[],
  params: Partial<VirtualSavesParams>,
  prior = 0,
  isExcluded?: (pin: number) => boolean,
): Map<number, number> {
  const top = new TopPins(10);
  const links = contentLinks(6, [4, 5], (pin) => near[pin]!, prior);
  new VirtualSaves(graph, links).offer(found, queryOf(2), params, top, isExcluded);
  return new Map(top.drain().map(({ pin, score }) => [pin, score]));
}

const found = [
  { pin: 1, score: 6 },
  { pin: 3, score: 2 },
];

test('a pin without saves scores by its nearest pins; one with saves, less', () => {
  const scores = offered(found, { virtualWeight: 0.5, fadeSaves: 1, ownShare: 0 });
  expect([...scores.keys()]).toEqual([1, 3, 5, 4]);
  expect(scores.get(1)).toBeCloseTo(0.75, 12);
  expect(scores.get(5)).toBeCloseTo(0.5 * 0.25 * 0.75, 7);
  // One real save: half.
  expect(scores.get(4)).toBeCloseTo(0.5 * (1 / 2) * 0.25, 7);
});

test('a prior takes weight from pins that are like little', () => {
  const scores = offered(found, { virtualWeight: 1, fadeSaves: 1, ownShare: 0 }, 0.8);
  expect(scores.get(5)).toBeCloseTo((0.2 / 1.6) * 0.75, 7);
  expect(() => offered(found, {}, -1)).toThrow('prior');
  expect(() => offered(found, {}, Infinity)).toThrow('prior');
});

test('query pins and excluded pins are not offered, and content alone needs no walk', () => {
  expect(offered([{ pin: 2, score: 1 }], {}).has(2)).toBe(false);
  expect(offered(found, {}, 0, (pin) => pin === 5).has(5)).toBe(false);
  const links = contentLinks(6, [5], () => [{ pin: 2, score: 1 }], 0);
  const top = new TopPins(3);
  new VirtualSaves(graph, links).offer([], queryOf(2), { ownShare: 1, virtualWeight: 1 }, top);
  expect(top.drain()).toEqual([{ pin: 5, score: 1 }]);
});

test('with a virtual weight of 0, scores are those of the walk, scaled to sum 1', () => {
  const scores = offered(found, { virtualWeight: 0 });
  expect([...scores]).toEqual([[1, 0.75], [3, 0.25]]); // prettier-ignore
});

test('virtual saves equal real edges with these weights in the last step of a walk', () => {
  const cases = fc.tuple(someQueries, fc.array(numberIn(0.01, 1), { minLength: 16, maxLength: 16 }));
  fc.assert(
    fc.property(cases, ([{ graph: walked, query }, similarity]) => {
      const cold = [...similarity.keys()].filter((pin) => degreeOf(walked.pinToBoard, pin) === 0);
      const walk = new TopPins(16);
      const given = { ...query, includeQueryPins: true };
      new Engine(walked).recommend('paths', given, {}, 1, walk);
      const mass = walk.drain();
      const total = mass.reduce((sum, { score }) => sum + score, 0);
      const warm = [...similarity.keys()].filter((pin) => !cold.includes(pin));
      const lists = warm.map((pin) => ({ pin, score: similarity[pin]! }));
      const weights = lists.reduce((sum, { score }) => sum + score, 0);
      const links = contentLinks(16, cold, () => lists, 0);
      const top = new TopPins(16);
      const params = { virtualWeight: 1, ownShare: 0 };
      new VirtualSaves(walked, links).offer(mass, query, params, top);
      const expected =
        mass.reduce((sum, { pin, score }) => sum + (score / total) * similarity[pin]!, 0) / weights;
      const scores = new Map(top.drain().map(({ pin, score }) => [pin, score]));
      const own = new Set(query.pins);
      for (const pin of cold) expect(scores.get(pin) ?? 0).toBeCloseTo(own.has(pin) ? 0 : expected, 5);
    }),
  );
});
