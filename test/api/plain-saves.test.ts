import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validate } from '../../api/base/index.ts';
import { plainSaves, savesRequest } from '../../api/contract/index.ts';

const text = fc.constantFrom(
  'ann',
  '',
  'é'.repeat(128),
  '鍵'.repeat(170),
  '鍵'.repeat(171),
  'x'.repeat(513),
  '\uD800',
);
const time = fc.constantFrom(
  0,
  1,
  1e8,
  1.7e9,
  1.7e12,
  1.7e12 + 0.5,
  1.7e15,
  -1e11,
  -1.7e12,
  -1e14,
  '2026-05-17',
);
const weight = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, -1, 5e-324, Infinity, '1', null));
const valid = {
  user: fc.constantFrom('ann', '鍵'.repeat(170)),
  board: fc.constantFrom('pasta', 'é'),
  pin: fc.constantFrom('basil', 'p'.repeat(170)),
  savedAt: fc.integer({ min: 1e11, max: 1.9e12 }),
  weight: fc.double({ min: 5e-324, max: 1e300, noNaN: true }),
};
const any = fc.oneof(text, time, weight, fc.constantFrom(null, true), fc.constant([]), fc.constant({}));
const save = fc
  .tuple(
    fc.record(valid, { requiredKeys: ['user', 'pin'] }),
    fc.dictionary(fc.constantFrom(...Object.keys(valid), 'other', '__proto__', 'toString'), any, {
      maxKeys: 1,
    }),
  )
  .map(([fields, changed]) => Object.fromEntries([...Object.entries(fields), ...Object.entries(changed)]));
const body = fc
  .oneof(save, fc.array(save, { maxLength: 3 }), fc.constantFrom(null, 1, 'ann', [[]]))
  .map((value): unknown => JSON.parse(JSON.stringify(value)));

test('saves that are accepted without the schema, the schema accepts, and changes nothing', () => {
  let accepted = 0;
  fc.assert(
    fc.property(body, (given) => {
      const plain = plainSaves(given);
      if (plain === undefined) return;
      accepted++;
      expect(validate(savesRequest, structuredClone(given))).toEqual(plain);
    }),
    { numRuns: 4_000, seed: 18 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test('the saves that applications send are accepted without the schema', () => {
  const saves = [
    { user: 'ann', pin: 'basil' },
    { user: 'ann', board: 'pasta', pin: 'basil', savedAt: Date.UTC(2026, 4, 17), weight: 2 },
  ];
  expect(plainSaves(saves)).toEqual(saves);
  expect(plainSaves(saves[0])).toEqual([saves[0]]);
});
