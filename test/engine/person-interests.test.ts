import { expect, test } from 'vitest';
import { type PlacedSave, personInterests } from '../../engine/index.ts';

const dayMs = 86_400_000;
const now = 1_000 * dayMs;
const saves = (interest: number, count: number, daysAgo: number | null, board = 1): PlacedSave[] =>
  Array.from({ length: count }, (_, i) => {
    const savedAt = daysAgo === null ? null : now - daysAgo * dayMs;
    return { interest, board, pin: 100 * interest + i, savedAt };
  });
/** 0 is a root above 1 and 2; 3 is a root. */
const options = { parents: [-1, 0, 0, -1], halfLifeDays: 100, savesMin: 3, pinsMax: 2 };

test('interests stand apart, weighted by the age of saves, with what says so', () => {
  const found = personInterests([...saves(1, 4, 100), ...saves(3, 4, 0), ...saves(3, 1, 0, 2)], options);
  expect(found).toMatchObject([
    { interest: 3, saves: 5, boards: 2, newest: now, pins: [300, 301] },
    { interest: 1, saves: 4, boards: 1, newest: now - 100 * dayMs },
  ]);
  expect(found.map(({ weight }) => weight)).toEqual([5 / 7, 2 / 7]);
});

test('an interest with few saves counts as part of the one above, a root keeps its few', () => {
  const found = personInterests([...saves(1, 2, 0), ...saves(2, 1, 0), ...saves(3, 1, 0)], options);
  expect(found.map(({ interest, saves: count }) => [interest, count])).toEqual([
    [0, 3],
    [3, 1],
  ]);
});

test('saves without an interest lower the weight of all others', () => {
  const found = personInterests([...saves(3, 3, null), ...saves(-1, 1, null)], options);
  expect(found).toMatchObject([{ interest: 3, weight: 0.75, newest: null, trend: undefined }]);
  expect(personInterests([], options)).toEqual([]);
});

test('a walk weighs interests; what it finds elsewhere counts for the nearest one above that has saves', () => {
  const walked = [
    { interest: 1, score: 1 },
    { interest: 2, score: 2 },
    { interest: 3, score: 4 },
    { interest: -1, score: 1 },
    { interest: 3, score: -9 },
  ];
  const found = personInterests([...saves(0, 3, 0), ...saves(1, 4, 0)], { ...options, walked });
  expect(found.map(({ interest, weight }) => [interest, weight])).toEqual([
    [0, 2 / 8],
    [1, 1 / 8],
  ]);
});

test('an interest rises only if the latest 30 days differ beyond chance', () => {
  const trends = (late: number): unknown[] =>
    personInterests(
      [...saves(1, 20, 90), ...saves(3, 20, 90), ...saves(1, 20 - late, 1), ...saves(3, late, 1)],
      options,
    ).map(({ interest, trend }) => [interest, trend]);
  expect(trends(17)).toEqual([
    [3, 'rising'],
    [1, 'falling'],
  ]);
  expect(trends(11)).toEqual([
    [3, 'steady'],
    [1, 'steady'],
  ]);
  expect(personInterests([...saves(1, 3, 90), ...saves(3, 3, 1)], options)[0]!.trend).toBeUndefined();
});
