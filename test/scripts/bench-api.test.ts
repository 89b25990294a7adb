import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { LoadResult } from '../../scripts/bench/api/open-loop.ts';
import { RateSearch, isSustained } from '../../scripts/bench/api/rate-search.ts';

/** A server that answers in time up to a rate. */
function loadOf(rate: number, rateMax: number): LoadResult {
  const percentiles = { p50: 1, p99: 2, max: 3 };
  const inTime = rate <= rateMax ? 1 : 0.98;
  return { rate, sent: rate, statuses: {}, failed: 0, answered: percentiles, refused: percentiles, inTime };
}

test.each([1_550, 99, 100, 3_200])('the search finds that %i requests/s are sustained', (rateMax) => {
  const search = new RateSearch(100, 0.04, 20);
  while (!search.isDone) search.record(loadOf(search.rate, rateMax));
  expect(search.tried.every((each) => isSustained(each) === each.rate <= rateMax)).toBe(true);
  expect(search.sustainable.rate).toBeGreaterThanOrEqual(Math.floor(0.95 * rateMax));
  expect(search.sustainable.rate).toBeLessThanOrEqual(Math.max(rateMax, 100));
});

test('one failure at a rate is forgiven, and the search ends after the given number of loads', () => {
  const search = new RateSearch(100, 0.04, 3);
  search.record(loadOf(100, 0));
  expect(search.rate).toBe(100);
  search.record(loadOf(100, 100));
  expect(search.rate).toBe(200);
  expect(search.isDone).toBe(false);
  search.record(loadOf(200, 200));
  expect(search.isDone).toBe(true);
});

test('the load test compares the server with a fixed answer of the same size', async () => {
  const script = path.join(import.meta.dirname, '../../scripts/bench/api/main.ts');
  const sizes = ['--small', '--seconds', '1', '--overload-seconds', '1'];
  const child = spawn(process.execPath, [script, '--sample', 'synthetic', '--json', ...sizes], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const report = JSON.parse(await text(child.stdout)) as {
    rateRatio: number;
    tried: LoadResult[];
    sustainable: LoadResult;
    fixedAnswer: { bytes: number; sustainable: LoadResult };
    swaps: unknown[];
  };
  const { rateRatio, tried, sustainable, fixedAnswer } = report;
  expect(rateRatio).toBe(sustainable.rate / fixedAnswer.sustainable.rate);
  // 20 items of some 80 bytes.
  expect(fixedAnswer.bytes).toBeGreaterThan(1_000);
  expect(Object.keys(fixedAnswer.sustainable.statuses)).toEqual(['200']);
  expect(tried.every(({ sent }) => sent > 0)).toBe(true);
  expect(report.swaps).toHaveLength(1);
});
