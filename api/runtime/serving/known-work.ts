import type { RecommendationRequest } from '../../contract/index.ts';

/** Pins that a board or a user of a query stands for at most. */
const pinsPerEntry = 1_000;
/** Of algorithms that do not walk, before their work is known. */
const stepsUnknown = 10_000;
/** What is known of the work of some requests before. */
export interface KnownWork {
  /** Of their walks at most. */
  readonly steps: number;
  /** Whether the steps say most of it: that of the other algorithms, and of filters, depends on the graph. */
  readonly isKnown: boolean;
}

export function knownWork(requests: readonly RecommendationRequest[]): KnownWork {
  let steps = 0;
  let isKnown = true;
  for (const { query, filter, pipeline } of requests) {
    const { algorithm, params } = pipeline.candidates;
    const pins = query.reduce((count, { pin }) => count + (pin === undefined ? pinsPerEntry : 1), 0);
    const isWalk = algorithm === 'pixie';
    steps += isWalk
      ? Math.min(Number(params['steps']), Number(params['stepsPerQueryPin']) * pins)
      : stepsUnknown;
    isKnown &&= filter === undefined && (isWalk || algorithm === 'popular');
  }
  return { steps, isKnown };
}
