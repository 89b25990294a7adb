import { DataError, type DataFolder, messageOf } from '../../../graph-data/base/index.ts';
import type { PromotedCandidates } from '../../../graph-data/campaigns/index.ts';
import type { Store } from '../../../graph-data/database/index.ts';
import type { LoadedSnapshot } from '../../../graph-data/snapshot/index.ts';
import { type PromotedMatches, type PromotedPin, PromotedPins } from '../../ads/index.ts';
import { Problem } from '../../base/index.ts';
import type { RecommendationRequest } from '../../contract/index.ts';
import type { Visited } from '../../recommend/index.ts';

/** What could be promoted in a list, for its auction. */
export interface PromotableList extends PromotedCandidates {
  /** Of the walk, by candidate. */
  readonly scores: Float64Array;
  /** Id of the interest that most of what the walk found is of. Empty: none. */
  readonly interest: string;
  /** Why campaigns or interests could not be read. */
  readonly fault?: string;
}

export const nothingPromotable: PromotableList = {
  campaigns: new Int32Array(0),
  pins: new Int32Array(0),
  relevances: new Float64Array(0),
  scores: new Float64Array(0),
  interest: '',
};

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
    { surface, text = '', minRelevance, models: labels }: NonNullable<RecommendationRequest['promoted']>,
    { pins: visited, queryPins, isExcluded, score }: Visited,
  ): PromotableList {
    const snapshot = this.#snapshot;
    const request = { snapshot, visited, queryPins, limit, surface, text, minRelevance, isExcluded };
    const matches = this.#match(request);
    if (typeof matches === 'string') return { ...nothingPromotable, fault: matches };
    const { pins: found, interest } = matches;
    const predicted = labels.flatMap((label) => {
      const of = found.length === 0 ? undefined : scoresOf(label, found, score);
      return of === undefined ? [] : [[label, of] as const];
    });
    return {
      campaigns: Int32Array.from(found, ({ campaign }) => campaign),
      pins: Int32Array.from(found, ({ pin }) => pin),
      relevances: Float64Array.from(found, ({ relevance }) => relevance),
      scores: Float64Array.from(found, ({ score: own }) => own),
      probabilities: Object.fromEntries(predicted),
      interest,
    };
  }

  /** Why not, if campaigns or interests cannot be read. */
  #match(request: Parameters<PromotedPins['match']>[0]): PromotedMatches | string {
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
