import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextBelow, randomStream } from '../../engine/index.ts';
import { KeyTable } from '../../graph-data/import/key-table.ts';
import { SaveBatch } from '../../graph-data/import/save-batch.ts';

test('KeyTable behaves like a Map for any keys', () => {
  const key = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('', '\0', '\0\0', 'a', 'a\0', 'é', '😀'),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 300 }), (keys) => {
      const table = new KeyTable();
      const map = new Map<string, number>();
      for (const each of keys) {
        expect(table.get(each)).toBe(map.get(each) ?? -1);
        if (map.has(each)) continue;
        table.add(each, map.size);
        map.set(each, map.size);
      }
      for (const [each, number] of map) expect(table.get(each)).toBe(number);
    }),
  );
});

test('KeyTable distinguishes keys with equal hashes', () => {
  // Among 400,000 keys of equal length and start, some 18 pairs have the same 32-bit hash.
  const random = randomStream(7);
  const part = (): string =>
    nextBelow(random, 2 ** 31)
      .toString(16)
      .padStart(8, '0');
  const keys = Array.from({ length: 400_000 }, () => `k-${part()}${part()}`);
  const table = new KeyTable();
  let foundEarly = 0;
  for (const [i, key] of keys.entries()) {
    if (table.get(key) !== -1) foundEarly++;
    table.add(key, i);
  }
  expect(foundEarly).toBe(0);
  expect(keys.findIndex((key, i) => table.get(key) !== i)).toBe(-1);
});

test('KeyTable sorts keys by length, then bytes, as SQLite does', () => {
  const key = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.nat(3000).map(String));
  fc.assert(
    fc.property(fc.uniqueArray(key, { maxLength: 200 }), (keys) => {
      const table = new KeyTable();
      for (const [i, each] of keys.entries()) table.add(each, i);
      const [first, ...rest] = Array.from(table.entriesByKey(), (entry) => Buffer.from(table.keyAt(entry)));
      expect(rest.length + Number(first !== undefined)).toBe(keys.length);
      rest.reduce((before, bytes) => {
        expect(before.length - bytes.length || Buffer.compare(before, bytes)).toBeLessThan(0);
        return bytes;
      }, first!);
    }),
  );
});

test('SaveBatch sorts by board, then pin, and keeps the earliest of repeated saves in any order', () => {
  const index = fc.oneof(fc.nat(5), fc.nat(2 ** 31 - 2));
  const save = fc.tuple(index, index, fc.constantFrom(NaN, 1, 2, 3), fc.constantFrom(NaN, 1, 2));
  const sorted = (saves: readonly (readonly [number, number, number, number])[]) => {
    const batch = new SaveBatch(200);
    for (const each of saves) batch.push(...each);
    return Array.from(batch.sortedRows(), (row) => saves[row]!);
  };
  fc.assert(
    fc.property(
      fc
        .array(save, { maxLength: 200 })
        .chain((saves) =>
          fc.tuple(fc.constant(saves), fc.shuffledSubarray(saves, { minLength: saves.length })),
        ),
      ([saves, shuffled]) => {
        const rows = sorted(saves);
        const byPlace = Map.groupBy(saves, ([board, pin]) => `${board} ${pin}`);
        expect(rows).toHaveLength(byPlace.size);
        for (const [i, [board, pin, savedAt]] of rows.entries()) {
          const [boardBefore, pinBefore] = rows[i - 1] ?? [-1, -1];
          expect(board - boardBefore || pin - pinBefore).toBeGreaterThan(0);
          const times = byPlace
            .get(`${board} ${pin}`)!
            .map(([, , time]) => (Number.isNaN(time) ? Infinity : time));
          expect(Number.isNaN(savedAt) ? Infinity : savedAt).toBe(Math.min(...times));
        }
        expect(sorted(shuffled)).toEqual(rows);
      },
    ),
  );
});
