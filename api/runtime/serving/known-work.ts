import type { RecommendationRequest } from '../../contract/index.ts';

/** Pins that a board or a user of a query stands for at most. */
const pinsPerEntry = 1_000;
/** Of algorithms that do not walk, before their work is known. */
const stepsUnknown = 10_000;
/** How much work some requests need, as far as it is known before they run. */
export interface KnownWork {
  /** Upper bound over their walks. */
  readonly steps: number;
  /** Whether steps dominate the work; other algorithms and filters depend on the graph. */
  readonly isKnown: boolean;
}

/** Steps that the walk of a request takes at most; 0 for algorithms that do not walk. */
export function walkStepsMax({ query, pipeline }: RecommendationRequest): number {
  const { algorithm, params } = pipeline.candidates;
  if (algorithm !== 'pixie') return 0;
  const pins = query.reduce((count, { pin }) => count + (pin === undefined ? pinsPerEntry : 1), 0);
  return Math.min(Number(params['steps']), Number(params['stepsPerQueryPin']) * pins);
}

export function knownWork(requests: readonly RecommendationRequest[]): KnownWork {
  let steps = 0;
  let isKnown = true;
  for (const request of requests) {
    const { filter, pipeline } = request;
    const { algorithm } = pipeline.candidates;
    const isWalk = algorithm === 'pixie';
    steps += isWalk ? walkStepsMax(request) : stepsUnknown;
    isKnown &&= filter === undefined && (isWalk || algorithm === 'popular');
  }
  return { steps, isKnown };
}
