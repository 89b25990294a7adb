import { hasCampaigns } from '../../../graph-data/campaigns/index.ts';
import type { DataFolder, Store } from '../../../graph-data/index.ts';
import type { Promotion } from '../../ads/index.ts';
import { Problem } from '../../base/index.ts';
import {
  type PromotedSlots,
  type RecommendationRequest,
  recommendationRequest,
} from '../../contract/index.ts';
import { withoutViewer } from '../../recommend/index.ts';
import { type Caller, type PromotableList, type RankedList, nothingPromotable } from '../serving/index.ts';

export interface WalkDeps {
  readonly folder: DataFolder;
  readonly store: Store;
  readonly promotion: Promotion;
  readonly graphs: {
    readonly recommend: (request: RecommendationRequest, caller?: Caller) => Promise<RankedList>;
  };
}

/** A list that no walk made, such as the hits of a search. */
interface ShownList {
  /** Keys, best first: none of them is promoted. */
  readonly pins: readonly string[];
  /** What the walk ranks as high as the pin at this place is relevant without doubt. */
  readonly limit: number;
  readonly viewer: string;
  readonly promoted: Pick<PromotedSlots, 'slots' | 'surface' | 'text'>;
  readonly caller?: Caller;
}

/** Pins that the walk starts from which says what goes with a list. */
const walkedFrom = 10;

/**
 * What could be promoted in a list of pins, by a walk from its first ones. `no-campaign` without one, which costs nothing; without pins
 * that the graph has, nothing could be.
 */
export async function promotableFrom(
  { folder, store, promotion, graphs }: WalkDeps,
  { pins, limit, viewer, promoted, caller }: ShownList,
): Promise<PromotableList | 'no-campaign'> {
  if (!hasCampaigns(folder)) return 'no-campaign';
  if (pins.length === 0) return nothingPromotable;
  const query = pins.slice(0, walkedFrom).map((pin) => ({ pin }));
  const given = { query, limit, exclude: { pins: [...pins] }, viewer };
  const request = {
    ...recommendationRequest.parse(given),
    promoted: { ...promoted, viewer, isOther: true, ...promotion.decide() },
  };
  try {
    const list = await graphs.recommend(withoutViewer(request, store), caller);
    promotion.report('reading', list.promotable?.fault);
    return list.promotable ?? nothingPromotable;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Such as while there is no graph, or too much to do: the list is shown all the same.
    return error.code === 'unknown-pin' ? nothingPromotable : { ...nothingPromotable, fault: error.message };
  }
}
