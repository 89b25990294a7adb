import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validate } from '../../api/base/index.ts';
import { interactionOf, isPlainInteraction } from '../../api/contract/writes/index.ts';

const [now, from] = [Date.UTC(2026, 10, 20), Date.UTC(2026, 0, 1)];
const schema = interactionOf(
  () => now,
  () => from,
  () => true,
);
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '',
    'a'.repeat(64),
    'a'.repeat(65),
    'é'.repeat(128),
    '鍵'.repeat(171),
    'x'.repeat(513),
    '\uD800',
  ),
);
const number = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, 1, 1.5, -1, 1e6, 1e6 + 1, 2 ** -1074, 1 + Number.EPSILON, Infinity),
  fc.constantFrom(1.7e9, now, now + 3.7e6, from - 1, from + 0.5, 1.7e15),
);
const any = fc.oneof(
  text,
  number,
  fc.constantFrom(null, true, '2026-11-20'),
  fc.constant([]),
  fc.constant({}),
);
const valid = {
  id: fc.constantFrom('i', 'i'.repeat(128)),
  kind: fc.constantFrom('impression', 'click'),
  user: fc.constantFrom('ann', '鍵'.repeat(170)),
  pin: fc.constantFrom('basil', 'é'),
  at: fc.integer({ min: from, max: now }),
  recommendationId: fc.constant('r'),
  surface: fc.constant('feed'),
  pipeline: fc.constant('pixie'),
  arm: fc.constant('a/b'),
  rank: fc.integer({ min: 1, max: 1e6 }),
  score: fc.double({ noNaN: true, noDefaultInfinity: true }),
  propensity: fc.double({ min: 2 ** -1074, max: 1, noNaN: true }),
  value: fc.double({ min: 0, max: 1e300, noNaN: true }),
  query: fc.constantFrom('rock', '鍵'.repeat(200)),
};

test('the schema accepts every body that is accepted without it, and changes nothing', () => {
  const rows = fc
    .tuple(
      fc.record(valid, { requiredKeys: [] }),
      fc.dictionary(fc.constantFrom(...Object.keys(valid), 'other', '__proto__'), any, { maxKeys: 2 }),
    )
    .map(([row, changed]): unknown => JSON.parse(JSON.stringify({ ...row, ...changed })));
  let accepted = 0;
  fc.assert(
    fc.property(rows, (row) => {
      if (!isPlainInteraction(row, now, from)) return;
      accepted++;
      expect(validate(schema, structuredClone(row))).toEqual(row);
    }),
    { numRuns: 2_000, seed: 19 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test('the interactions that applications send are accepted without the schema', () => {
  const row = {
    kind: 'impression',
    user: 'ann',
    pin: 'basil',
    at: now,
    recommendationId: 'r',
    surface: 'feed',
    rank: 1,
  };
  expect(isPlainInteraction(row, now, from)).toBe(true);
  expect(isPlainInteraction({ kind: 'click', user: 'ann', pin: 'basil', value: 2 }, now, from)).toBe(true);
});
