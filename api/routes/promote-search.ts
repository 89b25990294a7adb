import { hasCampaigns } from '../../graph-data/index.ts';
import type { PromotedSummary, SearchItem } from '../contract/index.ts';
import type { RequestContext } from '../http/index.ts';
import type { Caller } from '../runtime/serving/index.ts';
import type { Service } from '../service.ts';
import { assertMayRecord } from './record-impressions.ts';

/** Of the surface of a search that names none. */
const searchSurface = 'search';

/** A page of hits whose slots are to be filled. */
interface PromotingHits {
  /** As it was sent. */
  readonly query: {
    readonly promotedSlots?: readonly number[] | undefined;
    readonly viewer?: string | undefined;
    readonly user?: string | undefined;
    readonly surface?: string | undefined;
    readonly limit: number;
    readonly explain: boolean;
  };
  readonly text: string;
  readonly items: readonly SearchItem[];
  /** Items of the pages before, and promoted pins among them. */
  readonly ranked: number;
  readonly caller: Caller;
}

interface PromotedHits {
  readonly items: readonly SearchItem[];
  /** Promoted pins of the page. */
  readonly placed: number;
  readonly summary?: PromotedSummary;
}

/** Refuses a search with promoted slots where a recommendation with them is refused. */
export function assertMayPromote(query: PromotingHits['query'], context: RequestContext): void {
  if (query.promotedSlots === undefined) return;
  const promoted = { slots: query.promotedSlots, surface: searchSurface, minRelevance: 0, models: [] };
  assertMayRecord([{ promoted }], context);
  if (context.toWriter !== undefined) throw context.toWriter('a replica has no campaigns');
}

/**
 * Hits with promoted pins in their slots, as in a recommendation: a walk from the best hits decides relevance, and campaigns may
 * target search terms. If no hit is in the graph, there are no promoted pins.
 */
export async function promoteHits(
  service: Service,
  { query, text, items, ranked, caller }: PromotingHits,
): Promise<PromotedHits> {
  const { promotedSlots: asked, viewer = query.user, surface = searchSurface, limit, explain } = query;
  const isNeeded = asked !== undefined && viewer !== undefined && (explain || hasCampaigns(service.folder));
  if (!isNeeded) return { items, placed: 0 };
  const { compose, fillSlots, nothingPromotable, promotableFrom, promotionOf, slotsOf, summaryOf } =
    await service.promotion.code();
  const slots = slotsOf(asked, { ranked, count: items.length, limit });
  const pins = items.flatMap(({ pin }) => pin ?? []);
  const promoted = { slots, surface, viewer, text };
  const found = await promotableFrom(service, { pins, limit, viewer, promoted, explain, caller });
  const isOff = found === 'no-campaign';
  const promotable = isOff ? nothingPromotable : found;
  const recommendationId = service.newId();
  const filling = { recommendationId, promoted, slots, promotable, randomSeed: 1, fields: [] };
  const filled = promotable.fault === undefined ? await fillSlots(service, filling) : undefined;
  const slotted = await Promise.all(
    (filled?.pins ?? []).map(async (each) => {
      const index = service.store.indexOf('pins', each.pin)!;
      const { title = null } = service.store.nodeAt('pins', index) ?? {};
      const boards = await service.counts.savesOf('pins', index);
      const item = { pin: each.pin, title, boards, source: 'walk' as const, promoted: promotionOf(each) };
      return { slot: each.slot, item };
    }),
  );
  const without = isOff ? 'no-campaign' : filled === undefined ? 'unavailable' : undefined;
  const summary = summaryOf({
    slots: asked,
    own: slots,
    ranked,
    limit,
    candidates: promotable.pins.length,
    paused: promotable.paused,
    placed: filled?.placed,
    without,
  });
  return {
    items: slotted.length === 0 ? items : compose(items, slotted, { ranked, limit }),
    placed: slotted.length,
    ...(explain && { summary }),
  };
}
