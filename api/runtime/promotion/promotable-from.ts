import { hasCampaigns } from '../../../graph-data/base/index.ts';
import type { DataFolder, Store } from '../../../graph-data/index.ts';
import { type PromotableList, nothingPromotable } from '../../ads/index.ts';
import { Problem } from '../../base/index.ts';
import {
  type PromotedSlots,
  type RecommendationRequest,
  recommendationRequest,
} from '../../contract/index.ts';
import { withoutViewer } from '../../recommend/index.ts';
import type { Caller, RankedList } from '../serving/index.ts';
import type { AuctionDeps } from './fill-slots.ts';

export interface WalkDeps {
  readonly folder: DataFolder;
  readonly store: Store;
  readonly promotion: AuctionDeps['promotion'] & {
    readonly decide: () => Pick<PromotedSlots, 'minRelevance' | 'models'>;
  };
  readonly graphs: {
    readonly recommend: (request: RecommendationRequest, caller?: Caller) => Promise<RankedList>;
  };
}

/** A list that no walk made, such as the hits of a search. */
interface ShownList {
  /** Keys, best first: none of them is promoted. */
  readonly pins: readonly string[];
  /** Pins that the walk ranks up to this place are fully relevant. */
  readonly limit: number;
  readonly viewer: string;
  readonly promoted: Pick<PromotedSlots, 'slots' | 'surface' | 'text'>;
  /** Whether paused campaigns are counted. Default: no. */
  readonly explain?: boolean;
  readonly caller?: Caller;
}

/** First pins of a list, from which a walk finds the pins that go with it. */
const walkedFrom = 10;

/**
 * Pins that could be promoted in a list, by a walk from its first ones. `no-campaign` without one, which costs nothing; without pins
 * that the graph has, nothing could be.
 */
export async function promotableFrom(
  { folder, store, promotion, graphs }: WalkDeps,
  { pins, limit, viewer, promoted, explain = false, caller }: ShownList,
): Promise<PromotableList | 'no-campaign'> {
  if (!hasCampaigns(folder)) return 'no-campaign';
  if (pins.length === 0) return nothingPromotable;
  const query = pins.slice(0, walkedFrom).map((pin) => ({ pin }));
  const given = { query, limit, exclude: { pins: [...pins] }, viewer };
  const request = {
    ...recommendationRequest.parse(given),
    explain,
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
