import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Engine, TopPins, degreeOf, popular, popularityOf } from '../../engine/index.ts';
import { scoresOf, queryOf, someQueries } from '../scores.ts';
import { graphOf, smallGraph } from '../graphs.ts';

test('popular ranks pins by number of boards, ties to the smaller index, without the query pins', () => {
  fc.assert(
    fc.property(someQueries, fc.integer({ min: 1, max: 20 }), ({ graph, query }, k) => {
      const top = new TopPins(k);
      const { candidates } = new Engine(graph).recommend('popular', query, {}, 0, top);
      const expected = Array.from({ length: 16 }, (_, pin) => ({
        pin,
        score: degreeOf(graph.pinToBoard, pin),
      }))
        .filter(({ pin, score }) => score > 0 && !query.pins.includes(pin))
        .toSorted((a, b) => b.score - a.score || a.pin - b.pin);
      expect(top.drain()).toEqual(expected.slice(0, k));
      expect(candidates).toBe(expected.length);
    }),
  );
});

test('popular leaves out excluded pins', () => {
  const { scores } = scoresOf((top) =>
    new Engine(smallGraph).recommend('popular', queryOf(4), {}, 0, top, (pin) => pin === 2),
  );
  expect([...scores]).toEqual([
    [0, 4],
    [6, 2],
    [7, 2],
    [1, 1],
    [3, 1],
    [5, 1],
  ]);
});

test('popular never recommends an unsaved pin', () => {
  const withUnsavedPins = graphOf([
    [0, 3],
    [1, 1],
  ]);
  const { stats, scores } = scoresOf((top) => popular(popularityOf(withUnsavedPins), top));
  expect([...scores]).toEqual([
    [1, 1],
    [3, 1],
  ]);
  expect(stats.candidates).toBe(2);
  expect(popularityOf(smallGraph).counts[0]).toBe(4);
  expect([...popularityOf(smallGraph).order]).toEqual([0, 2, 4, 6, 7, 1, 3, 5]);
});
