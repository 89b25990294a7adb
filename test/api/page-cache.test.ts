import { expect, onTestFinished, test, vi } from 'vitest';
import { jsonBytes, valueOfJson } from '../../api/base/index.ts';
import {
  CachedPage,
  PageCache,
  type RecommendationInput,
  ShownKeys,
  recommendationRequest,
} from '../../api/index.ts';

const requestOf = (fields: Partial<RecommendationInput> = {}) =>
  recommendationRequest.parse({ query: [{ pin: 'basil' }], ...fields });
const request = requestOf();
const shown = (...keys: string[]): ShownKeys => new ShownKeys([jsonBytes(keys)]);
const keys = (count: number): ShownKeys => shown(...Array.from({ length: count }, (_, i) => `${count} ${i}`));
const seen = (page: CachedPage): string[] => page.shownSoFar().flatMap(valueOfJson);
const pageOf = (count: number, before?: CachedPage): CachedPage =>
  new CachedPage({ request, shown: keys(count), items: count, before });
/** A page whose request takes about 2 MB. */
const largePage = (limit = 20): CachedPage =>
  new CachedPage({
    request: requestOf({ limit, filter: { title: { in: Array<string>(1_000).fill('x'.repeat(1_000)) } } }),
    shown: keys(1),
    items: 1,
  });
const bytesMax = 134_217_728;

test('paging through a long list does not evict the pages of other clients', () => {
  const cache = new PageCache(() => 0, 10_000);
  cache.add('other', pageOf(20));
  let page: CachedPage | undefined;
  for (let i = 0; i < 500; i++) {
    page = pageOf(1_000, page);
    cache.add(`page ${i}`, page);
  }
  expect(cache.find('other')).toBeDefined();
  expect(seen(cache.find('page 499')!)).toHaveLength(500_000);
});

test('pages that have shown more keys than a worker can get a copy of are refused with the remedy', () => {
  const page = (size: number, before?: CachedPage): CachedPage =>
    new CachedPage({ request, shown: shown('k'.repeat(size)), items: 1, before });
  const long = page(9 * 2 ** 20);
  expect(seen(page(6 * 2 ** 20, long))).toHaveLength(2);
  expect(() => page(8 * 2 ** 20, long).shownSoFar()).toThrow('request a first page with a filter');
});

test('a page lists the keys shown so far, starting with the first page', () => {
  expect(seen(pageOf(1, pageOf(2)))).toEqual(['2 0', '2 1', '1 0']);
});

test('a page returns its original request with its own limit', () => {
  const large = requestOf({
    limit: 7,
    explain: true,
    algorithm: 'ppr',
    filter: { title: { not: 'é' } },
    diversity: 0.5,
  });
  const first = new CachedPage({ request: large, shown: keys(1), items: 1 });
  expect(first.request).toEqual(large);
  const next = new CachedPage({
    request: { ...first.request, limit: 9 },
    shown: keys(1),
    items: 1,
    before: first,
  });
  expect(next.request).toEqual({ ...large, limit: 9 });
});

test('the oldest pages are evicted when the cache holds too many pages', () => {
  const cache = new PageCache(() => 0, 10_000);
  for (let i = 0; i < 10_001; i++) cache.add(`small ${i}`, pageOf(1));
  expect(cache.find('small 0')).toBeUndefined();
  expect(cache.find('small 10000')).toBeDefined();
});

test('the oldest pages are evicted when requests have too many bytes, whatever part is large', () => {
  const cache = new PageCache(() => 0, 10_000);
  for (let i = 0; i < 100; i++) cache.add(`large ${i}`, largePage());
  expect(cache.find('large 0')).toBeUndefined();
  expect(cache.find('large 99')).toBeDefined();
  expect(cache.size).toBeGreaterThan(50);
  expect(cache.bytes).toBeLessThanOrEqual(bytesMax);
  expect(cache.bytes).toBeGreaterThan(bytesMax - 3e6);
});

test('pages that share a request or a list count it once, for as long as one of them is cached', () => {
  const cache = new PageCache(() => 0, 100);
  const first = largePage();
  cache.add('first', first);
  const alone = cache.bytes;
  let page = first;
  for (let i = 0; i < 99; i++) {
    page = new CachedPage({ request: first.request, shown: keys(1), items: 1, before: page });
    cache.add(`next ${i}`, page);
  }
  expect(cache.bytes - alone).toBeLessThan(alone / 4);
  // The first page leaves the cache; the pages after it still need its request.
  for (let i = 0; i < 50; i++) cache.add(`other ${i}`, pageOf(1));
  expect(cache.find('first')).toBeUndefined();
  expect(cache.bytes).toBeGreaterThan(alone);
  for (let i = 50; i < 150; i++) cache.add(`other ${i}`, pageOf(1));
  expect(cache.bytes).toBeLessThan(alone / 2);
});

test('an evicted page that a later one still references is counted', () => {
  const cache = new PageCache(() => 0, 1);
  const first = pageOf(10_000);
  cache.add('first', first);
  cache.add('other', pageOf(1));
  const small = cache.bytes;
  cache.add('next', pageOf(1, first));
  expect(cache.bytes).toBeGreaterThan(small + 10_000 * 10);
  cache.add('other', pageOf(1));
  expect(cache.bytes).toBe(small);
});

test('a page expires after 30 minutes', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const cache = new PageCache(() => Date.now(), 10_000);
  cache.add('one', pageOf(1));
  vi.advanceTimersByTime(30 * 60_000 - 2_000);
  expect(cache.find('one')).toBeDefined();
  vi.advanceTimersByTime(5_000);
  expect(cache.find('one')).toBeUndefined();
});

test('erased and expired pages are no longer counted', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const cache = new PageCache(() => Date.now(), 10_000);
  cache.add('old', pageOf(1_000));
  vi.advanceTimersByTime(31 * 60_000);
  const named = { request: requestOf({ query: [{ user: 'ann' }] }), shown: keys(5), items: 5 };
  cache.add('query', new CachedPage(named));
  cache.add(
    'item',
    new CachedPage({ request: requestOf({ target: 'users' }), shown: shown('ann'), items: 1 }),
  );
  cache.add('after', new CachedPage({ ...named, before: new CachedPage(named) }));
  expect(cache.forget(new Set(['ann']), new Set())).toBe(3);
  expect(cache.size).toBe(0);
  expect(cache.bytes).toBe(0);
});
