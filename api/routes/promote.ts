import { hasCampaigns } from '../../graph-data/index.ts';
import { jsonBytes, valueOfJson } from '../base/index.ts';
import type { PromotedSlots, RecommendationRequest } from '../contract/index.ts';
import { type RankedList, type RankedOutcome, isProblem } from '../runtime/serving/index.ts';
import type { Service } from '../service.ts';

/** A list whose slots are to be filled. */
interface Promoting {
  readonly recommendationId: string;
  readonly request: RecommendationRequest;
  /** Of the request as it was sent. */
  readonly promoted: PromotedSlots | undefined;
  readonly list: RankedList;
  /** Items of the pages before. Default: 0. */
  readonly ranked?: number | undefined;
  /** Pins that other lists of the response show. */
  readonly others?: ReadonlySet<string> | undefined;
}

/**
 * A request as campaigns need it: with the minimum relevance, and the models that can predict now. Without a campaign, as one without
 * promoted slots.
 */
export function withPromotion(request: RecommendationRequest, service: Service): RecommendationRequest {
  const { promoted, ...plain } = request;
  if (promoted === undefined) return request;
  if (!hasCampaigns(service.folder)) return plain;
  const { minRelevance, models } = service.promotion.decide();
  return { ...request, promoted: { ...promoted, minRelevance, models } };
}

/**
 * The list with promoted pins in its slots; their impressions are stored before it is sent. If they cannot be stored, the list stays
 * as it is: campaigns never fail a request. With `explain`, it says why slots are not filled; without, a list of a server without
 * campaigns is sent at once.
 */
export async function promote(
  service: Service,
  { recommendationId, request, promoted, list, ranked = 0, others = new Set() }: Promoting,
): Promise<RankedList> {
  const { limit, fields, randomSeed, explain } = request;
  if (promoted === undefined || (list.promotable === undefined && !explain)) return list;
  const { compose, fillSlots, itemOf, nothingPromotable, promotableOf, slotsOf, summaryOf } =
    await service.promotion.code();
  const { fault } = list.promotable ?? {};
  if (list.promotable !== undefined) service.promotion.report('reading', fault);
  const found = list.promotable ?? nothingPromotable;
  const isOther = (pin: number): boolean => !others.has(service.store.keyAt('pins', pin) ?? '');
  const promotable = others.size === 0 ? found : promotableOf(found, isOther);
  const slots = slotsOf(promoted.slots, { ranked, count: list.count, limit });
  const filling = { recommendationId, promoted, slots, promotable, randomSeed, fields };
  const filled = fault === undefined ? await fillSlots(service, filling) : undefined;
  const pinsPlaced = filled?.pins ?? [];
  if (pinsPlaced.length === 0 && !explain) return list;
  const result = valueOfJson(list.json);
  const items = compose(result.items, pinsPlaced.map(itemOf), { ranked, limit });
  const cause = list.promotable === undefined ? 'no-campaign' : filled === undefined ? 'unavailable' : undefined; // prettier-ignore
  const summary = explain && {
    promoted: summaryOf({
      slots: promoted.slots,
      own: slots,
      ranked,
      limit,
      candidates: promotable.pins.length,
      paused: promotable.paused,
      placed: filled?.placed,
      without: cause,
    }),
  };
  return {
    ...list,
    json: jsonBytes({ ...result, items, ...summary }),
    items: jsonBytes(items.map(({ pin }) => pin!)),
    count: items.length,
  };
}

/** The same for the lists of a batch, one after another; of a `distinct` one, no promoted pin stands in two lists. */
export async function promoteAll(
  service: Service,
  requests: readonly {
    readonly request: RecommendationRequest;
    readonly promoted: PromotedSlots | undefined;
  }[],
  outcomes: readonly RankedOutcome[],
  { ids, distinct }: { readonly ids: readonly string[]; readonly distinct: boolean },
): Promise<RankedOutcome[]> {
  const all = [...outcomes];
  for (const [i, list] of outcomes.entries()) {
    const each = requests[i]!;
    if (isProblem(list) || each.promoted === undefined) continue;
    const others = distinct
      ? new Set(all.flatMap((other) => (isProblem(other) ? [] : valueOfJson(other.items))))
      : undefined;
    all[i] = await promote(service, { ...each, recommendationId: ids[i]!, list, others });
  }
  return all;
}
