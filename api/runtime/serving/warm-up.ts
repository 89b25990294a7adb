import { type RecommendationInput, recommendationRequest } from '../../contract/index.ts';
import type { WalkTask } from './walk-messages.ts';
import { textsOf } from './walk-texts.ts';

/** Requests that warm up each thread before a snapshot counts as ready: V8 has compiled the code by then. */
const walks = 40;
/** In threads that have walked another graph: they get their memory for this one. */
const walksAgain = 2;
/** Of each: code that is not compiled takes ten times as long, and other requests would wait for it. */
const rounds = 2;
const boardsMax = 2_000;

/** Of a request. Loops are compiled by then, and the exact algorithms would go on for 100 ms. */
const workMax = 40_000;

/**
 * The requests that a thread runs first: uncompiled code takes ten times as long, and other tasks would wait
 * for it.
 */
export interface WarmUp {
  /** As in the shorthand, some with reasons. */
  readonly related: readonly WalkTask[];
  /** A few by each other algorithm, of little work. */
  readonly others: readonly WalkTask[];
}

export const noWarmUp: WarmUp = { related: [], others: [] };

/** Walks for these pins. `isAgain`: for threads that have walked another graph. */
export function warmUpFor(keys: readonly string[], isAgain: boolean): WarmUp {
  if (keys.length === 0) return noWarmUp;
  const queryAt = (i: number): { pin: string }[] => [{ pin: keys[i % keys.length]! }];
  const related = Array.from({ length: isAgain ? walksAgain : walks }, (_, i) => {
    return { query: queryAt(i), explain: i % 2 === 0 };
  });
  const others = Array.from({ length: isAgain ? 0 : rounds }, (_, i) => {
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
  return { related: related.map(taskOf), others: others.flat().map(taskOf) };
}

function taskOf(input: RecommendationInput): WalkTask {
  const { requests, pipelines } = textsOf([recommendationRequest.parse(input)]);
  const limits = { batchMsMax: Infinity, batchBytesMax: Infinity, workMax, handOverAt: Infinity };
  return { requests, pipelines, seen: [], ranked: 0, distinct: false, queueMs: 0, ...limits };
}
