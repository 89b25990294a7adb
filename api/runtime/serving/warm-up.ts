import { type RecommendationRequest, recommendationRequest } from '../../contract/index.ts';

/** Requests that each worker answers before a snapshot counts as ready: the code is compiled by then. */
const warmUps = 20;

/** Some with reasons and some without. */
export function warmUpRequests(keys: readonly string[]): RecommendationRequest[] {
  if (keys.length === 0) return [];
  return Array.from({ length: warmUps }, (_, i) =>
    recommendationRequest.parse({ query: [{ pin: keys[i % keys.length]! }], explain: i % 2 === 0 }),
  );
}
