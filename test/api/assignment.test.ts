import { expect, test } from 'vitest';
import { unitOf } from '../../api/base/index.ts';
import { armAt } from '../../api/experiments/assignment.ts';
import { chiSquareTail, goodnessOfFit } from '../statistical/chi-square.ts';

/** Keys as applications have them: numbered, and alike. */
const people = Array.from({ length: 200_000 }, (_, i) => `user-${i}`);
const bins = 100;
/** Below it, a sampler is wrong; a right one fails once in a million. */
const level = 1e-6;

type UnitOf = (salt: string, viewer: string) => number;

function uniformity(of: UnitOf): number {
  const counts = Array<number>(bins).fill(0);
  for (const person of people) counts[Math.floor(of('salt', person) * bins)]!++;
  return goodnessOfFit(counts, Array<number>(bins).fill(1));
}

/** Whether the arms of two experiments depend on each other: Pearson's test of a 10 × 10 table. */
function independence(of: UnitOf): number {
  const table = Array<number>(100).fill(0);
  for (const person of people)
    table[10 * Math.floor(of('a', person) * 10) + Math.floor(of('b', person) * 10)]!++;
  const rows = Array.from({ length: 10 }, (_, i) => table.slice(10 * i, 10 * i + 10).reduce((a, b) => a + b));
  const columns = rows.map((_, j) => table.reduce((sum, count, k) => (k % 10 === j ? sum + count : sum), 0));
  const statistic = table.reduce((sum, count, k) => {
    const expected = (rows[Math.floor(k / 10)]! * columns[k % 10]!) / people.length;
    return expected === 0 ? sum : sum + (count - expected) ** 2 / expected;
  }, 0);
  return chiSquareTail(statistic, 81);
}

/** Java's hash of strings, which spreads alike keys unevenly. */
const polynomial: UnitOf = (salt, viewer) => {
  let hash = 0;
  for (const letter of salt + viewer) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  return hash / 2 ** 32;
};

test('people are spread evenly over the units, which a broken hash does not do', () => {
  expect(uniformity(unitOf)).toBeGreaterThan(level);
  expect(uniformity(polynomial)).toBeLessThan(level);
});

test('assignments with two salts are independent, which they are not if the salt does not count', () => {
  expect(independence(unitOf)).toBeGreaterThan(level);
  expect(independence((_, viewer) => unitOf('', viewer))).toBeLessThan(level);
});

test('salt and key do not run into each other', () => {
  expect(unitOf('a', 'bc')).not.toBe(unitOf('ab', 'c'));
});

test('arms get their shares of those outside the holdout', () => {
  const arms = [
    { name: 'a', share: 1 },
    { name: 'b', share: 3 },
  ];
  const met = (unit: number): string | undefined => armAt(unit, 0.2, arms)?.name;
  expect([0, 0.199, 0.2, 0.399, 0.401, 0.999_999].map(met)).toEqual([
    undefined,
    undefined,
    'a',
    'a',
    'b',
    'b',
  ]);
  const counts = new Map<string | undefined, number>();
  for (const person of people) {
    const name = met(unitOf('shares', person));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  expect(
    goodnessOfFit([counts.get(undefined)!, counts.get('a')!, counts.get('b')!], [0.2, 0.2, 0.6]),
  ).toBeGreaterThan(level);
});
