import { expect, onTestFinished, test, vi } from 'vitest';
import { type CachedPage, PageCache, recommendationRequest, shownUpTo } from '../../api/index.ts';

const request = recommendationRequest.parse({ query: [{ pin: 'basil' }] });
const pageOf = (count: number, before?: CachedPage): CachedPage => ({
  request,
  shown: Array.from({ length: count }, (_, i) => `${count} ${i}`),
  before,
  sharers: 1,
});

test('paging through a long list does not evict the pages of other clients', () => {
  const cache = new PageCache(() => 0, 10_000);
  cache.add('other', pageOf(20));
  let page: CachedPage | undefined;
  for (let i = 0; i < 500; i++) {
    page = pageOf(1_000, page);
    cache.add(`page ${i}`, page);
  }
  expect(cache.find('other')).toBeDefined();
  expect(shownUpTo(cache.find('page 499'))).toHaveLength(500_000);
});

test('keys shown so far are listed from the first page on', () => {
  expect(shownUpTo(pageOf(1, pageOf(2)))).toEqual(['2 0', '2 1', '1 0']);
  expect(shownUpTo(undefined)).toEqual([]);
});

test('the oldest pages are evicted when the cache holds too many pages or keys', () => {
  const cache = new PageCache(() => 0, 10_000);
  for (let i = 0; i < 10_001; i++) cache.add(`small ${i}`, pageOf(1));
  expect(cache.find('small 0')).toBeUndefined();
  expect(cache.find('small 10000')).toBeDefined();
  cache.add('large', pageOf(999_990));
  expect(cache.find('small 9000')).toBeUndefined();
  expect(cache.find('large')).toBeDefined();
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
