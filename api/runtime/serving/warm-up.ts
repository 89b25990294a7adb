import { type RecommendationRequest, recommendationRequest } from '../../contract/index.ts';

/** Requests that warm up each worker before a snapshot counts as ready: V8 has compiled the code by then. */
const walks = 40;
/** Of each: code that is not compiled takes ten times as long, and other requests would wait for it. */
const rounds = 2;
const boardsMax = 2_000;

/** Requests for these pins: most as in the shorthand, some with reasons; a few by each other algorithm, of little work. */
export function warmUpRequests(keys: readonly string[]): RecommendationRequest[] {
  if (keys.length === 0) return [];
  const queryAt = (i: number): { pin: string }[] => [{ pin: keys[i % keys.length]! }];
  const related = Array.from({ length: walks }, (_, i) => ({ query: queryAt(i), explain: i % 2 === 0 }));
  const others = Array.from({ length: rounds }, (_, i) => {
    const query = queryAt(i);
    return [
      { query, algorithm: 'ideas' },
      { query, algorithm: 'feed-exact', params: { boardsMax } },
      { query, algorithm: 'ppr', params: { boardsMax } },
      { query, algorithm: 'itemknn', params: { boardsMax } },
      { query, target: 'boards' as const, params: { steps: 1_000 } },
      { query, params: { steps: 1_000 }, filter: { key: { lt: '' } }, backfill: false },
    ];
  });
  return [...related, ...others.flat()].map((each) => recommendationRequest.parse(each));
}
