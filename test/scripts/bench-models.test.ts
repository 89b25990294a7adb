import { expect, test } from 'vitest';
import { benchFollowing } from '../../scripts/bench/models/following.ts';
import { benchScoring } from '../../scripts/bench/models/scoring.ts';

test('the benchmark of scoring compares bits, and its hashes repeat', () => {
  const size = { events: 3_000, candidates: 50, rounds: 2 };
  const cases = benchScoring(size);
  expect(cases.map(({ name }) => name)).toEqual(['score-features', 'score-ftrl', 'score-trees']);
  expect(benchScoring(size).map(({ hash }) => hash)).toEqual(cases.map(({ hash }) => hash));
  const [whole, list] = benchFollowing(1_000);
  expect([whole!.name, list!.name]).toEqual(['count-log', 'count-list']);
  expect(benchFollowing(1_000)[0]!.hash).toBe(whole!.hash);
});
