import type { IsExcluded, Ranking, ScoreByModel, ScoredPin } from '../../engine/index.ts';

/** Pins that a walk found besides those in its list. */
export interface Visited {
  /** Best first. */
  readonly pins: readonly ScoredPin[];
  /** The query's pins, without pins of hidden interests; never among the found pins. */
  readonly queryPins: ArrayLike<number>;
  /** Whether a pin may not be shown: it is saved, excluded, hidden, filtered out, or in the list. */
  readonly isExcluded: IsExcluded;
  /** By the active model of a label; undefined without models. */
  readonly score: ScoreByModel | undefined;
}

/** Candidates that promoted pins are chosen from: those further down have little of the walk. */
export const visitedMax = 400;

export function visitedOf(
  { best, visited }: Ranking,
  queryPins: ArrayLike<number>,
  isExcluded: IsExcluded,
  score: ScoreByModel | undefined,
): Visited {
  const listed = new Set(best.map(({ pin }) => pin));
  return { pins: visited, queryPins, isExcluded: (pin) => listed.has(pin) || isExcluded(pin), score };
}
