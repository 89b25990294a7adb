import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MinuteWindows, jsonBytes } from '../../api/base/index.ts';
import {
  CachedPage,
  PageCache,
  type RecommendationInput,
  ShownKeys,
  recommendationRequest,
} from '../../api/index.ts';
import { LookupCache } from '../../graph-data/database/lookup-cache.ts';

const text = readFileSync(path.join(import.meta.dirname, '../../docs/limits.md'), 'utf8');
/** Bytes of a structure in docs/limits.md. */
const bytesOf = (structure: string): number => {
  const row = text
    .split('\n')
    .find((line) => line.startsWith(`| ${structure} `) && line.split('|').length === 5);
  return Number(row!.split('|')[3]!.replaceAll(',', ''));
};

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as NodeJS.GCFunction;
const heapBytes = (): number => {
  // The last resort also drops compiled code, of which a busy machine leaves a megabyte more or less.
  collectGarbage({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
/** Bytes that the work leaves in memory for as long as its result is used. */
function retained<Result>(work: () => Result): { bytes: number; result: Result } {
  const before = heapBytes();
  const result = work();
  return { bytes: heapBytes() - before, result };
}

const bodyBytes = 2 ** 20;
/** A key of 512 bytes, in letters of one, two or three bytes. */
const key = (letter: string, i: number): string => {
  const start = `${i} `;
  return start + letter.repeat(Math.floor((512 - start.length) / Buffer.byteLength(letter)));
};

/** The largest legal requests: everything at its bound, then less of everything until the body fits. */
const largestRequest = fc
  .record({
    letter: fc.constantFrom('k', 'é', '鍵', '"'),
    query: fc.constantFrom(1, 100),
    node: fc.constantFrom('pin', 'board', 'user'),
    excluded: fc.constantFrom(0, 1_000, 10_000),
    filters: fc.constantFrom(0, 1, 32),
    values: fc.constantFrom(1, 50, 1_000),
    valueLength: fc.constantFrom(1, 30, 4_096),
    fields: fc.constantFrom(0, 32),
    explain: fc.boolean(),
  })
  .map((size) => (id: number): RecommendationInput => {
    const values = size.filters * size.values * (size.valueLength + 20);
    for (let share = Math.min(1, Math.sqrt((2 * bodyBytes) / values)); ; share *= 0.8) {
      const some = (count: number): number => Math.ceil(count * share);
      const { letter } = size;
      const filter = Array.from({ length: some(size.filters) }, (_, i) => [
        `${i} ${letter.repeat(190)}`,
        {
          in: Array.from({ length: some(size.values) }, (__, j) => {
            return `${id} ${j} `.padEnd(size.valueLength, letter).slice(0, 4_096);
          }),
        },
      ]);
      const body = JSON.stringify({
        query: Array.from({ length: size.query }, (_, i) => ({ [size.node]: key(letter, 1_000 * id + i) })),
        exclude: {
          pins: Array.from({ length: some(size.excluded) }, (_, i) => {
            return size.excluded > 1_000 ? `${id} ${i} ${letter.repeat(60)}` : key(letter, i);
          }),
        },
        ...(filter.length > 0 && { filter: Object.fromEntries(filter) }),
        fields: Array.from({ length: size.fields }, (_, i) => `${i} ${letter.repeat(190)}`),
        explain: size.explain,
      });
      // Parsed as a body is: nothing of the making stays.
      if (Buffer.byteLength(body) <= bodyBytes) return JSON.parse(body) as RecommendationInput;
    }
  });

/** A page of a request that shares nothing with another. */
function pageOf(input: RecommendationInput, items: number): CachedPage {
  const keys = Array.from({ length: items }, (_, i) => Buffer.from(key('k', i)).toString());
  return new CachedPage({
    request: recommendationRequest.parse(input),
    shown: new ShownKeys([jsonBytes(keys)]),
    items,
  });
}

test('pages of the largest legal requests take no more memory than is counted', () => {
  fc.assert(
    fc.property(largestRequest, fc.constantFrom(1, 20, 1_000), (inputOf, items) => {
      const { bytes, result: cache } = retained(() => {
        const filled = new PageCache(() => 0, 10_000);
        for (let i = 0; i < 8; i++) filled.add(`id ${i}`, pageOf(inputOf(i), items));
        return filled;
      });
      expect(cache.size).toBe(8);
      expect(bytes).toBeLessThanOrEqual(cache.bytes + 2 ** 20);
    }),
    { numRuns: 12 },
  );
});

test('pages of the largest legal requests stay within the documented bytes', () => {
  const bound = bytesOf('kept pages');
  const { bytes, result: cache } = retained(() => {
    const filled = new PageCache(() => 0, 10_000);
    for (const [i, inputOf] of fc.sample(largestRequest, 150).entries()) {
      filled.add(`id ${i}`, pageOf(inputOf(i), 1_000));
      expect(filled.bytes).toBeLessThanOrEqual(bound);
    }
    return filled;
  });
  expect(cache.bytes).toBeGreaterThan(bound / 2);
  expect(bytes).toBeLessThanOrEqual(bound);
});

test('the counters of 100,000 clients stay within the documented bytes', () => {
  const { bytes, result } = retained(() => {
    const windows = new MinuteWindows(() => 0);
    for (let i = 0; i < 120_000; i++) windows.add(`address ${String(i).padStart(40, 'f')}/64`, 1);
    return windows;
  });
  expect(result.usedBy('address none')).toBe(0);
  expect(3 * bytes).toBeLessThanOrEqual(bytesOf('clients of rate limits and work limits'));
});

test.each(['k', '鍵'])(
  'the keys that the writer has looked up stay within the documented bytes: %s',
  (letter) => {
    const bound = bytesOf('keys that the writer has looked up') / 3;
    const { bytes, result: cache } = retained(() => {
      const filled = new LookupCache(
        (name) => ({ id: 1, owner: Buffer.from(name).toString() }),
        ({ owner }) => owner,
      );
      for (let i = 0; i < 60_000; i++) filled.get(Buffer.from(key(letter, i)).toString());
      return filled;
    });
    expect(bytes).toBeGreaterThan(bound / 20);
    expect(bytes).toBeLessThanOrEqual(bound);
    expect(cache.get('ann')).toEqual({ id: 1, owner: 'ann' });
  },
);
