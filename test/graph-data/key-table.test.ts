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

test('SaveBatch sorts by board, then pin, then insertion', () => {
  const save = fc.tuple(fc.oneof(fc.nat(5), fc.nat(2 ** 31 - 2)), fc.oneof(fc.nat(5), fc.nat(2 ** 31 - 2)));
  fc.assert(
    fc.property(fc.array(save, { maxLength: 200 }), (saves) => {
      const batch = new SaveBatch(200);
      for (const [board, pin] of saves) batch.push(board, pin, NaN, NaN);
      const rows = [...saves.keys()].toSorted(
        (i, j) => saves[i]![0] - saves[j]![0] || saves[i]![1] - saves[j]![1] || i - j,
      );
      expect([...batch.sortedRows()]).toEqual(rows);
    }),
  );
});
