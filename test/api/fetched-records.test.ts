import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RecordsBatch } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { fetchedRecords } from '../../api/runtime/stream/fetched-records.ts';
import { recordsMax, takeRecords } from '../../api/runtime/stream/take-records.ts';
import { fetched } from './topic-records.ts';

const [transactional, control] = [0x10, 0x20];
const mark = (type: number): Buffer => Buffer.from([0, 0, 0, type]);

/** A batch of records at these distances from its first offset. */
function batch(
  first: number,
  deltas: readonly number[],
  more: Partial<RecordsBatch> & { key?: Buffer } = {},
): RecordsBatch {
  const { key, ...others } = more;
  const records = deltas.map((offsetDelta) => ({ offsetDelta, key, timestampDelta: BigInt(offsetDelta) }));
  const base = { firstOffset: BigInt(first), lastOffsetDelta: deltas.at(-1), firstTimestamp: 1_000n };
  return { ...base, attributes: 0, producerId: -1n, records, ...others } as unknown as RecordsBatch;
}

function offsetsOf(
  records: readonly RecordsBatch[],
  from = 0,
  aborted: readonly [producerId: number, firstOffset: number][] = [],
): [offset: number, next: number][] {
  const abortedTransactions = aborted.map(([id, first]) => {
    return { producerId: BigInt(id), firstOffset: BigInt(first) };
  });
  return fetchedRecords({ records, abortedTransactions }, from).map(({ record, offset, next }) => {
    return [record === undefined ? NaN : offset, next];
  });
}

test('records before the offset are left out, and offsets that compaction freed are skipped', () => {
  const batches = [batch(0, [0, 1, 2]), batch(3, [0, 4]), batch(8, [1], { lastOffsetDelta: 5 })];
  expect(offsetsOf(batches, 2)).toEqual([
    [2, 3],
    [3, 4],
    [7, 8],
    [9, 14],
  ]);
  expect(offsetsOf(batches, 14)).toEqual([]);
  expect(fetchedRecords({ records: [batch(3, [0, 4])], abortedTransactions: null }, 0)[1]!.time).toBe(1_004);
});

test('records of aborted transactions are left out, other and later records are not', () => {
  const of = (producerId: bigint) => ({ attributes: transactional, producerId });
  const end = (producerId: bigint, type: 0 | 1) => ({
    attributes: transactional | control,
    producerId,
    key: mark(type),
  });
  const batches = [
    batch(0, [0, 1], of(1n)),
    batch(2, [0], of(2n)),
    batch(3, [0]),
    batch(4, [0], end(1n, 0)),
    batch(5, [0], end(2n, 1)),
    batch(6, [0], of(1n)),
    batch(7, [0], end(1n, 1)),
  ];
  expect(offsetsOf(batches, 0, [[1, 0]])).toEqual([
    [NaN, 2],
    [2, 3],
    [3, 4],
    [NaN, 5],
    [NaN, 6],
    [6, 7],
    [NaN, 8],
  ]);
});

test('a block takes an equal share of each partition, up to its size, and the next one continues there', () => {
  const source = (partition: number, records: number) => {
    const of = Array.from({ length: records }, (_, i) => ({ value: `${partition} ${i}` }));
    return {
      role: 'saves',
      name: 'app.saves',
      topic: 'id',
      partition,
      from: 0,
      pending: fetched(of),
    } as const;
  };
  const sources = [source(0, 4_000), source(1, 10), source(2, 6_000)];
  const counts = () =>
    takeRecords(sources).parts.map(({ partition, records, from, next }) => [partition, records, from, next]);
  expect(counts()).toEqual([
    [0, 1_667, 0, 1_667],
    [1, 10, 0, 10],
    [2, recordsMax - 1_677, 0, recordsMax - 1_677],
  ]);
  expect(counts()).toEqual([
    [0, 2_333, 1_667, 4_000],
    [2, recordsMax - 2_333, 3_323, 5_990],
  ]);
  expect(counts()).toEqual([[2, 10, 5_990, 6_000]]);
  expect(counts()).toEqual([]);
});

test('the largest block is as docs/limits.md says', () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../docs/limits.md'), 'utf8');
  const value = /records of a transaction[^|]*\| ([\d,]+)/.exec(page)![1]!;
  expect(recordsMax).toBe(Number(value.replaceAll(',', '')));
});

test('a block of large records ends early, and takes a single record whatever its size', () => {
  const large = Array.from({ length: 5 }, () => ({ value: Buffer.alloc(3 * 2 ** 20) }));
  const source = {
    role: 'saves',
    name: 'app.saves',
    topic: 'id',
    partition: 0,
    from: 0,
    pending: fetched(large),
  };
  const sizes = [1, 2].map(() => takeRecords([source]).offsets.length);
  expect(sizes).toEqual([3, 2]);
});
