import { DataError, type DataFolder } from '../../../graph-data/base/index.ts';
import type { PromotedCandidate } from '../../../graph-data/campaigns/index.ts';
import type { Store } from '../../../graph-data/database/index.ts';
import type { LoadedSnapshot } from '../../../graph-data/snapshot/index.ts';
import { type PromotedPin, PromotedPins } from '../../ads/index.ts';
import { Problem } from '../../base/index.ts';
import type { RecommendationRequest } from '../../contract/index.ts';
import type { Visited } from '../../recommend/index.ts';

/** A {@link PromotedPin} by its key, with the probabilities of its actions by model. */
export interface Promotable extends PromotedCandidate {
  readonly score: number;
}

/** Finds what could be promoted in lists of one snapshot. Nothing is read before the first list with promoted slots. */
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

  /** None while campaigns or interests cannot be read: the list is not refused for what it may show besides. */
  find(
    { limit }: RecommendationRequest,
    { surface, minRelevance, models: labels }: NonNullable<RecommendationRequest['promoted']>,
    { pins: visited, queryPins, isExcluded, score }: Visited,
  ): Promotable[] {
    const snapshot = this.#snapshot;
    const found = this.#match({ snapshot, visited, queryPins, limit, surface, minRelevance, isExcluded });
    const predicted = labels.flatMap((label) => {
      const of = found.length === 0 ? undefined : scoresOf(label, found, score);
      return of === undefined ? [] : [[label, of] as const];
    });
    return found.flatMap(({ campaign, pin, relevance, score: own }, i) => {
      const key = this.#store.keyAt('pins', pin);
      if (key === undefined) return [];
      const probabilities = Object.fromEntries(predicted.map(([label, of]) => [label, of[i]!]));
      return { campaign, pin: key, relevance, score: own, probabilities };
    });
  }

  #match(request: Parameters<PromotedPins['match']>[0]): PromotedPin[] {
    try {
      this.#pins ??= new PromotedPins(this.#folder, this.#store, () => performance.now());
      return this.#pins.match(request);
    } catch (error) {
      if (!(error instanceof DataError) && !(error instanceof Problem)) throw error;
      // The file may have been repaired or replaced by the next time.
      this.#pins?.close();
      this.#pins = undefined;
      return [];
    }
  }
}

/** Undefined if the model cannot score now. */
function scoresOf(
  label: string,
  pins: readonly PromotedPin[],
  score: Visited['score'],
): Float64Array | undefined {
  try {
    return score?.(label, pins);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
