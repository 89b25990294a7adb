import { expect, onTestFinished, test, vi } from 'vitest';
import { type KeptAnswer, KeptAnswers, recommendationRequest, seenUpTo } from '../../api/index.ts';

const request = recommendationRequest.parse({ query: [{ pin: 'basil' }] });
const pageOf = (count: number, before?: KeptAnswer): KeptAnswer => ({
  request,
  shown: Array.from({ length: count }, (_, i) => `${count} ${i}`),
  before,
  sharers: 1,
});

test('paging on and on does not push out the answers of others', () => {
  const kept = new KeptAnswers(() => 0, 10_000);
  kept.keep('other', pageOf(20));
  let page: KeptAnswer | undefined;
  for (let i = 0; i < 500; i++) {
    page = pageOf(1_000, page);
    kept.keep(`page ${i}`, page);
  }
  expect(kept.find('other')).toBeDefined();
  expect(seenUpTo(kept.find('page 499'))).toHaveLength(500_000);
});

test('what was shown is told from the first page on', () => {
  expect(seenUpTo(pageOf(1, pageOf(2)))).toEqual(['2 0', '2 1', '1 0']);
  expect(seenUpTo(undefined)).toEqual([]);
});

test('the oldest answers go when there are too many keys or answers', () => {
  const kept = new KeptAnswers(() => 0, 10_000);
  for (let i = 0; i < 10_001; i++) kept.keep(`small ${i}`, pageOf(1));
  expect(kept.find('small 0')).toBeUndefined();
  expect(kept.find('small 10000')).toBeDefined();
  kept.keep('large', pageOf(999_990));
  expect(kept.find('small 9000')).toBeUndefined();
  expect(kept.find('large')).toBeDefined();
});

test('an answer is kept for 30 minutes', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const kept = new KeptAnswers(() => Date.now(), 10_000);
  kept.keep('one', pageOf(1));
  vi.advanceTimersByTime(30 * 60_000 - 2_000);
  expect(kept.find('one')).toBeDefined();
  vi.advanceTimersByTime(5_000);
  expect(kept.find('one')).toBeUndefined();
});
