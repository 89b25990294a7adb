import type { PromotedMatch } from '../../../engine/index.ts';
import type { Market } from './market.ts';
import type { Person } from './people.ts';

/** Pins of an answer: the last of them is relevant without doubt. */
const answerSize = 10;
export const everyMatch = 100_000;

/** The promoted pins that the engine finds for a person, best relevance × bid first. */
export function matchesOf(
  { index, bids }: Market,
  { walked, visible }: Person,
  limit: number,
  minRelevance = 0,
): PromotedMatch[] {
  const reference = walked.scores[Math.min(answerSize, walked.count) - 1];
  if (reference === undefined) return [];
  return index.match(walked, { weights: bids, reference, minRelevance, limit, excludedPins: visible });
}
