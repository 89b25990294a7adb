import { type Work, check, prices } from '../base/index.ts';
import type { ScoredPin } from '../rank/index.ts';
import type { RankedPin } from './rare-slots.ts';

/** Probabilities of an action by the active model of a label, for each of some candidates with the scores that retrieved them. */
export type ScoreByModel = (label: string, candidates: readonly ScoredPin[]) => Float64Array;

/** Candidates with their probabilities as scores, which later stages rank by. */
interface Modelled {
  readonly ranked: readonly ScoredPin[];
  /** Gives pins of a list the scores that retrieved them back, beside their probabilities. */
  readonly restore: (best: readonly RankedPin[]) => RankedPin[];
}

/**
 * Ranks candidates by the probability of an action; ties stay in their order. Throws `invalid-parameter` if there are no models where
 * the pipeline runs. O(candidates · features).
 */
export function rankByModel(
  candidates: readonly ScoredPin[],
  label: string,
  scoreByModel: ScoreByModel | undefined,
  work: Work,
): Modelled {
  check(scoreByModel !== undefined, 'model', 'there are no models where this pipeline runs');
  work.count(candidates.length, prices.row);
  const probabilities = scoreByModel(label, candidates);
  const scores = new Map(candidates.map(({ pin, score }) => [pin, score]));
  return {
    ranked: candidates
      .map(({ pin }, i) => ({ pin, score: probabilities[i]! }))
      .toSorted((a, b) => b.score - a.score),
    restore: (best) =>
      best.map(({ score, ...each }) => ({ ...each, score: scores.get(each.pin)!, probability: score })),
  };
}
