import type { Placed } from '../../../graph-data/campaigns/index.ts';
import { type Store, messageOf } from '../../../graph-data/index.ts';
import type { PlacedPin, PromotableList } from '../../ads/index.ts';
import { Problem } from '../../base/index.ts';
import type { PromotedSlots } from '../../contract/index.ts';
import { pick } from '../../recommend/index.ts';
import type { CampaignThread } from '../writing/index.ts';

/** Services that an auction uses. */
export interface AuctionDeps {
  readonly campaigns: Pick<CampaignThread, 'call'>;
  readonly store: Store;
  readonly settings: { readonly promotedReserveMicros: number; readonly promotedMinRelevance: number };
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Gets why campaigns could not be read or written; undefined once they can. */
  readonly promotion: {
    readonly report: (part: 'reading' | 'writing', fault: string | undefined) => void;
  };
}

/** Slots of a list, and the pins that could stand in them. */
interface Filling {
  readonly recommendationId: string;
  /** Who sees it, where. */
  readonly promoted: Pick<PromotedSlots, 'viewer' | 'surface'>;
  readonly slots: readonly number[];
  readonly promotable: PromotableList;
  readonly randomSeed: number;
  /** Stored fields of the pins that are wanted. */
  readonly fields: readonly string[];
}

/** Runs the auction of some slots, and stores the impressions. Undefined if campaigns cannot be written: the log has it. */
export async function fillSlots(
  { campaigns, store, settings, wallClock, promotion }: AuctionDeps,
  { recommendationId, promoted, slots, promotable, randomSeed, fields }: Filling,
): Promise<{ readonly placed: Placed; readonly pins: readonly PlacedPin[] } | undefined> {
  const nothing = { placed: { placements: [], ruledOut: {} }, pins: [] };
  const { interest, scores, paused: _paused, fault: _fault, ...candidates } = promotable;
  if (promoted.viewer === undefined || scores.length === 0 || slots.length === 0) return nothing;
  try {
    const placed = await campaigns.call('place', {
      recommendationId,
      user: promoted.viewer,
      surface: promoted.surface,
      interest,
      slots,
      candidates,
      at: wallClock(),
      randomSeed,
      reserveMicros: settings.promotedReserveMicros,
      minRelevance: settings.promotedMinRelevance,
    });
    promotion.report('writing', undefined);
    const pins = placed.placements.map((placement): PlacedPin => {
      const { candidate } = placement;
      const row = fields.length === 0 ? undefined : store.nodeAt('pins', candidates.pins[candidate]!);
      return { ...placement, score: scores[candidate]!, fields: row && pick(row, fields) };
    });
    return { placed, pins };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    promotion.report('writing', messageOf(error));
    return undefined;
  }
}

/** Those candidates whose pin may be promoted. */
export function promotableOf(all: PromotableList, isKept: (pin: number) => boolean): PromotableList {
  const { campaigns, pins, relevances, scores, probabilities = {} } = all;
  const mask = Array.from(pins, isKept);
  const kept = <Values extends Int32Array | Float64Array>(values: Values): Values =>
    values.filter((_, i) => mask[i]!) as Values;
  return {
    ...all,
    campaigns: kept(campaigns),
    pins: kept(pins),
    relevances: kept(relevances),
    scores: kept(scores),
    probabilities: Object.fromEntries(
      Object.entries(probabilities).map(([label, values]) => [label, kept(values)]),
    ),
  };
}
