import { expect, test } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import { openDataFolder } from '../../graph-data/index.ts';
import { Receipts } from '../../graph-data/writing/receipts.ts';
import { temporaryFolder } from '../data-folders.ts';

const outcome = { state: 'done', results: Array<'added'>(1_000).fill('added'), refused: [] } as const;
const requestOf = (i: number) => {
  const hash = Buffer.alloc(32, i);
  return { changes: [], time: 1_000_000 + i, idempotency: { key: hash, request: hash } };
};

test('receipts beyond their limit of bytes are dropped, oldest first, and none while they fit', () => {
  const database = openDatabase(openDataFolder(temporaryFolder()));
  const receipts = new Receipts(database, 100_000);
  const stored = () =>
    database
      .prepare<[], { count: number; bytes: number }>(
        'SELECT count(*) AS count, total(length(answer) + length(key) + length(request)) AS bytes FROM answers',
      )
      .get()!;
  for (let i = 0; i < 9; i++) receipts.store(requestOf(i), outcome);
  expect(stored().count).toBe(9);
  for (let i = 9; i < 100; i++) {
    receipts.store(requestOf(i), outcome);
    expect(stored().bytes).toBeLessThanOrEqual(100_000);
  }
  expect(stored().count).toBeGreaterThan(5);
  expect(receipts.find(requestOf(0))).toBeUndefined();
  expect(receipts.find(requestOf(99))).toEqual(outcome);
  // Another connection, which does not know what the first one has counted.
  const again = new Receipts(database, 100_000);
  for (let i = 100; i < 120; i++) again.store(requestOf(i), outcome);
  expect(stored().bytes).toBeLessThanOrEqual(100_000);
  database.close();
});
