import type { Response } from 'express';
import type { Metrics, Walked } from '../operations/index.ts';
import { Problem } from '../base/index.ts';
import { type RecommendationRequest, resolveAlgorithm } from '../contract/index.ts';
import type { LookOutcome, WalkOutcome } from '../runtime/serving/index.ts';

/**
 * Refuses an HTTP request whose walks have more steps than one may ask for, presets and defaults included; the fault
 * points at the request that goes beyond.
 */
export function assertStepsWithin(
  stepsMax: number,
  requests: readonly RecommendationRequest[],
  pointerTo: (i: number) => string,
): void {
  let sum = 0;
  for (const [i, request] of requests.entries()) {
    const { steps } = resolveAlgorithm(request).params;
    sum += typeof steps === 'number' ? steps : 0;
    if (sum > stepsMax) {
      const so = requests.length === 1 ? `${sum} steps` : `${sum} steps with the requests before`;
      const detail = `${so}: one HTTP request may ask for ${stepsMax}`;
      const pointer = pointerTo(i);
      throw new Problem('invalid-request', `${pointer}: ${detail}`, [{ pointer, code: 'too-big', detail }]);
    }
  }
}

/** Counts walks, and leaves what they took for the request's line in the log. */
export function logWalks(
  metrics: Metrics,
  response: Response,
  outcomes: readonly (WalkOutcome | LookOutcome)[],
): void {
  const answers = outcomes.flatMap((outcome): Walked[] => ('problem' in outcome ? [] : [outcome]));
  if (answers.length === 0) return;
  for (const answer of answers) metrics.walked(answer);
  const sumOf = (name: string): number =>
    answers.reduce((sum, { stats }) => sum + Number(stats[name] ?? 0), 0);
  response.locals['walked'] = {
    algorithm: [...new Set(answers.map(({ algorithm }) => algorithm))].join(','),
    steps: sumOf('steps'),
    walkMs: sumOf('walkMs'),
    // The requests of a batch wait together.
    queueMs: answers[0]!.stats.queueMs,
  };
}
