import type { Metrics, Walked } from '../operations/index.ts';
import { Problem, valueOfJson } from '../base/index.ts';
import type { RequestContext, RouteRequest } from '../http/index.ts';
import { type Caller, walkStepsMax } from '../runtime/serving/index.ts';
import {
  type RecommendationInput,
  type RecommendationRequest,
  type RecommendationResponse,
  recommendationRequest,
} from '../contract/index.ts';
import type { Service } from '../service.ts';

/** Problems of every call that walks. */
export const walkProblems = ['graph-not-ready', 'overloaded'] as const;

/** Problems of calls whose lists a model may rank. */
export const modelProblems = ['unknown-model', 'model-not-ready'] as const;

/**
 * Refuses an HTTP request whose walks take more steps than one request may, presets and defaults included. The fault
 * points at the request that crosses the limit.
 */
export function assertStepsWithin(
  stepsMax: number,
  requests: readonly RecommendationRequest[],
  pointerTo: (i: number) => string,
): void {
  let sum = 0;
  for (const [i, request] of requests.entries()) {
    sum += walkStepsMax(request);
    if (sum > stepsMax) {
      const total = requests.length === 1 ? `${sum} steps` : `${sum} steps with the requests before`;
      const detail = `${total}: one HTTP request may take ${stepsMax}`;
      const pointer = pointerTo(i);
      throw new Problem('invalid-request', `${pointer}: ${detail}`, [{ pointer, code: 'too-big', detail }]);
    }
  }
}

/** Who a request comes from. */
export function callerOf({
  context: { client, key },
  signal,
}: Pick<RouteRequest<never, never, never>, 'context' | 'signal'>): Caller {
  return { client, scope: key?.scope, signal };
}

/** The result of a walk, for a call that processes it further. */
type WalkResult = Pick<RecommendationResponse, 'items' | 'fallback'>;

/** Runs a request; undefined where its pins are newer than the graph. */
export async function walkFor(
  { graphs }: Pick<Service, 'graphs'>,
  input: RecommendationInput,
  caller: Caller,
): Promise<WalkResult | undefined> {
  try {
    return valueOfJson((await graphs.recommend(recommendationRequest.parse(input), caller)).json);
  } catch (error) {
    if (error instanceof Problem && error.code === 'unknown-pin') return undefined;
    throw error;
  }
}

/** Counts walks, and leaves their cost for the log line. */
export function logWalks(metrics: Metrics, context: RequestContext, walks: readonly Walked[]): void {
  if (walks.length === 0) return;
  for (const walk of walks) metrics.walked(walk);
  const sumOf = (name: string): number => walks.reduce((sum, { stats }) => sum + Number(stats[name] ?? 0), 0);
  context.walked = {
    algorithm: [...new Set(walks.map(({ algorithm }) => algorithm))].join(','),
    steps: sumOf('steps'),
    work: sumOf('work'),
    walkMs: sumOf('walkMs'),
    // The requests of a batch wait together.
    queueMs: walks[0]!.stats.queueMs,
  };
}
