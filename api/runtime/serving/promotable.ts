import type { ScoredPin } from '../../../engine/rank/index.ts';
import { DataError, type DataFolder, messageOf } from '../../../graph-data/base/index.ts';
import type { Store } from '../../../graph-data/database/index.ts';
import type { LoadedSnapshot } from '../../../graph-data/snapshot/index.ts';
import { type PromotableList, PromotedPins, nothingPromotable } from '../../ads/index.ts';
import { Problem } from '../../base/index.ts';
import type { RecommendationRequest } from '../../contract/index.ts';
import type { Visited } from '../../recommend/index.ts';

/** Finds the pins that could be promoted in lists of one snapshot. Nothing is read before the first list with promoted slots. */
export class PromotableFinder {
  readonly #folder: DataFolder;
  readonly #store: Store;
  readonly #snapshot: LoadedSnapshot;
  #pins: PromotedPins | undefined;

  constructor(folder: DataFolder, store: Store, snapshot: LoadedSnapshot) {
    this.#folder = folder;
    this.#store = store;
    this.#snapshot = snapshot;
  }

  close(): void {
    this.#pins?.close();
  }

  /** None while campaigns or interests cannot be read: the list is not refused for its promoted pins. */
  find(
    { limit, explain }: RecommendationRequest,
    { surface, text = '', minRelevance, models: labels }: NonNullable<RecommendationRequest['promoted']>,
    { pins: visited, queryPins, isExcluded, score }: Visited,
  ): PromotableList {
    const snapshot = this.#snapshot;
    const request = { snapshot, visited, queryPins, limit, surface, text, minRelevance, explain, isExcluded };
    const matches = this.#match(request);
    if (typeof matches === 'string') return { ...nothingPromotable, fault: matches };
    if (labels.length === 0 || matches.pins.length === 0) return matches;
    const found = Array.from(matches.pins, (pin, i) => ({ pin, score: matches.scores[i]! }));
    const predicted = labels.flatMap((label) => {
      const of = scoresOf(label, found, score);
      return of === undefined ? [] : [[label, of] as const];
    });
    return { ...matches, probabilities: Object.fromEntries(predicted) };
  }

  /** Why not, if campaigns or interests cannot be read. */
  #match(request: Parameters<PromotedPins['match']>[0]): PromotableList | string {
    try {
      this.#pins ??= new PromotedPins(this.#folder, this.#store, () => performance.now());
      return this.#pins.match(request);
    } catch (error) {
      if (!(error instanceof DataError) && !(error instanceof Problem)) throw error;
      // The file may have been repaired or replaced by the next time.
      this.#pins?.close();
      this.#pins = undefined;
      return messageOf(error);
    }
  }
}

/** Undefined if the model cannot score now. */
function scoresOf(
  label: string,
  pins: readonly ScoredPin[],
  score: Visited['score'],
): Float64Array | undefined {
  try {
    return score?.(label, pins);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
